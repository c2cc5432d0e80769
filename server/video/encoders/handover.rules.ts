import type { PlayAddress, PlayType } from './play.events.ts';

/** A live whose pictures go through a media server elsewhere: where they are sent to, and where they are seen. */

export const PLAY_TYPES = ['whep', 'llhls', 'hls'] as const satisfies readonly PlayType[];

export interface Handover {
  /** The live's id. */
  _id: string;
  version: number;
  publish: {
    whip: string | null;
    rtmp: string | null;
    /** The other server's own token, sealed; null where it asks us and our stream key is what it gets. */
    token: string | null;
    /** From then on nobody may publish there. */
    expiresAt: Date | null;
  };
  play: PlayAddress[];
  /** Viewers need a token that the room gives them; the other server must ask us for each. */
  protectPlay: boolean;
  by: string;
  at: Date;
}

/** What a media server asks: who wants to do what with which path. */
export interface HookQuestion {
  action: string;
  path: string;
  /** Everything that may be a key or a token, from wherever it was sent. */
  secrets: string[];
}

/** `live/abc-1` and `abc-1` are the live abc-1. */
export function liveOfPath(path: string): string | undefined {
  const name =
    path
      .replace(/^\/+|\/+$/g, '')
      .split('/')
      .at(-1) ?? '';
  return /^[0-9A-Za-z-]{3,64}$/.test(name) ? name : undefined;
}

const SECRET_NAMES = ['token', 'key', 'pass', 'password', 'jwt'];
const MAX_SECRETS = 8;

/** Secrets of a query string, with or without its question mark. */
export function secretsIn(query: string): string[] {
  const parameters = new URLSearchParams(query.slice(0, 2_000).replace(/^\?/, ''));
  return SECRET_NAMES.flatMap((name) => parameters.getAll(name))
    .filter((secret) => secret !== '')
    .slice(0, MAX_SECRETS);
}

const PUBLISH = new Set(['publish', 'on_publish']);
const READ = new Set(['read', 'playback', 'on_play']);

export function kindOfAction(action: string): 'publish' | 'read' | undefined {
  if (PUBLISH.has(action)) return 'publish';
  return READ.has(action) ? 'read' : undefined;
}

/** Whether somebody may publish to the other server at all now. */
export function takesPublishers(handover: Handover | null, now: Date): boolean {
  if (!handover) return false;
  const { expiresAt, whip, rtmp } = handover.publish;
  return (whip !== null || rtmp !== null) && (expiresAt === null || expiresAt > now);
}

export function withToken(url: string, token: string): string {
  const address = new URL(url);
  address.searchParams.set('token', token);
  return address.href;
}

/** What a page must be allowed to reach so that its player can. */
export function originsOf(play: readonly Pick<PlayAddress, 'url'>[]): string[] {
  return [...new Set(play.flatMap(({ url }) => (URL.canParse(url) ? [new URL(url).origin] : [])))];
}

/** Where encoders send RTMP to; undefined when it is not listened for. */
export function rtmpAddress(
  { rtmpUrl, rtmpPort }: { rtmpUrl?: string | undefined; rtmpPort?: number | undefined },
  origin: string,
): string | undefined {
  if (rtmpPort === undefined) return undefined;
  return rtmpUrl ?? `rtmp://${new URL(origin).hostname}:${rtmpPort}/live`;
}

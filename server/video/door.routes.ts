import { Router, type Request, type Response } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SessionData } from 'express-session';
import { AppError, toAppError } from '../platform/errors.ts';
import { createCounter, isCrossSite, type Sessions } from '../platform/http/index.ts';
import type { Log } from '../platform/log.ts';
import type { Purpose } from './bus.rules.ts';
import { keptPlaylist } from './playlist.rules.ts';
import { initFile, segmentFile, type Placed } from './recording.rules.ts';
import type { Recordings } from './recordings.service.ts';
import { bounds, fileName, liveName, recordingName } from './door.schema.ts';
import type { LiveState, Video } from './video.service.ts';
import { toChoice, toNarrow } from './watch.schema.ts';

export interface DoorDeps {
  video: Video;
  recordings: Recordings;
  stateOf: (live: string) => Promise<LiveState>;
  publicUrl: string | undefined;
  log: Log;
}

/** Somebody on this machine has sent it here already: it is not sent on a second time. */
const LED = 'x-video-led';
const KNOWN_MS = 1_000;
/** Connections and questions of one address a minute: a whole village may be behind one. */
const PER_ADDRESS = { windowMs: 60_000, max: 6_000 };
/** As Express knows it, behind as many proxies as are trusted; an upgrade never meets its app otherwise. */
const addressOf = (req: IncomingMessage) => (req as Request).ip ?? req.socket.remoteAddress ?? '';

/** Where pictures of a live come from, read once a second however many ask. */
function createWhereabouts({ video, stateOf }: Pick<DoorDeps, 'video' | 'stateOf'>) {
  const known = new Map<
    string,
    { until: number; found: Promise<{ state: LiveState; lead: Purpose | undefined }> }
  >();

  async function find(live: string) {
    const [state, place] = await Promise.all([stateOf(live), video.elsewhere(live)]);
    const lead: Purpose | undefined = place && { kind: 'lead', ...place };
    return { state, lead };
  }
  return (live: string) => {
    const now = Date.now();
    let entry = known.get(live);
    if (!entry || entry.until < now) {
      if (known.size > 1_000) known.clear();
      entry = { until: now + KNOWN_MS, found: find(live) };
      entry.found.catch(() => known.delete(live));
      known.set(live, entry);
    }
    return entry.found;
  };
}

/** HLS of what is on air and of what was kept. Bytes of media never pass through this process. */
export function videoRoutes(deps: DoorDeps): Router {
  const { video, recordings } = deps;
  const where = createWhereabouts(deps);
  const counter = createCounter(PER_ADDRESS);
  const known = new Map<string, { live: string; lead: Purpose | undefined }>();
  /** Of whole replays, as long as nothing is added to them. */
  const playlists = new WeakMap<readonly Placed[], string>();
  const router = Router();

  router.get('/video/hls/:live/*path', async (req, res) => {
    counter.take(addressOf(req));
    const live = parseName(liveName, req.params['live']);
    const path = (req.params as unknown as { path: string[] }).path.join('/');
    const { state, lead } = await where(live);
    if (state !== 'live') throw new AppError('not_found');
    if (lead) return giveAway(req, res, lead);
    giveAway(req, res, { kind: 'hls', live, path, query: new URL(req.url, 'http://x').search });
  });

  router.get('/video/replay/:live.m3u8', async (req, res) => {
    counter.take(addressOf(req));
    const live = parseName(liveName, req.params['live']);
    const stretch = bounds.safeParse(req.query);
    if (!stretch.success) throw new AppError('invalid');
    const { from, to } = stretch.data;
    const segments = await recordings.clip(
      live,
      from === undefined ? undefined : { fromMs: from, toMs: to ?? Infinity },
    );
    if (segments.length === 0) throw new AppError('not_found');
    const list = playlists.get(segments) ?? playlistOf(segments);
    playlists.set(segments, list);
    res.set('Cache-Control', 'no-cache').type('application/vnd.apple.mpegurl').send(list);
  });

  /** For the shop's other processes, which make playlists of it. */
  router.get('/video/recordings/:id/index.jsonl', async (req, res) => {
    counter.take(addressOf(req));
    const recording = await recordings.byId(parseName(recordingName, req.params['id']));
    if (!recording || recording.removedAt) throw new AppError('not_found');
    res.type('text').send(await recordings.indexText(recording));
  });

  router.get('/video/recordings/:id/:name', async (req, res) => {
    counter.take(addressOf(req));
    const id = parseName(recordingName, req.params['id']);
    const name = parseName(fileName, req.params['name']);
    const { live, lead } = known.get(id) ?? (await placeOf(id));
    giveAway(req, res, lead ?? { kind: 'file', recording: id, live, name });
  });

  async function placeOf(id: string) {
    const found = await recordings.byId(id);
    if (!found || found.removedAt) throw new AppError('not_found');
    const isHere = await recordings.isHere(found);
    const lead: Purpose | undefined = isHere ? undefined : { kind: 'lead', ...video.placeOf(found.address) };
    const place = { live: found.live, lead };
    if (known.size > 1_000) known.clear();
    known.set(id, place);
    return place;
  }

  function giveAway(req: Request, res: Response, purpose: Purpose) {
    if (purpose.kind === 'lead' && req.headers[LED] !== undefined) throw new AppError('unavailable');
    const head = headOf(req, { led: purpose.kind === 'lead' });
    // The response is never begun: the one who gets the connection answers. Not before the parser has left the
    // request behind, or it would keep a connection that is no longer there.
    setImmediate(() => {
      if (!res.destroyed && !req.socket.destroyed) video.handOver(req.socket, purpose, head);
    });
  }

  return router;
}

function playlistOf(segments: readonly Placed[]): string {
  return keptPlaylist(
    segments.map(({ recording, n, i, d, at, x }, index) => ({
      uri: `/video/recordings/${recording}/${segmentFile(n)}`,
      mapUri: `/video/recordings/${recording}/${initFile(i)}`,
      durationUs: d,
      at,
      discontinuity: x === 1 || segments[index - 1]?.recording !== recording,
    })),
  );
}

export interface UpgradeDeps extends DoorDeps {
  sessions: Pick<Sessions, 'read'>;
  /** Who publishes this live by right of their session. @throws AppError */
  publisherOf: (live: string, session: Partial<SessionData>) => Promise<string>;
}

/** Takes WebSockets below /video. @returns whether it was one */
export function videoUpgrades(deps: UpgradeDeps) {
  const { video, log } = deps;
  const where = createWhereabouts(deps);
  const counter = createCounter(PER_ADDRESS);

  async function purposeOf(req: IncomingMessage): Promise<Purpose> {
    if (isCrossSite(req, deps.publicUrl)) throw new AppError('cross_site');
    counter.take(addressOf(req));
    const url = new URL(req.url ?? '', 'http://x');
    const [, , action, name, ...rest] = url.pathname.split('/');
    if (rest.length > 0) throw new AppError('not_found');
    const live = parseName(liveName, name);
    if (action === 'watch') {
      const { state, lead } = await where(live);
      if (state !== 'live') throw new AppError(state ? 'live_not_running' : 'not_found');
      if (lead && req.headers[LED] === undefined) return lead;
      const { searchParams: wish } = url;
      return {
        kind: 'watch',
        live,
        choice: toChoice(wish.get('choice')),
        narrow: toNarrow(wish.get('narrow')),
      };
    }
    if (action !== 'publish') throw new AppError('not_found');
    const publisher = await deps.publisherOf(live, (await deps.sessions.read(req.headers.cookie)) ?? {});
    return { kind: 'publish', live, publisher };
  }

  return (req: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (!req.url?.startsWith('/video/')) return false;
    socket.on('error', () => socket.destroy());
    purposeOf(req).then(
      (purpose) => {
        if (socket.destroyed) return;
        const request = headOf(req, { led: purpose.kind === 'lead' });
        video.handOver(socket as Socket, purpose, Buffer.concat([request, head]));
      },
      (thrown: unknown) => {
        const error = toAppError(thrown);
        if (error.status >= 500) log.error({ err: error }, 'a video connection failed');
        socket.end(
          `HTTP/1.1 ${error.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\nX-Code: ${error.code}\r\n\r\n`,
        );
      },
    );
    return true;
  };
}

/** Nobody over there has use for who somebody is. */
const KEPT_BACK = new Set(['cookie', 'authorization', 'content-length', 'transfer-encoding', 'expect']);

/** The request as it was read, to be read again by the process that gets the connection. */
function headOf(req: IncomingMessage, { led }: { led: boolean }): Buffer {
  const lines = [`${req.method} ${(req as Request).originalUrl ?? req.url} HTTP/1.1`];
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const name = req.rawHeaders[index]!;
    if (!KEPT_BACK.has(name.toLowerCase())) lines.push(`${name}: ${req.rawHeaders[index + 1]!}`);
  }
  if (led) lines.push(`${LED}: 1`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** @throws AppError `not_found`: what cannot be a name is nobody's */
function parseName(
  schema: { safeParse: (value: unknown) => { success: boolean; data?: string | undefined } },
  value: unknown,
): string {
  const parsed = schema.safeParse(value);
  if (!parsed.success || parsed.data === undefined) throw new AppError('not_found');
  return parsed.data;
}

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { HandoverForm } from './handover.schema.ts';
import type { HandoverStore } from './handover.store.ts';
import {
  kindOfAction,
  liveOfPath,
  takesPublishers,
  withToken,
  type Handover,
  type HookQuestion,
} from './handover.rules.ts';
import type { PlayAddress } from './play.events.ts';

export type Handovers = ReturnType<typeof createHandovers>;

const HOUR_MS = 3_600_000;
/** A room that was opened stays good for a long live. */
const PLAY_TOKEN_HOURS = 14;
/** The studio asks for a pass when it connects, and for another when it has to connect again. */
const PASS_MS = 2 * 60_000;

/** @param deps.vouch whether a secret is the live's stream key */
export function createHandovers(deps: {
  store: HandoverStore;
  clock: Clock;
  secret: string;
  vouch: (live: string, secret: string) => Promise<boolean>;
}) {
  const { store, clock, vouch } = deps;
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', deps.secret, '', `shanxiang ${use}`, 32));
  const sealing = keyFor('handover token');
  const signing = keyFor('play token');

  /** The other server's token is somebody else's secret: whoever reads the database does not get it. */
  function seal(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Undefined when the shop's secret is another one now: then it must be entered again. */
  function unseal(text: string): string | undefined {
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  const signature = (live: string, hour: string) =>
    createHmac('sha256', signing).update(`${live} ${hour}`).digest('base64url').slice(0, 27);

  /** Whole hours, so that a page of the same hour is the same page. */
  function playToken(live: string): string {
    const hour = String(Math.floor(clock.now().getTime() / HOUR_MS) + PLAY_TOKEN_HOURS);
    return `${hour}.${signature(live, hour)}`;
  }

  function isPlayToken(live: string, text: string): boolean {
    const [hour = '', signed = ''] = text.split('.');
    if (!/^\d{1,9}$/.test(hour) || Number(hour) * HOUR_MS <= clock.now().getTime()) return false;
    const expected = Buffer.from(signature(live, hour));
    const given = Buffer.from(signed);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  const passing = keyFor('publish pass');
  const passSignature = (live: string, until: string) =>
    createHmac('sha256', passing).update(`${live} ${until}`).digest('base64url').slice(0, 27);

  function isPass(live: string, text: string): boolean {
    const [until = '', signed = ''] = text.split('.');
    if (!/^\d{1,15}$/.test(until) || Number(until) <= clock.now().getTime()) return false;
    const expected = Buffer.from(passSignature(live, until));
    const given = Buffer.from(signed);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async function anyVouched(live: string, secrets: readonly string[]): Promise<boolean> {
    for (const secret of secrets) if (await vouch(live, secret)) return true;
    return false;
  }

  return {
    ofLive: (live: string) => store.ofLive(live),

    /** The other server's token in the clear, for who may publish. */
    tokenOf: (handover: Handover) => (handover.publish.token ? unseal(handover.publish.token) : undefined),

    /** @throws AppError `conflict` when somebody was quicker */
    async change(live: string, form: HandoverForm, person: { id: string }): Promise<void> {
      const before = await store.ofLive(live);
      const kept = form.forgetToken ? null : (before?.publish.token ?? null);
      const saved = await store.put({
        _id: live,
        version: form.version + 1,
        publish: {
          whip: form.whip,
          rtmp: form.rtmp,
          token: form.token === null ? kept : seal(form.token),
          expiresAt: form.expiresAt,
        },
        play: form.play,
        protectPlay: form.protectPlay,
        by: person.id,
        at: clock.now(),
      });
      if (!saved) throw new AppError('conflict');
    },

    /** Where the room finds the pictures, best first; empty while they come from here. */
    async playOf(live: string): Promise<PlayAddress[]> {
      const handover = await store.ofLive(live);
      if (!handover) return [];
      const token = handover.protectPlay ? playToken(live) : undefined;
      return handover.play.map(({ type, url }) => ({ type, url: token ? withToken(url, token) : url }));
    },

    /** Where the live is published to by WHIP now; undefined while the shop carries it. */
    async whipOf(live: string): Promise<string | undefined> {
      const handover = await store.ofLive(live);
      return takesPublishers(handover, clock.now()) ? (handover?.publish.whip ?? undefined) : undefined;
    },

    /**
     * The same with what proves the studio there: the other server's own token, or a pass that holds for two minutes
     * and that the server asks us about.
     */
    async publishingOf(live: string): Promise<{ url: string; token: string } | undefined> {
      const handover = await store.ofLive(live);
      if (!handover?.publish.whip || !takesPublishers(handover, clock.now())) return undefined;
      const own = handover.publish.token ? unseal(handover.publish.token) : undefined;
      const until = String(clock.now().getTime() + PASS_MS);
      return { url: handover.publish.whip, token: own ?? `${until}.${passSignature(live, until)}` };
    },

    /** Answers a media server's hook: our stream key or a pass of the studio publishes, and the room's token (where one is needed) plays. */
    async allows({ action, path, secrets }: HookQuestion): Promise<boolean> {
      const live = liveOfPath(path);
      const kind = kindOfAction(action);
      if (live === undefined || kind === undefined) return false;
      const handover = await store.ofLive(live);
      if (!handover) return false;
      if (kind === 'publish') {
        if (!takesPublishers(handover, clock.now())) return false;
        return secrets.some((secret) => isPass(live, secret)) || anyVouched(live, secrets);
      }
      return !handover.protectPlay || secrets.some((secret) => isPlayToken(live, secret));
    },
  };
}

import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Comer, EncoderFault, Gate, Grant } from './gate.rules.ts';
import { KEY_DAYS, keyState, mayTakeOver, type StreamKey } from './keys.rules.ts';
import type { KeyStore } from './keys.store.ts';

const DAY_MS = 86_400_000;
/** 192 bits: nobody guesses it, so a plain hash keeps it. */
const KEY_BYTES = 24;
const MAX_KEY_LENGTH = 200;

export type StreamKeys = ReturnType<typeof createStreamKeys>;

/** @param deps.takesIn whether pictures of a live are taken: it exists and is not over */
export function createStreamKeys(deps: {
  store: KeyStore;
  clock: Clock;
  takesIn: (live: string) => Promise<boolean>;
}) {
  const { store, clock, takesIn } = deps;

  async function valid(text: string): Promise<(StreamKey & { hash: string }) | undefined> {
    if (text.length === 0 || text.length > MAX_KEY_LENGTH) return undefined;
    const key = await store.byHash(hashOf(text));
    return key?.hash && key.expiresAt > clock.now() ? { ...key, hash: key.hash } : undefined;
  }

  const gate: Gate = {
    async admit({ key: text, live, via, address }: Comer) {
      const key = await valid(text);
      if (!key || (live !== undefined && live !== key._id)) return { ok: false, refusal: 'wrong_key' };
      if (!(await takesIn(key._id))) return { ok: false, refusal: 'live_over' };
      const now = clock.now();
      if (!mayTakeOver(key.claim, address, now)) return { ok: false, refusal: 'in_use' };
      const claim = { connection: newId(), via, address, since: now, heardAt: now };
      const mine = await store.claim({ live: key._id, hash: key.hash, before: key.claim }, claim);
      if (!mine) return { ok: false, refusal: 'in_use' };
      return { ok: true, grant: { live: key._id, connection: claim.connection, publisher: key.madeBy } };
    },
    async hold({ live, connection }: Grant, heard: boolean) {
      const held = await store.hold(live, connection, heard ? clock.now() : undefined);
      return held && takesIn(live);
    },
    async leave({ live, connection }: Grant, fault?: EncoderFault) {
      await store.leave(live, connection, fault ? { fault, at: clock.now() } : null);
    },
  };

  return {
    gate,

    async ofLive(live: string) {
      const key = await store.ofLive(live);
      return { state: keyState(key, clock.now()), key };
    },

    /**
     * A new key for a live, instead of the one that was made at `seen` (null: there was none).
     *
     * @returns the key itself: it can be read here and never again
     * @throws AppError `conflict` when there is another one by now, so that a page sent twice makes one key
     */
    async renew(live: string, seen: Date | null, person: { id: string }): Promise<string> {
      const text = randomBytes(KEY_BYTES).toString('base64url');
      const now = clock.now();
      const made = await store.replace(seen, {
        _id: live,
        hash: hashOf(text),
        hint: text.slice(-4),
        madeAt: now,
        madeBy: person.id,
        expiresAt: new Date(now.getTime() + KEY_DAYS * DAY_MS),
        claim: null,
        lastFault: null,
      });
      if (!made) throw new AppError('conflict');
      return text;
    },

    /** Whoever is on air with it is taken off within a second or two. */
    revoke: (live: string) => store.revoke(live),

    /** Whether it is this live's key, for a media server elsewhere that asks; claims nothing. */
    async vouch(live: string, text: string): Promise<boolean> {
      const key = await valid(text);
      return key?._id === live && takesIn(live);
    },
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { localDay } from '../platform/views/index.ts';
import { howOften, looksCopied, networkOf, type HowOften } from './scans.rules.ts';
import type { Places } from './places.service.ts';
import type { ScanStore } from './scans.store.ts';

export type Scans = ReturnType<typeof createScans>;

/** What a browser shows of itself, before anything of it is kept. */
export interface Looker {
  address: string;
  agent: string;
  /** What a proxy that is believed says of where it is. */
  region?: string | undefined;
}

export interface ScanSummary {
  /** Absent when nobody has looked before. */
  first: Date | undefined;
  /** The province of the first look, `abroad`, or undefined where it is not known. */
  firstProvince: string | undefined;
  howOften: HowOften;
  copied: boolean;
}

const HASH_CHARACTERS = 12;

/** Counts the looks at codes without knowing who looks. */
export function createScans(deps: { store: ScanStore; places: Places; clock: Clock; log: Log }) {
  const { store, places, clock, log } = deps;
  const running = new Set<Promise<void>>();
  let kept: { day: string; salt: Promise<string> } | undefined;

  function saltOf(day: string): Promise<string> {
    if (kept?.day !== day) {
      kept = { day, salt: store.saltOf(day, randomBytes(32).toString('base64url')) };
      kept.salt.catch(() => (kept = undefined));
    }
    return kept.salt;
  }

  async function count(serial: string, looker: Looker, sold: boolean): Promise<void> {
    const at = clock.now();
    const day = localDay(at);
    const salt = await saltOf(day);
    const hash = (text: string) =>
      createHmac('sha256', salt).update(text).digest('base64url').slice(0, HASH_CHARACTERS);
    const place = networkOf(looker.address);
    await store.count({
      ...{ serial, at, day, sold },
      person: hash(`${looker.address} ${looker.agent}`),
      place: hash(place),
      province: places.of(looker),
    });
  }

  return {
    async of(serial: string): Promise<ScanSummary> {
      const found = await store.of(serial);
      if (!found) return { first: undefined, firstProvince: undefined, howOften: 'first', copied: false };
      const { first, firstProvince } = found;
      return {
        first,
        firstProvince: firstProvince ?? undefined,
        howOften: howOften(found.count),
        copied: looksCopied(found),
      };
    },

    /** Beside the answer, not before it. */
    note(serial: string, looker: Looker, sold: boolean): void {
      const done = count(serial, looker, sold)
        .catch((err: unknown) => log.warn({ err }, 'a look at a code was not counted'))
        .finally(() => running.delete(done));
      running.add(done);
    },

    /** Yesterday's hashes mean nothing any more. */
    forget: () => store.forgetSalts(localDay(clock.now())),

    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

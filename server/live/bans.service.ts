import type { Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { createLane } from '../platform/lane.ts';
import type { Device } from './device.service.ts';
import { isOfHouse } from './live.policy.ts';
import type { Live } from './live.service.ts';
import type { SanctionDoc } from './moderation.model.ts';
import { keysOf, putsOut } from './moderation.rules.ts';
import type { ModerationStore } from './moderation.store.ts';

export type Bans = ReturnType<typeof createBans>;

export interface Comer {
  person: Person | undefined;
  device: Device | undefined;
}

export interface BansDeps {
  store: ModerationStore;
  people: (ids: readonly string[]) => Promise<Person[]>;
  clock: Clock;
}

/** Between two readings, in ms: long enough for a rush to be there together, too short to be felt. */
const REST_MS = 5;

/** How far the clocks of two processes may be apart, so that neither misses what the other has written. */
const CLOCKS_APART_MS = 60_000;

/** Who is kept out of the rooms of a host. A mute only takes the word, a ban the room as well. */
export function createBans({ store, people, clock }: BansDeps) {
  /** A rush comes in at once: those who wait share one reading. */
  const lane = createLane<{ scope: string; keys: string[] }, SanctionDoc[]>({
    maxBatch: 1_000,
    maxWaiting: 50_000,
    restMs: REST_MS,
    async work(asked) {
      const found = await store.bans({
        scopes: [...new Set(asked.map(({ scope }) => scope))],
        keys: [...new Set(asked.flatMap(({ keys }) => keys))],
      });
      return asked.map((ask) => ({ ok: true, value: found.filter((ban) => ban.scope === ask.scope) }));
    },
  });

  return {
    /**
     * Lets somebody into a room that is open or will be; what is over may be watched by everybody. Whoever comes back
     * on a known device under a new name is known by that name from then on, too.
     *
     * @throws AppError `put_out`
     */
    async letIn(live: Live, { person, device }: Comer): Promise<void> {
      if (live.state === 'ended' || (person && isOfHouse(live, person))) return;
      const speaker = { ids: person?.ids ?? [], guest: person?.guest ?? true, device };
      const keys = keysOf(speaker);
      if (keys.length === 0) return;
      const bans = await lane.enter({ scope: scopeOf(live), keys });
      const ban = bans.find((one) => putsOut(one, speaker, clock.now()));
      if (!ban) return;
      const fresh = keys.filter((key) => !ban.keys.includes(key));
      if (fresh.length > 0) await store.addKeys(ban._id, fresh);
      throw new AppError('put_out');
    },

    /**
     * Of these people those who are kept out of a live, by who they are alone: what is sold there is not for them. One
     * reading for all of them.
     */
    async keptOut(live: Live, comers: readonly Pick<Person, 'id' | 'ids'>[]): Promise<Set<string>> {
      const speakers = comers.map(({ id, ids }) => ({
        id,
        ids: [id, ...ids],
        guest: true,
        device: undefined,
      }));
      const bans = await store.bans({ scopes: [scopeOf(live)], keys: speakers.flatMap(keysOf) });
      const out = speakers.filter((speaker) => bans.some((ban) => putsOut(ban, speaker, clock.now())));
      if (out.length === 0) return new Set();
      const known = await people(out.map(({ id }) => id));
      const house = new Set(known.filter((person) => isOfHouse(live, person)).map(({ id }) => id));
      return new Set(out.flatMap(({ id }) => (house.has(id) ? [] : [id])));
    },

    /** Bans of these lives' hosts that came lately, whichever process wrote them. */
    latest: (lives: readonly Live[]): Promise<SanctionDoc[]> =>
      store.bansSince([...new Set(lives.map(scopeOf))], new Date(clock.now().getTime() - CLOCKS_APART_MS)),

    /** Whether a ban in force puts somebody out who is in a room of this live already. */
    hits: (bans: readonly SanctionDoc[], live: Live, { person, device }: Comer): boolean => {
      if (person && isOfHouse(live, person)) return false;
      const speaker = { ids: person?.ids ?? [], guest: person?.guest ?? true, device };
      return bans.some((ban) => ban.scope === scopeOf(live) && putsOut(ban, speaker, clock.now()));
    },
  };
}

const scopeOf = (live: Pick<Live, 'host'>) => `host:${live.host}`;

import { createHmac } from 'node:crypto';
import type { Person } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Live, Lives, Watching } from '../live/index.ts';
import type { Sales } from '../orders/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { createLane } from '../platform/lane.ts';
import { maySeeAll } from './figures.policy.ts';
import { createTally, minuteOf, type Source, type Tally, type Tap } from './figures.rules.ts';
import type { FigureStore, TapCount } from './figures.store.ts';

export type Figures = ReturnType<typeof createFigures>;

/** What the console shows while the live goes on. */
export interface Standing {
  peak: number;
  /** Different people who have come. */
  inAll: number;
  minutes: number;
  looks: number;
  buys: number;
}

export interface Report extends Tally {
  live: Live;
  inAll: number;
  minutesWatched: number;
  sources: ReadonlyMap<Source, number>;
  /** The cooperatives whose products are shown; undefined: all, and everything else besides. */
  only: readonly string[] | undefined;
}

export interface FigureDeps {
  store: FigureStore;
  lives: Lives;
  watching: Watching;
  sales: Sales;
  cooperatives: Cooperatives;
  clock: Clock;
  /** Keeps visits from being read back into people. */
  secret: string;
}

/** How many people came, what they looked at and what came of it. Counted on the server, written down each time. */
export function createFigures(deps: FigureDeps) {
  const { store, lives, watching, sales, clock } = deps;
  /** This process among those whose people add up; another one after each start, so that a minute's peak stands. */
  const node = newId().slice(0, 8);

  const tapLane = createLane<Omit<TapCount, 'count'>, void>({
    maxBatch: 5_000,
    maxWaiting: 20_000,
    async work(taps) {
      const counts = new Map<string, TapCount>();
      for (const tap of taps) {
        const key = `${tap.live} ${tap.sku} ${tap.what}`;
        const known = counts.get(key);
        if (known) known.count += 1;
        else counts.set(key, { ...tap, count: 1 });
      }
      await store.addTaps(minuteOf(clock.now()), [...counts.values()]);
      return taps.map(() => ({ ok: true, value: undefined }));
    },
  });

  const visitLane = createLane<{ live: string; person: string; from: Source }, void>({
    maxBatch: 1_000,
    maxWaiting: 20_000,
    async work(visits) {
      await store.arrive(
        visits.map(({ live, person, from }) => ({ _id: visitId(deps.secret, live, person), live, from })),
      );
      return visits.map(() => ({ ok: true, value: undefined }));
    },
  });

  /** While it runs; and never those behind the table. */
  async function counts(id: string, person: Person): Promise<Live | undefined> {
    const live = await lives.byId(id);
    return live.state === 'live' && !maySeeAll(live, person) ? live : undefined;
  }

  return {
    /** Somebody has come; counted once for a person and a live. Stored before this resolves. */
    async came(id: string, from: Source, person: Person): Promise<void> {
      if (await counts(id, person)) await visitLane.enter({ live: id, person: person.id, from });
    },

    /** Somebody looked at a product or tapped its buy button. Stored before this resolves. */
    async tapped(id: string, tap: { sku: string; what: Tap }, person: Person): Promise<void> {
      const live = await counts(id, person);
      if (live?.rail.includes(tap.sku)) await tapLane.enter({ live: id, ...tap });
    },

    /** Who is in the room on this process at this moment. */
    async seen(id: string, people: readonly string[]): Promise<void> {
      const live = await lives.byId(id);
      if (live.state !== 'live') return;
      const house = new Set([live.host, ...(live.crew ?? []).map(({ person }) => person)]);
      const guests = people.filter((person) => !house.has(person)).length;
      await store.raise(id, minuteOf(clock.now()), { node, people: guests });
    },

    async standing(id: string): Promise<Standing> {
      const [minutes, sources, watched] = await Promise.all([
        store.minutes(id),
        store.sources(id),
        watching.total(id),
      ]);
      const { peak, looks, buys } = createTally([]).close(minutes);
      return { peak, looks, buys, inAll: sumOf(sources), minutes: watched.minutes };
    },

    /**
     * Everything about a live that has begun. A cooperative's member gets the figures of its own products alone.
     *
     * @throws AppError `not_found`, also for whoever may not see it
     */
    async report(id: string, person: Person): Promise<Report> {
      const live = await lives.byId(id);
      const only = maySeeAll(live, person) ? undefined : await ownCooperatives(person);
      const tally = createTally(live.turns ?? []);
      for await (const sale of sales.ofLive(id)) tally.add(sale);
      const [minutes, sources, watched] = await Promise.all([
        store.minutes(id),
        store.sources(id),
        watching.total(id),
      ]);
      return {
        ...restricted(tally.close(minutes), only),
        ...{ live, only, sources, inAll: sumOf(sources), minutesWatched: watched.minutes },
      };
    },

    async idle() {
      await Promise.all([tapLane.idle(), visitLane.idle()]);
    },
  };

  async function ownCooperatives(person: Person): Promise<string[]> {
    const desks = await deps.cooperatives.ofPerson(person);
    if (desks.length === 0) throw new AppError('not_found');
    return desks.map(({ _id }) => _id);
  }
}

/** Of what others sold, a cooperative learns nothing: neither their products nor sums that hold them. */
function restricted(tally: Tally, only: readonly string[] | undefined): Tally {
  if (!only) return tally;
  const products = tally.products.filter(({ cooperative }) => only.includes(cooperative ?? ''));
  return { ...tally, products, hosts: [], minutes: [] };
}

function sumOf(sources: ReadonlyMap<Source, number>): number {
  return [...sources.values()].reduce((sum, people) => sum + people, 0);
}

/** Another one in each live, and of no use to whoever has not the shop's secret. */
function visitId(secret: string, live: string, person: string): string {
  return createHmac('sha256', secret).update(`visit ${live} ${person}`).digest('base64url').slice(0, 22);
}

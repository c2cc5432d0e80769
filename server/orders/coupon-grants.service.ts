import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { createLane, type Lane, type Outcome } from '../platform/lane.ts';
import type { GrantDoc } from './coupon-grants.model.ts';
import type { GrantStore } from './coupon-grants.store.ts';

/** A heap of so many pieces of one coupon, that is handed out piece by piece. */
export interface Heap {
  /** The drop that it belongs to. */
  id: string;
  coupon: string;
  quantity: number;
}

/** Who takes: the id that taps, and those of the guests that this person once was. */
export interface Taker {
  id: string;
  ids: readonly string[];
}

export type CouponGrants = ReturnType<typeof createCouponGrants>;

const MAX_BATCH = 500;
const MAX_WAITING = 20_000;

/** More than anybody collects; those that were taken longest ago are forgotten first. */
const POCKET = 200;

/**
 * Coupons that people hold. Those who tap at the same moment share one write; a place in the heap is a key of the
 * database, so that no two processes hand out the same piece, and a person is another, so that nobody gets two.
 */
export function createCouponGrants(deps: { store: GrantStore; clock: Clock }) {
  const { store, clock } = deps;
  const lanes = new Map<string, Lane<Taker, 'taken' | 'had'>>();

  function laneFor(heap: Heap): Lane<Taker, 'taken' | 'had'> {
    let lane = lanes.get(heap.id);
    if (!lane) {
      lane = createLane({
        work: (takers) => handOut(heap, takers),
        maxBatch: MAX_BATCH,
        maxWaiting: MAX_WAITING,
      });
      lanes.set(heap.id, lane);
    }
    return lane;
  }

  /** First come, first served. A place that another process was quicker at is looked for again. */
  async function handOut(heap: Heap, takers: Taker[]): Promise<Outcome<'taken' | 'had'>[]> {
    const outcomes: (Outcome<'taken' | 'had'> | undefined)[] = takers.map(() => undefined);
    for (;;) {
      const there = await store.ofDrop(heap.id);
      const holders = new Set(there.map(({ person }) => person));
      const free = freePlaces(heap, there);
      const docs: GrantDoc[] = [];
      const wanting: number[] = [];
      for (const [index, { id, ids }] of takers.entries()) {
        if (outcomes[index]) continue;
        if ([id, ...ids].some((one) => holders.has(one))) outcomes[index] = { ok: true, value: 'had' };
        else if (docs.length < free.length) {
          docs.push(grantOf(heap, free[docs.length]!, id, clock.now()));
          holders.add(id);
          wanting.push(index);
        } else outcomes[index] = { ok: false, error: new AppError('coupon_used_up') };
      }
      if (docs.length === 0) break;
      const lost = await store.insert(docs);
      wanting.forEach((index, place) => {
        if (!lost.has(place)) outcomes[index] = { ok: true, value: 'taken' };
      });
    }
    return outcomes.map((outcome) => outcome ?? { ok: false, error: new AppError('unavailable') });
  }

  return {
    /** One piece for one person; taking again is having it. @throws AppError `coupon_used_up`, `unavailable` */
    take: (heap: Heap, taker: Taker): Promise<'taken' | 'had'> => laneFor(heap).enter(taker),

    /** Nothing more is handed out of this heap, ever. @returns how many pieces people hold of it */
    async seal(heap: Heap): Promise<number> {
      lanes.delete(heap.id);
      for (;;) {
        const there = await store.ofDrop(heap.id);
        const free = freePlaces(heap, there);
        if (free.length === 0) return there.filter(({ person }) => person !== null).length;
        await store.insert(free.map((place) => grantOf(heap, place, null, clock.now())));
      }
    },

    countTaken: (drop: string) => store.countTaken(drop),
    has: async (drop: string, { id, ids }: Taker) => (await store.ofPeopleIn(drop, [id, ...ids])).length > 0,

    /** What these ids of one person hold: a coupon for each drop that they took from. */
    async held(people: readonly string[]): Promise<{ coupon: string; drop: string }[]> {
      const found = await store.ofPeople(people, POCKET);
      const drops = new Map(found.map(({ drop, coupon }) => [drop, { coupon, drop }]));
      return [...drops.values()];
    },

    async idle() {
      await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    },
  };
}

function freePlaces({ id, quantity }: Heap, there: readonly GrantDoc[]): number[] {
  const taken = new Set(there.map(({ _id }) => _id));
  return Array.from({ length: quantity }, (_item, index) => index + 1).filter(
    (place) => !taken.has(`${id}#${place}`),
  );
}

function grantOf({ id, coupon }: Heap, place: number, person: string | null, at: Date): GrantDoc {
  return { _id: `${id}#${place}`, drop: id, coupon, person, at };
}

import { groupBy } from '../platform/group.ts';
import type { OrdersBehind, Stock } from '../stock/index.ts';
import type { DeskStore, Place } from './desk.store.ts';
import type { OrderDoc } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';
import { leftToPack, lotsLeft, packed, PACKABLE } from './packing.rules.ts';
import { lotsKept } from './refunds.rules.ts';

export type Desk = ReturnType<typeof createDesk>;

/** Pieces to take from one lot, and for whom. */
export interface Pick {
  sku: string;
  lot: string;
  code: string;
  bestBefore: string;
  qty: number;
  line: OrderDoc['lines'][number];
  orders: { code: string; qty: number }[];
}

const PER_READ = 200;
const ORDERS_NAMED = 3;
/** States in which a parcel can be on its way. */
const UNDER_WAY = ['packing', 'shipped', 'partly_refunded'] as const satisfies OrderState[];

/** What a cooperative has to send. */
export function createDesk(deps: { store: DeskStore; stock: Stock }) {
  const { store, stock } = deps;

  /** The first orders that pass, the longest waiting first; those that wait for another cooperative are passed over. */
  async function first(
    cooperative: string,
    states: readonly OrderState[],
    {
      passes,
      after,
      limit,
    }: { passes: (order: OrderDoc) => boolean; after?: Place | undefined; limit: number },
  ): Promise<OrderDoc[]> {
    const found: OrderDoc[] = [];
    let place = after;
    while (found.length < limit) {
      const read = await store.inStates(cooperative, states, { after: place, limit: PER_READ });
      found.push(...read.filter(passes));
      const last = read.at(-1);
      if (!last || read.length < PER_READ) break;
      place = { at: last.createdAt, code: last._id };
    }
    return found.slice(0, limit);
  }

  return {
    /** Orders with pieces to pack or boxes to hand over. */
    toPack: (cooperative: string, after: Place | undefined, limit: number) =>
      first(cooperative, PACKABLE, {
        passes: (order) => hasLeft(order, cooperative) || hasParcel(order, cooperative, 'packed'),
        after,
        limit,
      }),

    /** Orders with boxes on their way. */
    underWay: (cooperative: string, after: Place | undefined, limit: number) =>
      first(cooperative, UNDER_WAY, {
        passes: (order) => hasParcel(order, cooperative, 'shipped'),
        after,
        limit,
      }),

    /** What to take from which lot for the orders that have waited longest. */
    async pickList(cooperative: string, limit: number): Promise<{ picks: Pick[]; orders: number }> {
      const waiting = await first(cooperative, PACKABLE, {
        passes: (order) => hasLeft(order, cooperative),
        limit,
      });
      const parts = waiting.flatMap((order) => partsOf(order, cooperative));
      const byLot = groupBy(parts, ({ lot }) => lot);
      const lots = new Map((await stock.lots([...byLot.keys()])).map((lot) => [lot._id, lot]));
      const picks = [...byLot].map(([id, ofLot]): Pick => {
        const lot = lots.get(id);
        return {
          sku: ofLot[0]!.line.sku,
          lot: id,
          code: lot?.code ?? '',
          bestBefore: lot?.bestBefore ?? '',
          qty: ofLot.reduce((sum, { qty }) => sum + qty, 0),
          line: ofLot[0]!.line,
          orders: ofLot.map(({ order, qty }) => ({ code: order, qty })),
        };
      });
      picks.sort((a, b) => a.sku.localeCompare(b.sku) || a.bestBefore.localeCompare(b.bestBefore));
      return { picks, orders: waiting.length };
    },

    /** For a lot's bank book: whom the till held pieces for. */
    async behind(lot: string, batches: readonly string[]): Promise<Map<string, OrdersBehind>> {
      if (batches.length === 0) return new Map();
      const found = await store.ofBatches(lot, batches, ORDERS_NAMED);
      return new Map(found.map(({ _id, codes, count }) => [_id, { codes, count }]));
    },
  };
}

function hasLeft(order: OrderDoc, cooperative: string): boolean {
  return order.lines.some((line, index) => line.cooperative === cooperative && leftToPack(order, index) > 0);
}

function hasParcel(order: OrderDoc, cooperative: string, state: string): boolean {
  return order.parcels.some((parcel) => parcel.cooperative === cooperative && parcel.state === state);
}

function partsOf(order: OrderDoc, cooperative: string) {
  return order.lines.flatMap((line, index) => {
    if (line.cooperative !== cooperative) return [];
    const left = leftToPack(order, index);
    return lotsLeft({ lots: lotsKept(order, index) }, { packed: packed(order, index), left }).map(
      ({ lot, qty }) => ({
        lot,
        qty,
        line,
        order: order._id,
      }),
    );
  });
}

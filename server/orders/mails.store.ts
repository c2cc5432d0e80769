import type { Database } from '../platform/db/index.ts';
import { orderModels, type OrderDoc } from './orders.model.ts';

export type OrderMailStore = ReturnType<typeof createOrderMailStore>;

/** What the rules need to see of an order. */
const SEEN = {
  clickId: 1,
  state: 1,
  buyer: 1,
  email: 1,
  lang: 1,
  history: 1,
  parcels: 1,
  refunds: 1,
  expiresAt: 1,
} as const;

const PER_BATCH = 500;

export function createOrderMailStore(db: Database) {
  const { orders } = orderModels(db);
  return {
    byCode: (code: string) => orders.findById(code).lean<OrderDoc>().exec(),

    seen: (codes: readonly string[]) =>
      orders
        .find({ _id: { $in: [...codes] } })
        .select(SEEN)
        .lean<OrderDoc[]>()
        .exec(),

    /** Codes of the orders that something has happened to since then, a few hundred at a time, some maybe twice. */
    async *changedSince(since: Date): AsyncGenerator<string[]> {
      const changed = [
        // Those to which nothing has happened but that they were placed are found by the end of their holds.
        { state: 'awaiting_payment', expiresAt: { $gte: since } },
        { 'history.at': { $gte: since }, 'history.1': { $exists: true } },
        { 'parcels.shippedAt': { $gte: since } },
        { 'refunds.at': { $gte: since } },
      ];
      for (const filter of changed) {
        const cursor = orders
          .find(filter as never)
          .select({ _id: 1 })
          .lean<{ _id: string }[]>()
          .cursor({ batchSize: PER_BATCH });
        let codes: string[] = [];
        for await (const { _id } of cursor) {
          codes.push(_id);
          if (codes.length < PER_BATCH) continue;
          yield codes;
          codes = [];
        }
        if (codes.length > 0) yield codes;
      }
    },
  };
}

import type { Database } from '../platform/db/index.ts';
import { ARRIVED, UNDER_WAY } from './completion.rules.ts';
import { orderModels, type OrderDoc } from './orders.model.ts';
import type { HistoryEntry } from './orders.rules.ts';

export type CompletionStore = ReturnType<typeof createCompletionStore>;

export function createCompletionStore(db: Database) {
  const { orders } = orderModels(db);
  return {
    /** Orders with a parcel that has been on its way since then at the latest. */
    underWaySince: (before: Date, limit: number): Promise<OrderDoc[]> =>
      orders.collection
        .find({
          state: { $in: [...UNDER_WAY] },
          'parcels.state': 'shipped',
          parcels: { $elemMatch: { state: 'shipped', shippedAt: { $lte: before } } },
        } as never)
        .limit(limit)
        .toArray() as unknown as Promise<OrderDoc[]>,

    /** Orders of which something arrived by then, nothing since, and no money is on its way back. */
    arrivedBefore: (before: Date, limit: number): Promise<OrderDoc[]> =>
      orders.collection
        .find({
          state: { $in: [...ARRIVED] },
          'parcels.deliveredAt': { $lte: before },
          parcels: {
            $not: { $elemMatch: { $or: [{ deliveredAt: null }, { deliveredAt: { $gt: before } }] } },
          },
          refunds: { $not: { $elemMatch: { state: 'asked' } } },
        } as never)
        .limit(limit)
        .toArray() as unknown as Promise<OrderDoc[]>,

    /** Compare and set on everything that it was decided from. @returns null when somebody was quicker */
    complete: ({ _id, state, parcels, refunds }: OrderDoc, entry: HistoryEntry): Promise<OrderDoc | null> =>
      orders.collection.findOneAndUpdate(
        { _id: _id as never, state, parcels, refunds },
        { $set: { state: entry.to }, $push: { history: entry } } as never,
        { returnDocument: 'after' },
      ) as Promise<OrderDoc | null>,
  };
}

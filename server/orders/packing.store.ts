import type { Database } from '../platform/db/index.ts';
import { orderModels, type OrderDoc, type Parcel } from './orders.model.ts';
import type { HistoryEntry } from './orders.rules.ts';

export type PackingStore = ReturnType<typeof createPackingStore>;

export interface ParcelChange {
  /** The order as `read` gave it. */
  before: OrderDoc;
  parcels: readonly Parcel[];
  /** The states it moves through, if any. */
  entries: readonly HistoryEntry[];
}

export function createPackingStore(db: Database) {
  const { orders } = orderModels(db);
  return {
    /** Straight from the driver: `write` compares with what lies there, field for field and in its order. */
    read: (code: string): Promise<OrderDoc | null> =>
      orders.collection.findOne({ _id: code as never }) as Promise<OrderDoc | null>,

    /**
     * Parcels and state in one conditional, journaled write: it succeeds only while state, parcels and refunds are
     * those that were read, so whatever was decided from them still holds.
     *
     * @returns the order after it, or null when somebody was quicker
     */
    async write({ before, parcels, entries }: ParcelChange): Promise<OrderDoc | null> {
      const state = entries.at(-1)?.to ?? before.state;
      const after = await orders.collection.findOneAndUpdate(
        { _id: before._id as never, state: before.state, parcels: before.parcels, refunds: before.refunds },
        {
          $set: { parcels, state },
          ...(entries.length > 0 ? { $push: { history: { $each: entries } } } : {}),
        } as never,
        { returnDocument: 'after' },
      );
      return after as OrderDoc | null;
    },
  };
}

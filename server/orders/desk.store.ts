import type { Database } from '../platform/db/index.ts';
import { orderModels, type OrderDoc } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';

export type DeskStore = ReturnType<typeof createDeskStore>;

/** A place in a list that is sorted by time: a later order with the same time follows by its code. */
export interface Place {
  at: Date;
  code: string;
}

export function createDeskStore(db: Database) {
  const { orders } = orderModels(db);
  return {
    /**
     * A cooperative's orders in some states, the longest waiting first. One branch for each state: only so does the
     * server see that a partial index has them all, and merges its parts in order instead of reading every order the
     * cooperative ever had.
     */
    inStates(
      cooperative: string,
      states: readonly OrderState[],
      { after, limit }: { after: Place | undefined; limit: number },
    ) {
      const later = after && {
        createdAt: { $gte: after.at },
        $nor: [{ createdAt: after.at, _id: { $lte: after.code } }],
      };
      return orders
        .find({ $or: states.map((state) => ({ cooperatives: cooperative, state, ...later })) })
        .sort({ createdAt: 1, _id: 1 })
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec();
    },

    /** The orders of the till's batches that have pieces of a lot. */
    ofBatches: (lot: string, batches: readonly string[], codes: number) =>
      orders.aggregate<{ _id: string; codes: string[]; count: number }>([
        { $match: { batch: { $in: [...batches] }, 'lines.lots.lot': lot } },
        { $sort: { batch: 1, place: 1 } },
        { $group: { _id: '$batch', codes: { $push: '$_id' }, count: { $sum: 1 } } },
        { $project: { codes: { $slice: ['$codes', codes] }, count: 1 } },
      ]),
  };
}

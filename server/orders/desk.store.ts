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
    /** A cooperative's orders in some states, the longest waiting first. */
    inStates(
      cooperative: string,
      states: readonly OrderState[],
      { after, limit }: { after: Place | undefined; limit: number },
    ) {
      const later = after && [
        { createdAt: { $gt: after.at } },
        { createdAt: after.at, _id: { $gt: after.code } },
      ];
      return orders
        .find({ cooperatives: cooperative, state: { $in: [...states] }, ...(later ? { $or: later } : {}) })
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

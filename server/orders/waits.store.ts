import type { Database } from '../platform/db/index.ts';
import { waitModels, type WaitDoc } from './waits.model.ts';

export type WaitStore = ReturnType<typeof createWaitStore>;

export function createWaitStore(db: Database) {
  const { waits } = waitModels(db);
  return {
    /** Joins the line, or stays where they are in it. */
    async join(wait: Omit<WaitDoc, '_id' | 'state' | 'order' | 'turn'>): Promise<WaitDoc> {
      const _id = `${wait.sku}:${wait.buyer}`;
      const again = { $eq: ['$state', 'waiting'] };
      const doc = await waits
        .findOneAndUpdate(
          { _id },
          [
            {
              $set: {
                ...Object.fromEntries(
                  Object.entries(wait).map(([name, value]) => [name, { $literal: value }]),
                ),
                since: { $cond: [again, '$since', wait.since] },
                turn: { $cond: [again, '$turn', { $add: [{ $ifNull: ['$turn', 0] }, 1] }] },
                state: 'waiting',
                order: null,
              },
            },
          ],
          { upsert: true, returnDocument: 'after', updatePipeline: true },
        )
        .lean<WaitDoc>()
        .exec();
      return doc;
    },

    async leave(sku: string, buyers: readonly string[]): Promise<void> {
      await waits.updateMany(
        { sku, buyer: { $in: [...buyers] }, state: 'waiting' },
        { $set: { state: 'left' } },
      );
    },

    first: (sku: string) =>
      waits.findOne({ sku, state: 'waiting' }).sort({ since: 1, _id: 1 }).lean<WaitDoc>().exec(),

    ahead: (wait: WaitDoc) =>
      waits.countDocuments({ sku: wait.sku, state: 'waiting', since: { $lt: wait.since } }),

    /** Compare and set on the turn. */
    async offered(wait: WaitDoc, order: string): Promise<boolean> {
      const result = await waits.updateOne(
        { _id: wait._id, state: 'waiting', turn: wait.turn },
        { $set: { state: 'offered', order } },
      );
      return result.modifiedCount === 1;
    },

    async giveUpBefore(since: Date): Promise<void> {
      await waits.updateMany({ state: 'waiting', since: { $lt: since } }, { $set: { state: 'left' } });
    },

    /** Pieces that those in line want, by SKU. */
    async wanted(skus: readonly string[]): Promise<Map<string, number>> {
      const sums = await waits.aggregate<{ _id: string; qty: number }>([
        { $match: { sku: { $in: [...skus] }, state: 'waiting' } },
        { $group: { _id: '$sku', qty: { $sum: '$qty' } } },
      ]);
      return new Map(sums.map(({ _id, qty }) => [_id, qty]));
    },

    waitedFor: () => waits.distinct('sku', { state: 'waiting' }),
  };
}

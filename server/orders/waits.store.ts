import type { Database } from '../platform/db/index.ts';
import { waitModels, type WaitDoc } from './waits.model.ts';

export type WaitStore = ReturnType<typeof createWaitStore>;

/** As many as a page shows, and as one person may wait for at once. */
export const MOST = 30;

export function createWaitStore(db: Database) {
  const { waits } = waitModels(db);
  return {
    /** Joins the line, or stays where they are in it, also who has signed in since. */
    async join(wait: Omit<WaitDoc, '_id' | 'state' | 'order' | 'turn'>): Promise<WaitDoc> {
      const { sku, buyer, buyerIds } = wait;
      const there = await waits
        .findOne({ sku, buyer: { $in: buyerIds }, state: 'waiting' })
        .sort({ since: 1 })
        .lean<WaitDoc>()
        .exec();
      const _id = there?._id ?? `${sku}:${buyer}`;
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
                // Whoever waits at home as well is called for as long as that.
                live: {
                  $cond: [{ $and: [again, { $eq: ['$live', null] }] }, null, { $literal: wait.live }],
                },
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
        { sku, buyer: { $in: [...buyers] }, state: { $in: ['waiting', 'offered'] } },
        { $set: { state: 'left' } },
      );
    },

    first: (sku: string) =>
      waits.findOne({ sku, state: 'waiting' }).sort({ since: 1, _id: 1 }).lean<WaitDoc>().exec(),

    /** How many stand before this one; they are served by time, and then by name. */
    ahead: ({ _id, sku, since }: WaitDoc) =>
      waits.countDocuments({
        ...{ sku, state: 'waiting' },
        $or: [{ since: { $lt: since } }, { since, _id: { $lt: _id } }],
      }),

    waitingOf: (buyers: readonly string[]) =>
      waits.countDocuments({ buyer: { $in: [...buyers] }, state: 'waiting' }),

    /** Codes of what they were offered. */
    async offeredTo(buyers: readonly string[], since: Date): Promise<string[]> {
      const found = await waits
        .find({ buyer: { $in: [...buyers] }, state: 'offered', since: { $gte: since } })
        .select({ order: 1 })
        .limit(MOST)
        .lean<Pick<WaitDoc, 'order'>[]>()
        .exec();
      return found.flatMap(({ order }) => order ?? []);
    },

    /** Where somebody waits, and what they were offered since then, the latest first. */
    of: (buyers: readonly string[], since: Date) =>
      waits
        .find({ buyer: { $in: [...buyers] }, state: { $in: ['waiting', 'offered'] }, since: { $gte: since } })
        .sort({ since: -1 })
        .limit(MOST)
        .lean<WaitDoc[]>()
        .exec(),

    /** Compare and set on the turn. */
    async offered(wait: WaitDoc, order: string): Promise<boolean> {
      const result = await waits.updateOne(
        { _id: wait._id, state: 'waiting', turn: wait.turn },
        { $set: { state: 'offered', order } },
      );
      return result.modifiedCount === 1;
    },

    /** Who waits in a live gives up sooner than who waits at home. */
    async giveUpBefore({ live, home }: { live: Date; home: Date }): Promise<void> {
      await waits.updateMany(
        {
          state: 'waiting',
          $or: [
            { live: null, since: { $lt: home } },
            { live: { $ne: null }, since: { $lt: live } },
          ],
        },
        { $set: { state: 'left' } },
      );
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

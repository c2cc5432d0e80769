import type { Database } from '../platform/db/index.ts';
import { evidenceModels, type MomentDoc } from './evidence.model.ts';

export type EvidenceStore = ReturnType<typeof createEvidenceStore>;

export function createEvidenceStore(db: Database) {
  const { moments } = evidenceModels(db);
  return {
    /** What was written first of an order counts. */
    ofOrder: ({ code, batch }: { code: string; batch: string }) =>
      moments.findOne({ batch, 'orders.code': code }).sort({ writtenAt: 1, _id: 1 }).lean<MomentDoc>().exec(),
    /** Codes of the orders of these batches that have evidence. */
    async known(batches: readonly string[]): Promise<Set<string>> {
      const found = await moments
        .find({ batch: { $in: [...new Set(batches)] } })
        .select({ 'orders.code': 1 })
        .lean<Pick<MomentDoc, '_id' | 'orders'>[]>()
        .exec();
      return new Set(found.flatMap(({ orders }) => orders.map(({ code }) => code)));
    },
    async insert(docs: readonly MomentDoc[]): Promise<void> {
      if (docs.length > 0) await moments.collection.insertMany(docs as never[], { ordered: false });
    },
    /** The lowest price a piece was sold at in a live in a span of time, in fen; undefined when it was not. */
    async lowest(sku: string, { from, to }: { from: Date; to: Date }): Promise<number | undefined> {
      const [found] = await moments.aggregate<{ fen: number }>([
        { $match: { 'goods.sku': sku, at: { $gte: from, $lt: to } } },
        { $unwind: '$goods' },
        { $match: { 'goods.sku': sku } },
        { $group: { _id: null, fen: { $min: '$goods.priceFen' } } },
      ]);
      return found?.fen;
    },
    ofLive: (live: string): AsyncIterable<MomentDoc> =>
      moments
        .find({ live })
        .sort({ at: 1, writtenAt: 1, _id: 1 })
        .lean<MomentDoc[]>()
        .cursor({ batchSize: 50 }) as AsyncIterable<MomentDoc>,
  };
}

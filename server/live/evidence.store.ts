import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { evidenceModels, type EvidenceDoc } from './evidence.model.ts';

export type EvidenceStore = ReturnType<typeof createEvidenceStore>;

export function createEvidenceStore(db: Database) {
  const { evidence } = evidenceModels(db);
  return {
    byOrder: (code: string) => evidence.findById(code).lean<EvidenceDoc>().exec(),
    /** Those of the orders that have evidence. */
    async known(codes: readonly string[]): Promise<Set<string>> {
      const found = await evidence
        .find({ _id: { $in: [...codes] } })
        .select({ _id: 1 })
        .lean<{ _id: string }[]>()
        .exec();
      return new Set(found.map(({ _id }) => _id));
    },
    /** What is written stays as it is. */
    async insert(docs: readonly EvidenceDoc[]): Promise<void> {
      if (docs.length === 0) return;
      try {
        await evidence.collection.insertMany(docs as never[], { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    /** The lowest price a piece was sold at in a live in a span of time, in fen; undefined when it was not. */
    async lowest(sku: string, { from, to }: { from: Date; to: Date }): Promise<number | undefined> {
      const [found] = await evidence.aggregate<{ fen: number }>([
        { $match: { 'lines.sku': sku, at: { $gte: from, $lt: to } } },
        { $unwind: '$lines' },
        { $match: { 'lines.sku': sku } },
        { $group: { _id: null, fen: { $min: '$lines.priceFen' } } },
      ]);
      return found?.fen;
    },
    ofLive: (live: string): AsyncIterable<EvidenceDoc> =>
      evidence
        .find({ live })
        .sort({ at: 1 })
        .lean<EvidenceDoc[]>()
        .cursor({ batchSize: 200 }) as AsyncIterable<EvidenceDoc>,
  };
}

import type { Database } from '../platform/db/index.ts';
import { growerModels, type GrowerDoc } from './growers.model.ts';

export type GrowerStore = ReturnType<typeof createGrowerStore>;

export function createGrowerStore(db: Database) {
  const { growers } = growerModels(db);
  return {
    byIds: (ids: readonly string[]) =>
      growers
        .find({ _id: { $in: [...ids] } })
        .lean<GrowerDoc[]>()
        .exec(),
    ofCooperative: (cooperative: string) =>
      growers.find({ cooperative }).sort({ _id: 1 }).limit(500).lean<GrowerDoc[]>().exec(),
    async insert(doc: GrowerDoc) {
      await growers.collection.insertOne(doc as never);
    },
    /** @returns false when it is not that cooperative's */
    async change(id: string, cooperative: string, set: Partial<GrowerDoc>): Promise<boolean> {
      return (await growers.updateOne({ _id: id, cooperative }, { $set: set })).matchedCount > 0;
    },
  };
}

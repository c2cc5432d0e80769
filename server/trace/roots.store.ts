import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { rootModels, type RootDoc } from './roots.model.ts';

export type RootStore = ReturnType<typeof createRootStore>;

export function createRootStore(db: Database) {
  const { roots } = rootModels(db);
  return {
    ofDay: (day: string) => roots.findById(day).lean<RootDoc>().exec(),
    latest: () => roots.findOne().sort({ _id: -1 }).lean<RootDoc>().exec(),

    /** Without their leaves, the latest first. */
    list: (limit: number) =>
      roots
        .find()
        .select({ leaves: 0 })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<Omit<RootDoc, 'leaves'>[]>()
        .exec(),

    all: () => roots.find().sort({ _id: 1 }).lean<RootDoc[]>().exec(),

    /** The latest day whose root has this lot in it. */
    latestWith: (lot: string) =>
      roots
        .findOne({ 'leaves.lot': lot })
        .select({ leaves: 0 })
        .sort({ _id: -1 })
        .lean<Omit<RootDoc, 'leaves'>>()
        .exec(),

    /** @returns false when that day has its root already */
    async publish(doc: RootDoc): Promise<boolean> {
      try {
        await roots.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

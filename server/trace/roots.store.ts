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

    /** The latest root, with this lot's leaf alone: a chain that was in one root is in every later one. */
    latestWith: (lot: string) =>
      roots
        .findOne()
        .sort({ _id: -1 })
        .select({ at: 1, root: 1, previous: 1, leaves: { $elemMatch: { lot } } })
        .lean<RootDoc>()
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

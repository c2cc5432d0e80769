import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { dispatchModels, type DispatchDoc, type DispatchVersion } from './dispatch.model.ts';

export type DispatchStore = ReturnType<typeof createDispatchStore>;

export function createDispatchStore(db: Database) {
  const { dispatch } = dispatchModels(db);
  return {
    /** The terms of all cooperatives that have their own, without their past. */
    current: () => dispatch.find().select({ terms: 1 }).lean<Pick<DispatchDoc, '_id' | 'terms'>[]>().exec(),
    byCooperative: (cooperative: string) => dispatch.findById(cooperative).lean<DispatchDoc>().exec(),

    /** Compare and set on the version. @returns whether nobody was quicker */
    async change(cooperative: string, next: DispatchVersion): Promise<boolean> {
      try {
        const result = await dispatch.updateOne(
          { _id: cooperative, version: next.version - 1 },
          { $set: { version: next.version, terms: next.terms }, $push: { history: next } },
          { upsert: next.version === 1 },
        );
        return result.modifiedCount + result.upsertedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

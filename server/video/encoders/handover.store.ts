import { isDuplicateKey, type Database } from '../../platform/db/index.ts';
import { handoverModels } from './handover.model.ts';
import type { Handover } from './handover.rules.ts';

export type HandoverStore = ReturnType<typeof createHandoverStore>;

export function createHandoverStore(db: Database) {
  const { handovers } = handoverModels(db);
  return {
    ofLive: (live: string) => handovers.findById(live).lean<Handover>().exec(),
    /** Compare and set on the version. @returns whether nobody was quicker */
    async put({ _id, ...next }: Handover): Promise<boolean> {
      try {
        const result = await handovers.updateOne(
          { _id, version: next.version - 1 },
          { $set: next },
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

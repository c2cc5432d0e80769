import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { scriptModels, type ScriptDoc } from './script.model.ts';

export type ScriptStore = ReturnType<typeof createScriptStore>;

export function createScriptStore(db: Database) {
  const { scripts } = scriptModels(db);
  return {
    byLive: (live: string) => scripts.findById(live).lean<ScriptDoc>().exec(),
    /** Compare and set on the number of changes. @returns whether it was still that one */
    async put(live: string, edits: number, set: Partial<Omit<ScriptDoc, '_id' | 'edits'>>): Promise<boolean> {
      try {
        const done = await scripts.updateOne(
          { _id: live, edits },
          { $set: { ...set, edits: edits + 1 } },
          { upsert: edits === 0 },
        );
        return done.modifiedCount + done.upsertedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

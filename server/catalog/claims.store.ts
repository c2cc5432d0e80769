import { insertNew, type Database } from '../platform/db/index.ts';
import { claimModels, type ClaimRuleDoc } from './claims.model.ts';

export type ClaimStore = ReturnType<typeof createClaimStore>;

/** Changes of a rule that are kept with it. */
const KEPT = 50;

export function createClaimStore(db: Database) {
  const { rules } = claimModels(db);
  return {
    all: () => rules.find().sort({ _id: 1 }).lean<ClaimRuleDoc[]>().exec(),

    count: () => rules.countDocuments().exec(),

    /** Adds those that are not there; what is there stays as an admin left it. */
    addMissing: (docs: readonly ClaimRuleDoc[]) => insertNew(rules.collection, docs),

    /** Compare and set. @returns null when somebody else was quicker */
    change: (
      id: string,
      version: number,
      set: Pick<ClaimRuleDoc, 'words' | 'except' | 'kinds' | 'active' | 'updatedAt'>,
      by: string,
    ) => {
      const entry = { at: set.updatedAt, by, version: version + 1, words: set.words, active: set.active };
      return rules
        .findOneAndUpdate(
          { _id: id, version },
          {
            $set: { ...set, version: version + 1 },
            $push: { history: { $each: [entry], $slice: -KEPT } },
          },
          { returnDocument: 'after' },
        )
        .lean<ClaimRuleDoc>()
        .exec();
    },
  };
}

import { insertNew, type Database } from '../platform/db/index.ts';
import { grantModels, type GrantDoc } from './coupon-grants.model.ts';

export type GrantStore = ReturnType<typeof createGrantStore>;

export function createGrantStore(db: Database) {
  const { grants } = grantModels(db);
  return {
    /** Those whose place and person are free, in one write. @returns the places in `docs` that were not */
    insert: (docs: readonly GrantDoc[]) => insertNew(grants.collection, docs),
    ofDrop: (drop: string) =>
      grants
        // The key begins with the drop: no index of its own is needed.
        .find({ _id: { $gte: `${drop}#`, $lt: `${drop}$` } })
        .lean<GrantDoc[]>()
        .exec(),
    countTaken: (drop: string) => grants.countDocuments({ drop, person: { $type: 'string' } } as never),
    ofPeopleIn: (drop: string, people: readonly string[]) =>
      grants
        .find({ drop, person: { $in: [...people] } })
        .lean<GrantDoc[]>()
        .exec(),
    ofPeople: (people: readonly string[], limit: number) =>
      grants
        .find({ person: { $in: [...people] } })
        .sort({ at: -1 })
        .limit(limit)
        .lean<GrantDoc[]>()
        .exec(),
  };
}

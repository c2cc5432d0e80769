import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { pledgeModels, type PledgeDoc } from './pledges.model.ts';

export type PledgeStore = ReturnType<typeof createPledgeStore>;

export function createPledgeStore(db: Database) {
  const { pledges } = pledgeModels(db);
  return {
    byId: (id: string) => pledges.findById(id).lean<PledgeDoc>().exec(),
    byRef: (ref: string) => pledges.findOne({ ref }).lean<PledgeDoc>().exec(),
    /** The latest first. */
    ofLot: (code: string) =>
      pledges.find({ code }).sort({ createdAt: -1 }).limit(50).lean<PledgeDoc[]>().exec(),

    /** @returns false when its command has given one */
    async insert(doc: PledgeDoc): Promise<boolean> {
      try {
        await pledges.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    withdraw: (id: string, done: { at: Date; by: string; why: string }) =>
      pledges
        .findOneAndUpdate(
          { _id: id, state: 'issued' },
          {
            $set: { state: 'withdrawn', withdrawnAt: done.at, withdrawnBy: done.by, withdrawnWhy: done.why },
          },
          { returnDocument: 'after' },
        )
        .lean<PledgeDoc>()
        .exec(),
  };
}

import type { Database } from '../platform/db/index.ts';
import { dropModels, type DropDoc } from './coupon-drops.model.ts';
import type { DropState } from './coupon-drops.rules.ts';

export type DropStore = ReturnType<typeof createDropStore>;

export function createDropStore(db: Database) {
  const { drops } = dropModels(db);
  return {
    byId: (id: string) => drops.findById(id).lean<DropDoc>().exec(),
    openIn: (live: string) => drops.find({ live, state: 'open' }).lean<DropDoc[]>().exec(),
    ofLive: (live: string, limit: number) =>
      drops.find({ live }).sort({ createdAt: -1 }).limit(limit).lean<DropDoc[]>().exec(),
    /** Whatever is not over and counted. */
    unsettled: (limit: number) =>
      drops.find({ taken: null }).sort({ createdAt: 1 }).limit(limit).lean<DropDoc[]>().exec(),
    async insert(doc: DropDoc) {
      await drops.collection.insertOne(doc as never);
    },
    /** Compare and set. @returns null when it was not in that state any more */
    move: (id: string, from: DropState, set: Partial<DropDoc>) =>
      drops
        .findOneAndUpdate({ _id: id, state: from }, { $set: set }, { returnDocument: 'after' })
        .lean<DropDoc>()
        .exec(),
    async settle(id: string, taken: number) {
      await drops.updateOne({ _id: id, state: 'closed', taken: null }, { $set: { taken } });
    },
  };
}

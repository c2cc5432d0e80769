import type { Database } from '../platform/db/index.ts';
import { actModels, type ActDoc } from './acts.model.ts';

export type ActStore = ReturnType<typeof createActStore>;

export function createActStore(db: Database) {
  const { acts } = actModels(db);
  return {
    async begin(doc: ActDoc) {
      await acts.collection.insertOne(doc as never);
    },
    async done(id: string) {
      await acts.updateOne({ _id: id }, { $set: { done: true } });
    },
    /** It was refused: nothing has happened. */
    async drop(id: string) {
      await acts.deleteOne({ _id: id, done: false });
    },
    /** All of a live, in their order. */
    ofLive: (live: string): AsyncIterable<ActDoc> =>
      acts
        .find({ live })
        .sort({ at: 1, _id: 1 })
        .lean<ActDoc[]>()
        .cursor({ batchSize: 500 }) as AsyncIterable<ActDoc>,
    latest: (live: string, limit: number) =>
      acts.find({ live }).sort({ at: -1 }).limit(limit).lean<ActDoc[]>().exec(),
  };
}

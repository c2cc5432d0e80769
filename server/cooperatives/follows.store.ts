import type { Database } from '../platform/db/index.ts';
import { followModels, type FollowDoc } from './follows.model.ts';
import { followId, type Followed } from './follows.rules.ts';

export type FollowStore = ReturnType<typeof createFollowStore>;

export function createFollowStore(db: Database) {
  const { follows } = followModels(db);
  return {
    /** Doing it twice is doing it once. */
    async add({ kind, target }: Followed, person: string, since: Date): Promise<void> {
      await follows.updateOne(
        { _id: followId({ kind, target }, person) },
        { $setOnInsert: { kind, target, person, since } },
        { upsert: true },
      );
    },
    async remove(followed: Followed, person: string): Promise<void> {
      await follows.deleteOne({ _id: followId(followed, person) });
    },
    async has(followed: Followed, person: string): Promise<boolean> {
      return (await follows.exists({ _id: followId(followed, person) })) !== null;
    },
    count: ({ kind, target }: Followed) => follows.countDocuments({ target, kind }),
    ofPerson: (person: string, limit: number) =>
      follows.find({ person }).sort({ since: -1 }).limit(limit).lean<FollowDoc[]>().exec(),
  };
}

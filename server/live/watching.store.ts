import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { watchModels, type WatchDoc } from './watching.model.ts';

export type WatchStore = ReturnType<typeof createWatchStore>;

export function createWatchStore(db: Database) {
  const { watching } = watchModels(db);
  return {
    /** Counts a slot for each of them; one that was counted already, by whichever process, is not counted again. */
    async count(live: string, people: readonly string[], at: { slot: number; now: Date }): Promise<void> {
      if (people.length === 0) return;
      const operations = people.map((person) => ({
        updateOne: {
          filter: { _id: `${live}:${person}`, last: { $lt: at.slot } },
          update: {
            $inc: { slots: 1 },
            $set: { last: at.slot },
            $setOnInsert: { live, person, since: at.now },
          },
          upsert: true,
        },
      }));
      try {
        await watching.collection.bulkWrite(operations as never[], { ordered: false });
      } catch (error) {
        // The slot is counted: the filter found nothing, and the upsert met what is there.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    /** All who were seen in a live, and their slots together. */
    async total(live: string): Promise<{ people: number; slots: number }> {
      const [found] = await watching.aggregate<{ people: number; slots: number }>([
        { $match: { live } },
        { $group: { _id: null, people: { $sum: 1 }, slots: { $sum: '$slots' } } },
      ]);
      return { people: found?.people ?? 0, slots: found?.slots ?? 0 };
    },
    async slotsOf(live: string, people: readonly string[]): Promise<number[]> {
      const found = await watching
        .find({ live, person: { $in: [...people] } })
        .select({ slots: 1 })
        .lean<Pick<WatchDoc, 'slots'>[]>()
        .exec();
      return found.map(({ slots }) => slots);
    },
  };
}

import { insertNew, type Database } from '../platform/db/index.ts';
import { drawModels, type AwardDoc, type DrawDoc, type EntryDoc, type ListDoc } from './draws.model.ts';
import type { DrawState } from './draws.rules.ts';

export type DrawStore = ReturnType<typeof createDrawStore>;

export function createDrawStore(db: Database) {
  const { draws, entries, lists, awards } = drawModels(db);
  return {
    byId: (id: string) => draws.findById(id).lean<DrawDoc>().exec(),
    /** The one that runs in a live; there is no second. */
    runningIn: (live: string) => draws.findOne({ live, running: true }).lean<DrawDoc>().exec(),
    running: () => draws.find({ running: true }).limit(500).lean<DrawDoc[]>().exec(),
    latestIn: (live: string) =>
      draws.findOne({ live, state: 'drawn' }).sort({ createdAt: -1 }).lean<DrawDoc>().exec(),
    unawarded: () => draws.find({ state: 'drawn', awardedAt: null }).limit(50).lean<DrawDoc[]>().exec(),

    /** Duplicate key while another runs in this live. */
    async insert(doc: DrawDoc) {
      await draws.collection.insertOne(doc as never);
    },
    /** Compare and set. @returns null when it was not in that state any more */
    move: (
      id: string,
      from: DrawState,
      change: { set: Partial<DrawDoc> & { state: DrawState }; over?: boolean },
    ) =>
      draws
        .findOneAndUpdate(
          { _id: id, state: from },
          { $set: change.set, ...(change.over ? { $unset: { running: '' } } : {}) },
          { returnDocument: 'after' },
        )
        .lean<DrawDoc>()
        .exec(),
    /** Nothing of it is left to be done. */
    async finish(id: string) {
      await draws.updateOne({ _id: id }, { $unset: { running: '' } });
    },
    async setAwarded(id: string, at: Date): Promise<boolean> {
      const result = await draws.updateOne({ _id: id, awardedAt: null }, { $set: { awardedAt: at } });
      return result.modifiedCount > 0;
    },

    addEntries: (docs: readonly EntryDoc[]) => insertNew(entries.collection, docs),
    hasEntry: async (id: string) => (await entries.exists({ _id: id })) !== null,
    countEntries: (draw: string) => entries.countDocuments({ draw }),
    async entrantsOf(draw: string): Promise<string[]> {
      const found = await entries.find({ draw }).select({ _id: 0, entrant: 1 }).lean<EntryDoc[]>().exec();
      return found.map(({ entrant }) => entrant);
    },
    entriesOf: (ids: readonly string[]) =>
      entries
        .find({ _id: { $in: [...ids] } })
        .lean<EntryDoc[]>()
        .exec(),

    /** Written once: whoever comes second gets what the first one wrote. */
    async writeList(draw: string, entrants: readonly string[]): Promise<string[]> {
      await insertNew(lists.collection, [{ _id: draw, entrants }]);
      const list = await lists.findById(draw).lean<ListDoc>().exec();
      return list?.entrants ?? [];
    },
    list: async (draw: string): Promise<string[] | undefined> =>
      (await lists.findById(draw).lean<ListDoc>().exec())?.entrants,

    addAwards: (docs: readonly AwardDoc[]) => insertNew(awards.collection, docs),
    awardsOf: (draw: string) => awards.find({ draw }).sort({ rank: 1 }).lean<AwardDoc[]>().exec(),
    awardsOfPeople: (draw: string, people: readonly string[]) =>
      awards
        .find({ draw, person: { $in: [...people] } })
        .sort({ rank: 1 })
        .lean<AwardDoc[]>()
        .exec(),
    awardById: (id: string) => awards.findById(id).lean<AwardDoc>().exec(),
    wonBy: (person: string, limit: number) =>
      awards.find({ person }).sort({ at: -1 }).limit(limit).lean<AwardDoc[]>().exec(),
    overdueAwards: (now: Date) =>
      awards
        .find({ state: 'waiting', until: { $lte: now } })
        .limit(100)
        .lean<AwardDoc[]>()
        .exec(),
    /** Compare and set. @returns whether it was waiting */
    async endAward(id: string, state: 'claimed' | 'lapsed', endedAt: Date): Promise<boolean> {
      const result = await awards.updateOne({ _id: id, state: 'waiting' }, { $set: { state, endedAt } });
      return result.modifiedCount > 0;
    },
  };
}

import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { unitModels, type LotCardDoc, type RunDoc, type UnitDoc } from './units.model.ts';
import { statesBefore, type UnitState } from './units.rules.ts';

export type UnitStore = ReturnType<typeof createUnitStore>;

export interface Binding {
  order: string;
  line: number;
  place: string;
  at: Date;
  by: string;
}

/** What a unit of no order has in its fields. */
const FREE = { order: null, line: null, place: null, parcel: null };

export function createUnitStore(db: Database) {
  const { units, runs, cards } = unitModels(db);

  return {
    byId: (serial: string) => units.findById(serial).lean<UnitDoc>().exec(),
    ofOrder: (order: string) => units.find({ order }).sort({ place: 1 }).lean<UnitDoc[]>().exec(),
    run: (id: string) => runs.findById(id).lean<RunDoc>().exec(),
    runsOf: (lot: string) => runs.find({ lot }).sort({ at: -1 }).limit(200).lean<RunDoc[]>().exec(),
    unfinishedRuns: (before: Date) =>
      runs
        .find({ done: false, at: { $lt: before } })
        .limit(20)
        .lean<RunDoc[]>()
        .exec(),

    /** @returns false when the run is there already */
    async insertRun(doc: RunDoc): Promise<boolean> {
      try {
        await runs.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async finishRun(id: string) {
      await runs.updateOne({ _id: id }, { $set: { done: true } });
    },

    /** A run that got no room. One that has begun to make units stays. */
    async removeRun(id: string) {
      await runs.deleteOne({ _id: id, done: false });
    },

    /** Makes room for a run in its lot, once. @returns false when the lot has not so many pieces left */
    async reserve(lot: string, run: { id: string; qty: number }, pieces: number): Promise<boolean> {
      const { matchedCount } = await cards.updateOne(
        { _id: lot, runs: { $ne: run.id }, labelled: { $lte: pieces - run.qty } },
        { $inc: { labelled: run.qty }, $push: { runs: run.id } },
      );
      if (matchedCount > 0) return true;
      return (await cards.exists({ _id: lot, runs: run.id })) !== null;
    },

    async ensureCard(lot: string) {
      await cards.updateOne(
        { _id: lot },
        { $setOnInsert: { labelled: 0, runs: [], growers: [] } },
        { upsert: true },
      );
    },

    card: (lot: string) => cards.findById(lot).lean<LotCardDoc>().exec(),

    async setGrowers(lot: string, growers: readonly string[]) {
      await cards.updateOne(
        { _id: lot },
        { $set: { growers: [...growers] }, $setOnInsert: { labelled: 0, runs: [] } },
        { upsert: true },
      );
    },

    /** Those that are there already stay as they are. */
    async insertUnits(docs: UnitDoc[]) {
      try {
        await units.collection.insertMany(docs as never[], { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    /** Compare and set. @returns null when it was moved meanwhile; undefined when that place has its unit */
    async bind(unit: UnitDoc, { order, line, place, at, by }: Binding): Promise<UnitDoc | null | undefined> {
      try {
        return await units
          .findOneAndUpdate(
            { _id: unit._id, state: unit.state, order: unit.order },
            { $set: { state: 'packed', order, line, place, parcel: null, since: at, by } },
            { returnDocument: 'after' },
          )
          .lean<UnitDoc>()
          .exec();
      } catch (error) {
        if (isDuplicateKey(error)) return undefined;
        throw error;
      }
    },

    /** From an order back to the shelf. @returns null when it does not lie ready in that order */
    release: (serial: string, order: string, done: { at: Date; by: string }) =>
      units
        .findOneAndUpdate(
          { _id: serial, state: 'packed', order, parcel: null },
          { $set: { state: 'commissioned', ...FREE, since: done.at, by: done.by } },
          { returnDocument: 'after' },
        )
        .lean<UnitDoc>()
        .exec(),

    /** @returns null when it is in none of the states before this one */
    setState: (serial: string, to: UnitState, done: { at: Date; by: string; free?: boolean }) =>
      units
        .findOneAndUpdate(
          { _id: serial, state: { $in: statesBefore(to) } },
          { $set: { state: to, since: done.at, by: done.by, ...(done.free ? FREE : {}) } },
          { returnDocument: 'after' },
        )
        .lean<UnitDoc>()
        .exec(),

    async intoParcel(serials: readonly string[], parcel: string) {
      await units.updateMany(
        { _id: { $in: [...serials] }, state: 'packed', parcel: null },
        { $set: { parcel } },
      );
    },

    async outOfParcel(order: string, parcel: string) {
      await units.updateMany({ order, parcel, state: 'packed' }, { $set: { parcel: null } });
    },

    async moveParcel(order: string, parcel: string, to: UnitState, done: { at: Date; by: string }) {
      await units.updateMany(
        { order, parcel, state: { $in: statesBefore(to) } },
        { $set: { state: to, since: done.at, by: done.by } },
      );
    },

    /** All units of a lot or a run, in the order of their codes, without holding them all. */
    each: (filter: { lot: string } | { run: string }): AsyncIterable<UnitDoc> =>
      units.find(filter).sort({ _id: 1 }).lean<UnitDoc[]>().cursor({ batchSize: 1_000 }),

    /** How many there are of each lot, and how many of them belong to orders. */
    sums: () =>
      units.aggregate<{ _id: string; units: number; gone: number }>([
        {
          $group: {
            _id: '$lot',
            units: { $sum: 1 },
            gone: { $sum: { $cond: [{ $in: ['$state', ['shipped', 'sold']] }, 1, 0] } },
          },
        },
        { $sort: { _id: 1 } },
      ]),

    count: (filter: { lot: string } | { run: string }) => units.countDocuments(filter).exec(),
  };
}

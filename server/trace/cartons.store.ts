import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { cartonModels, type CartonDoc } from './cartons.model.ts';
import { MOST_IN_CARTON } from './cartons.rules.ts';

export type CartonStore = ReturnType<typeof createCartonStore>;

interface Done {
  at: Date;
  by: string;
}

const LISTED = 500;

export function createCartonStore(db: Database) {
  const { cartons } = cartonModels(db);
  const after = { returnDocument: 'after' } as const;

  return {
    byId: (sscc: string) => cartons.findById(sscc).lean<CartonDoc>().exec(),
    ofLot: (lot: string) =>
      cartons.find({ lot }).sort({ madeAt: -1 }).limit(LISTED).lean<CartonDoc[]>().exec(),
    ofOrder: (order: string) => cartons.find({ order }).sort({ _id: 1 }).lean<CartonDoc[]>().exec(),
    /** All that was ever closed of a lot. */
    closedOf: (lot: string): AsyncIterable<CartonDoc> =>
      cartons
        .find({ lot, closedAt: { $ne: null } })
        .sort({ closedAt: 1 })
        .lean<CartonDoc[]>()
        .cursor({ batchSize: 100 }),
    /** The one that a unit lies in. */
    holding: (serial: string) => cartons.findOne({ units: serial }).lean<CartonDoc>().exec(),
    /** Those that were closed over it. */
    everWith: (serial: string) =>
      cartons.find({ packed: serial }).select({ _id: 1 }).lean<Pick<CartonDoc, '_id'>[]>().exec(),

    /** @returns false when the number is taken */
    async insert(doc: CartonDoc): Promise<boolean> {
      try {
        await cartons.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Into an open carton, once. @returns null when it is not open or full; undefined when another one holds it */
    async put(sscc: string, serial: string): Promise<CartonDoc | null | undefined> {
      try {
        return await cartons
          .findOneAndUpdate(
            {
              _id: sscc,
              state: 'open',
              units: { $ne: serial },
              [`units.${MOST_IN_CARTON - 1}`]: { $exists: false },
            },
            { $push: { units: serial } },
            after,
          )
          .lean<CartonDoc>()
          .exec();
      } catch (error) {
        if (isDuplicateKey(error)) return undefined;
        throw error;
      }
    },

    /** @returns null when it is not open, or the unit is not in it */
    take: (sscc: string, serial: string) =>
      cartons
        .findOneAndUpdate({ _id: sscc, state: 'open', units: serial }, { $pull: { units: serial } }, after)
        .lean<CartonDoc>()
        .exec(),

    /** Out of a carton that went away and came back without it. */
    async letGo(serial: string) {
      await cartons.updateOne({ units: serial, state: 'stowed' }, { $pull: { units: serial } });
    },

    /** Those that went to an order one by one are not in it any more. */
    async without(sscc: string, serials: readonly string[]) {
      await cartons.updateOne({ _id: sscc }, { $pullAll: { units: [...serials] } });
    },

    /** @returns null when it is not open, or nothing is in it */
    close: (sscc: string, { at, by }: Done) =>
      cartons
        .findOneAndUpdate(
          { _id: sscc, state: 'open', 'units.0': { $exists: true } },
          [{ $set: { state: 'closed', packed: '$units', closedAt: at, closedBy: by, since: at, by } }],
          { ...after, updatePipeline: true },
        )
        .lean<CartonDoc>()
        .exec(),

    /** @returns null when it is with an order, or taken apart already */
    unpack: (sscc: string, { at, by }: Done) =>
      cartons
        .findOneAndUpdate(
          { _id: sscc, state: { $in: ['open', 'closed'] } },
          { $set: { state: 'unpacked', units: [], unpackedAt: at, unpackedBy: by, since: at, by } },
          after,
        )
        .lean<CartonDoc>()
        .exec(),

    /** Whoever gets it from `closed` may put its units to that line; nobody else meanwhile. */
    claim: (sscc: string, to: Done & { order: string; line: number }) =>
      cartons
        .findOneAndUpdate(
          { _id: sscc, state: 'closed' },
          { $set: { state: 'stowing', order: to.order, line: to.line, since: to.at, by: to.by } },
          after,
        )
        .lean<CartonDoc>()
        .exec(),

    /** All its units are there. @returns null when somebody has given it up meanwhile */
    stowed: ({ _id, order, since }: CartonDoc, at: Date) =>
      cartons
        .findOneAndUpdate(
          { _id, state: 'stowing', order, since },
          { $set: { state: 'stowed', since: at } },
          after,
        )
        .lean<CartonDoc>()
        .exec(),

    /** @returns null when it does not lie with that order */
    reclaim: (sscc: string, order: string, { at, by }: Done) =>
      cartons
        .findOneAndUpdate(
          { _id: sscc, state: 'stowed', order },
          { $set: { state: 'stowing', since: at, by } },
          after,
        )
        .lean<CartonDoc>()
        .exec(),

    /** Back on the shelf; its units are free by now. */
    async giveUp({ _id, order, since }: CartonDoc, at: Date) {
      await cartons.updateOne(
        { _id, state: 'stowing', order, since },
        { $set: { state: 'closed', order: null, line: null, since: at } },
      );
    },

    /** Those that somebody died over. */
    stuck: (before: Date) =>
      cartons
        .find({ state: 'stowing', since: { $lt: before } })
        .limit(50)
        .lean<CartonDoc[]>()
        .exec(),

    async printed(sscc: string) {
      await cartons.updateOne({ _id: sscc }, { $inc: { printed: 1 } });
    },
  };
}

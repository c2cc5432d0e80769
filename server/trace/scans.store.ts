import type { Database } from '../platform/db/index.ts';
import { scanModels, type SaltDoc, type ScanDoc } from './scans.model.ts';

export type ScanStore = ReturnType<typeof createScanStore>;

export interface Scan {
  serial: string;
  at: Date;
  day: string;
  person: string;
  place: string;
  /** Undefined where it is not known. */
  province: string | undefined;
  /** Whether the unit is in its buyer's hands. */
  sold: boolean;
}

/** So many hashes a day: enough to see copies, too few to grow a document. */
const KEPT = 64;

export function createScanStore(db: Database) {
  const { scans, salts } = scanModels(db);
  return {
    of: (serial: string) => scans.findById(serial).lean<ScanDoc>().exec(),

    /** Counts a look, a person once a day. Not journaled: a count that loses its last moment misleads nobody. */
    async count({ serial, at, day, person, place, province, sold }: Scan) {
      const today = { $eq: ['$day', day] };
      const list = (name: string) => ({ $cond: [today, { $ifNull: [`$${name}`, []] }, []] });
      const isNew = (name: string, value: string) => ({
        $and: [{ $not: [{ $in: [value, list(name)] }] }, { $lt: [{ $size: list(name) }, KEPT] }],
      });
      const newPerson = isNew('people', person);
      const newPlace = isNew('places', place);
      const added = (name: string, value: string) => ({
        $cond: [isNew(name, value), { $concatArrays: [list(name), [value]] }, list(name)],
      });
      const sum = (name: string, grows: unknown) => ({
        $add: [{ $ifNull: [`$${name}`, 0] }, { $cond: [grows, 1, 0] }],
      });
      // There are 35 of them, counting abroad as one: these lists grow no further.
      const known = (name: string) => ({ $ifNull: [`$${name}`, []] });
      const joined = (list: unknown, when: unknown = true) =>
        province === undefined ? list : { $cond: [when, { $setUnion: [list, [province]] }, list] };
      const provincesToday = joined({ $cond: [today, known('provincesToday'), []] });
      await scans.collection.updateOne(
        { _id: serial as never },
        [
          {
            $set: {
              first: { $ifNull: ['$first', at] },
              count: sum('count', newPerson),
              people: added('people', person),
              places: added('places', place),
              mostPlaces: {
                $max: [{ $ifNull: ['$mostPlaces', 0] }, { $size: added('places', place) }],
              },
              allPlaces: sum('allPlaces', newPlace),
              placesAfterSale: sum('placesAfterSale', { $and: [newPlace, sold] }),
              firstProvince: { $ifNull: ['$firstProvince', province ?? null] },
              provincesToday,
              mostProvinces: { $max: [{ $ifNull: ['$mostProvinces', 0] }, { $size: provincesToday }] },
              provinces: joined(known('provinces')),
              provincesAfterSale: joined(known('provincesAfterSale'), sold),
              day,
            },
          },
        ],
        { upsert: true, writeConcern: { w: 1, j: false } },
      );
    },

    /** The salt of a day, made by whoever needs it first. */
    async saltOf(day: string, fresh: string): Promise<string> {
      const found = await salts
        .findOneAndUpdate(
          { _id: day },
          { $setOnInsert: { salt: fresh } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<SaltDoc>()
        .exec();
      return found?.salt ?? fresh;
    },

    async forgetSalts(before: string) {
      await salts.deleteMany({ _id: { $lt: before } });
    },
  };
}

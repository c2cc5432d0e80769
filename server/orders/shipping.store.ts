import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { shippingModels, type ShippingDoc, type ShippingVersion } from './shipping.model.ts';

export type ShippingStore = ReturnType<typeof createShippingStore>;

export function createShippingStore(db: Database) {
  const { tables } = shippingModels(db);
  return {
    /** The tables of all cooperatives that have one of their own, without their past. */
    current: () =>
      tables
        .find()
        .select({ version: 1, table: 1 })
        .lean<Pick<ShippingDoc, '_id' | 'version' | 'table'>[]>()
        .exec(),
    byCooperative: (cooperative: string) => tables.findById(cooperative).lean<ShippingDoc>().exec(),

    /** Compare and set on the version. @returns whether nobody was quicker */
    async change(cooperative: string, next: ShippingVersion): Promise<boolean> {
      try {
        const result = await tables.updateOne(
          { _id: cooperative, version: next.version - 1 },
          { $set: { version: next.version, table: next.table }, $push: { history: next } },
          { upsert: next.version === 1 },
        );
        return result.modifiedCount + result.upsertedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

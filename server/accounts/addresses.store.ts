import type { Database } from '../platform/db/index.ts';
import { addressModels, type AddressDoc } from './addresses.model.ts';
import type { PostalAddress } from './addresses.rules.ts';

export type AddressStore = ReturnType<typeof createAddressStore>;

/** Every write names the people whose addresses may be touched: another's is not found. */
export function createAddressStore(db: Database) {
  const { addresses } = addressModels(db);
  return {
    of: (people: readonly string[]) =>
      addresses
        .find({ person: { $in: [...people] } })
        .lean<AddressDoc[]>()
        .exec(),
    byId: (id: string, people: readonly string[]) =>
      addresses
        .findOne({ _id: id, person: { $in: [...people] } })
        .lean<AddressDoc>()
        .exec(),
    async insert(doc: AddressDoc) {
      await addresses.collection.insertOne(doc as never);
    },
    /** @returns whether it was there */
    async change(
      key: { id: string; people: readonly string[] },
      set: Partial<PostalAddress> & { updatedAt: Date; defaultAt?: Date },
    ): Promise<boolean> {
      const result = await addresses.updateOne(
        { _id: key.id, person: { $in: [...key.people] } },
        { $set: set },
      );
      return result.matchedCount > 0;
    },
    async remove(id: string, people: readonly string[]) {
      await addresses.deleteOne({ _id: id, person: { $in: [...people] } });
    },
  };
}

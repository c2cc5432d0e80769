import type { Database } from '../platform/db/index.ts';
import { signingModels, type KeyDoc } from './signing.model.ts';

export type SigningStore = ReturnType<typeof createSigningStore>;

export function createSigningStore(db: Database) {
  const { keys } = signingModels(db);
  return {
    /** The newest first. */
    all: () => keys.find().sort({ createdAt: -1, _id: 1 }).lean<KeyDoc[]>().exec(),

    async insert(doc: KeyDoc) {
      await keys.collection.insertOne(doc as never);
    },

    /** All but one sign nothing new any more. */
    async retireOthers(id: string, at: Date) {
      await keys.updateMany({ _id: { $ne: id }, retiredAt: null }, { $set: { retiredAt: at } });
    },

    /** @returns null when there is no such key, or it has been revoked already */
    revoke: (id: string, at: Date, why: string) =>
      keys
        .findOneAndUpdate(
          { _id: id, revokedAt: null },
          { $set: { revokedAt: at, why } },
          { returnDocument: 'after' },
        )
        .lean<KeyDoc>()
        .exec(),
  };
}

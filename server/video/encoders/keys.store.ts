import { isDuplicateKey, type Database } from '../../platform/db/index.ts';
import type { EncoderFault } from './gate.rules.ts';
import { keyModels } from './keys.model.ts';
import type { Claim, StreamKey } from './keys.rules.ts';

export type KeyStore = ReturnType<typeof createKeyStore>;

export function createKeyStore(db: Database) {
  const { keys } = keyModels(db);
  return {
    ofLive: (live: string) => keys.findById(live).lean<StreamKey>().exec(),
    byHash: (hash: string) => keys.findOne({ hash }).lean<StreamKey>().exec(),

    /**
     * The live's key from now on, instead of the one that was made at `before`; whoever was on air with that one no
     * longer is. @returns whether nobody was quicker
     */
    async replace(before: Date | null, { _id, ...key }: StreamKey): Promise<boolean> {
      if (before) {
        const result = await keys.updateOne({ _id, madeAt: before }, { $set: key });
        return result.modifiedCount > 0;
      }
      try {
        await keys.collection.insertOne({ _id, ...key } as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    /** @returns whether there was a key to revoke */
    async revoke(live: string): Promise<boolean> {
      const result = await keys.updateOne(
        { _id: live, hash: { $type: 'string' } },
        { $set: { hash: null, claim: null } },
      );
      return result.modifiedCount > 0;
    },

    /** Compare and set on who had it. @returns whether nobody was quicker */
    async claim(key: { live: string; hash: string; before: Claim | null }, claim: Claim): Promise<boolean> {
      const { live, hash, before } = key;
      const held = before ? { 'claim.connection': before.connection } : { claim: null };
      const result = await keys.updateOne({ _id: live, hash, ...held }, { $set: { claim, lastFault: null } });
      return result.modifiedCount > 0;
    },
    /** @returns whether the claim is still that connection's */
    async hold(live: string, connection: string, heardAt: Date | undefined): Promise<boolean> {
      const filter = { _id: live, 'claim.connection': connection };
      if (!heardAt) return (await keys.exists(filter)) !== null;
      const result = await keys.updateOne(filter, { $set: { 'claim.heardAt': heardAt } });
      return result.matchedCount > 0;
    },
    async leave(live: string, connection: string, lastFault: { fault: EncoderFault; at: Date } | null) {
      await keys.updateOne(
        { _id: live, 'claim.connection': connection },
        { $set: { claim: null, ...(lastFault ? { lastFault } : {}) } },
      );
    },
  };
}

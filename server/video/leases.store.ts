import { trusted } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { leaseModels, type Lease } from './leases.model.ts';

export type LeaseStore = ReturnType<typeof createLeaseStore>;

export function createLeaseStore(db: Database) {
  const { leases } = leaseModels(db);
  return {
    /** Whoever publishes here now has it; the process that had it finds out when it renews. */
    async take({ _id, ...lease }: Lease) {
      await leases.updateOne({ _id }, { $set: lease }, { upsert: true });
    },
    /** @returns those of the lives that are still this node's */
    async renew(lives: readonly string[], node: string, until: Date): Promise<Set<string>> {
      if (lives.length === 0) return new Set();
      const mine = { _id: { $in: [...lives] }, node };
      await leases.updateMany(mine, { $set: { until } });
      const found = await leases.find(mine).select({ _id: 1 }).lean<{ _id: string }[]>().exec();
      return new Set(found.map(({ _id }) => _id));
    },
    of: (live: string, now: Date) =>
      leases
        .findOne({ _id: live, until: trusted({ $gt: now }) })
        .lean<Lease>()
        .exec(),
    /** Of the lives, those that are somewhere. */
    async held(lives: readonly string[], now: Date): Promise<Lease[]> {
      if (lives.length === 0) return [];
      return leases
        .find({ _id: { $in: [...lives] }, until: trusted({ $gt: now }) })
        .lean<Lease[]>()
        .exec();
    },
    async free(lives: readonly string[], node: string) {
      await leases.deleteMany({ _id: { $in: [...lives] }, node });
    },
  };
}

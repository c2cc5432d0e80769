import type { Database } from '../platform/db/index.ts';
import { accountModels, type UserDoc } from './accounts.model.ts';
import type { AttemptLimit, Role } from './accounts.rules.ts';

export type AccountStore = ReturnType<typeof createAccountStore>;

export function createAccountStore(db: Database) {
  const { users, attempts } = accountModels(db);
  return {
    /** The account of this id, or else the one that this guest has become. */
    whoIs: async (id: string) =>
      (await users.findById(id).lean<UserDoc>().exec()) ??
      (await users.findOne({ claims: id }).sort({ createdAt: 1 }).lean<UserDoc>().exec()),
    byIds: (ids: readonly string[]) =>
      users
        .find({ _id: { $in: [...ids] } })
        .lean<UserDoc[]>()
        .exec(),
    byLogin: (login: string) => users.findOne({ login }).lean<UserDoc>().exec(),
    loginsOf: (ids: readonly string[]) =>
      users
        .find({ _id: { $in: [...ids] } })
        .select({ login: 1 })
        .lean<Pick<UserDoc, '_id' | 'login'>[]>()
        .exec(),
    /** Duplicate key when the login is taken. */
    async insert(user: UserDoc) {
      await users.collection.insertOne(user as never);
    },
    async addClaim(id: string, guestId: string) {
      await users.updateOne({ _id: id }, { $addToSet: { claims: guestId } });
    },
    async setRoles(id: string, roles: Role[]) {
      await users.updateOne({ _id: id }, { $set: { roles } });
    },

    /** Counts one attempt and returns how many there were in the window, this one included. */
    async countAttempt(limit: AttemptLimit, now: Date): Promise<number> {
      const fresh = { $lte: ['$until', now] };
      const doc = await attempts.findOneAndUpdate(
        { _id: limit.key },
        [
          {
            $set: {
              count: { $cond: [fresh, 1, { $add: [{ $ifNull: ['$count', 0] }, 1] }] },
              until: {
                $cond: [fresh, new Date(now.getTime() + limit.windowMs), '$until'],
              },
            },
          },
        ],
        { upsert: true, returnDocument: 'after', updatePipeline: true },
      );
      return doc?.count ?? 1;
    },
    async forgetAttempts(keys: string[]) {
      await attempts.deleteMany({ _id: { $in: keys } });
    },
    async removeOldAttempts(now: Date) {
      await attempts.deleteMany({ until: { $lt: now } });
    },
  };
}

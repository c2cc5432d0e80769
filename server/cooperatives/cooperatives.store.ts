import type { Database } from '../platform/db/index.ts';
import { cooperativeModels, type CooperativeDoc, type MembershipDoc } from './cooperatives.model.ts';

export type CooperativeStore = ReturnType<typeof createCooperativeStore>;

export function createCooperativeStore(db: Database) {
  const { cooperatives, memberships } = cooperativeModels(db);
  return {
    all: () => cooperatives.find().sort({ createdAt: 1, slug: 1 }).lean<CooperativeDoc[]>().exec(),
    bySlug: (slug: string) => cooperatives.findOne({ slug }).lean<CooperativeDoc>().exec(),
    byIds: (ids: string[]) =>
      cooperatives
        .find({ _id: { $in: ids } })
        .lean<CooperativeDoc[]>()
        .exec(),
    async insert(doc: CooperativeDoc) {
      await cooperatives.collection.insertOne(doc as never);
    },
    async addMember(cooperative: string, user: string, since: Date) {
      const _id = `${cooperative}:${user}`;
      await memberships.updateOne({ _id }, { $setOnInsert: { cooperative, user, since } }, { upsert: true });
    },
    async membersOf(cooperative: string): Promise<string[]> {
      const docs = await memberships.find({ cooperative }).sort({ since: 1 }).lean<MembershipDoc[]>().exec();
      return docs.map(({ user }) => user);
    },
    async cooperativesOf(user: string): Promise<string[]> {
      const docs = await memberships.find({ user }).sort({ since: 1 }).lean<MembershipDoc[]>().exec();
      return docs.map((doc) => doc.cooperative);
    },
  };
}

import type { Database } from '../platform/db/index.ts';
import { liveModels, type ChatDoc, type LiveDoc } from './live.model.ts';
import type { LiveState } from './live.rules.ts';

export type LiveStore = ReturnType<typeof createLiveStore>;

export function createLiveStore(db: Database) {
  const { lives, chat } = liveModels(db);
  return {
    byId: (id: string) => lives.findById(id).lean<LiveDoc>().exec(),
    byIds: (ids: string[]) =>
      lives
        .find({ _id: { $in: ids } })
        .lean<LiveDoc[]>()
        .exec(),
    /** Running: newest first. Scheduled: soonest first. Ended: latest first. */
    inState: (state: LiveState, limit: number) =>
      lives
        .find({ state })
        .sort({ startsAt: state === 'scheduled' ? 1 : -1 })
        .limit(limit)
        .lean<LiveDoc[]>()
        .exec(),
    ofHost: (host: string | undefined, limit: number) =>
      lives
        .find(host === undefined ? {} : { host })
        .sort({ startsAt: -1 })
        .limit(limit)
        .lean<LiveDoc[]>()
        .exec(),
    async insert(doc: LiveDoc) {
      await lives.collection.insertOne(doc as never);
    },
    /** Compare and set. @returns null when it was not in that state */
    move: (id: string, from: LiveState, set: Partial<LiveDoc>) =>
      lives
        .findOneAndUpdate({ _id: id, state: from }, { $set: set }, { returnDocument: 'after' })
        .lean<LiveDoc>()
        .exec(),
    pin: (id: string, pinned: LiveDoc['pinned']) =>
      lives
        .findOneAndUpdate(
          { _id: id, state: { $ne: 'ended' }, ...(pinned ? { rail: pinned.sku } : {}) },
          { $set: { pinned } },
          { returnDocument: 'after' },
        )
        .lean<LiveDoc>()
        .exec(),
    async addLikes(sums: ReadonlyMap<string, number>) {
      await lives.bulkWrite(
        [...sums].map(([id, count]) => ({
          updateOne: { filter: { _id: id, state: 'live' }, update: { $inc: { likes: count } } },
        })),
      );
    },
    async raisePeak(id: string, viewers: number) {
      await lives.updateOne({ _id: id, peakViewers: { $lt: viewers } }, { $set: { peakViewers: viewers } });
    },

    async insertChat(docs: ChatDoc[]) {
      await chat.collection.insertMany(docs as never[]);
    },
    /** The latest messages, oldest first. */
    async latestChat(live: string, limit: number): Promise<ChatDoc[]> {
      const found = await chat.find({ live }).sort({ at: -1, _id: -1 }).limit(limit).lean<ChatDoc[]>().exec();
      return found.reverse();
    },
  };
}

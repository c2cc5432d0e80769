import type { Database } from '../platform/db/index.ts';
import { liveModels, type ChatDoc, type LiveDoc } from './live.model.ts';
import type { PinMark } from './chapters.rules.ts';
import type { Turn } from './crew.rules.ts';
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
    /** Lays on the table and remembers it, in one write; null when somebody was quicker, or it has ended. */
    pin: (id: string, mark: PinMark) =>
      lives
        .findOneAndUpdate(
          {
            _id: id,
            state: { $ne: 'ended' },
            pinSeq: lastSeq(mark),
            ...(mark.sku ? { rail: mark.sku } : {}),
          },
          {
            $set: { pinned: pinnedBy(mark), pinSeq: mark.seq },
            $push: { marks: mark },
          },
          { returnDocument: 'after' },
        )
        .lean<LiveDoc>()
        .exec(),
    /** Ends it with its last mark; null when somebody pinned, took over or ended it meanwhile. */
    end: (live: LiveDoc, { mark, turns }: { mark: PinMark; turns: Turn[] }) =>
      lives
        .findOneAndUpdate(
          {
            _id: live._id,
            state: 'live',
            pinSeq: lastSeq(mark),
            [`turns.${live.turns?.length ?? 0}`]: { $exists: false },
          },
          {
            $set: {
              ...{ state: 'ended', endedAt: mark.at, pinned: null, pinSeq: mark.seq, turns },
              ...{ handover: null, answer: null },
            },
            $push: { marks: mark },
          },
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
    /** What was said in a span of time, in its order. */
    said: (live: string, { from, to }: { from: Date; to: Date }): AsyncIterable<ChatDoc> =>
      chat
        .find({ live, at: { $gte: from, $lte: to } })
        .sort({ at: 1 })
        .lean<ChatDoc[]>()
        .cursor({ batchSize: 500 }) as AsyncIterable<ChatDoc>,
    /** The latest messages, oldest first. */
    async latestChat(live: string, limit: number): Promise<ChatDoc[]> {
      const found = await chat
        .find({ live, hidden: null })
        .sort({ at: -1, _id: -1 })
        .limit(limit)
        .lean<ChatDoc[]>()
        .exec();
      return found.reverse();
    },
  };
}

/** null also finds what has never been pinned in. */
function lastSeq({ seq }: PinMark): number | null {
  return seq === 1 ? null : seq - 1;
}

function pinnedBy({ sku, lot, at }: PinMark): LiveDoc['pinned'] {
  return sku === null ? null : { sku, lot, at };
}

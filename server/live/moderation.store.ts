import { trusted } from 'mongoose';
import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { liveModels, type ChatDoc, type LiveDoc } from './live.model.ts';
import {
  moderationModels,
  type Hidden,
  type ReportDoc,
  type SanctionDoc,
  type WordListDoc,
} from './moderation.model.ts';
import { MAX_KEYS, type ChatRules, type ListedWord } from './moderation.rules.ts';

export type ModerationStore = ReturnType<typeof createModerationStore>;

const SHOP_LIST = 'shop';

export function createModerationStore(db: Database) {
  const { lives, chat } = liveModels(db);
  const { wordLists, sanctions, reports, spoken } = moderationModels(db);
  return {
    shopWords: () => wordLists.findById(SHOP_LIST).lean<WordListDoc>().exec(),
    /** Compare and set on the number of changes. @returns whether it was still that one */
    async setShopWords(
      words: ListedWord[],
      change: { edits: number; by: string; at: Date },
    ): Promise<boolean> {
      const { edits, by, at } = change;
      try {
        const done = await wordLists.updateOne(
          { _id: SHOP_LIST, edits },
          { $set: { words, by, at, edits: edits + 1 } },
          { upsert: edits === 0 },
        );
        return done.modifiedCount + done.upsertedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    setRules: (live: string, chatRules: ChatRules) =>
      lives
        .findOneAndUpdate(
          { _id: live, state: { $ne: 'ended' } },
          { $set: { chatRules } },
          { returnDocument: 'after' },
        )
        .lean<LiveDoc>()
        .exec(),

    /** Every sanction in force that could meet one of these. */
    inForce: (ask: { scopes: string[]; keys: string[]; now: Date }) =>
      sanctions
        .find({
          scope: { $in: ask.scopes },
          lifted: null,
          $and: [
            { $or: [{ until: null }, { until: { $gt: ask.now } }] },
            { $or: [{ keys: { $in: ask.keys } }, { 'place.until': { $gt: ask.now } }] },
          ],
        })
        .limit(1_000)
        .lean<SanctionDoc[]>()
        .exec(),
    /** Bans that are not lifted and know one of these. */
    bans: (ask: { scopes: string[]; keys: string[] }) =>
      sanctions
        .find({ keys: { $in: ask.keys }, scope: { $in: ask.scopes }, kind: 'ban', lifted: null })
        .limit(2_000)
        .lean<SanctionDoc[]>()
        .exec(),
    bansSince: (scopes: string[], since: Date) =>
      sanctions
        .find({ scope: { $in: scopes }, at: trusted({ $gt: since }), kind: 'ban', lifted: null })
        .limit(500)
        .lean<SanctionDoc[]>()
        .exec(),
    async insertSanction(doc: SanctionDoc) {
      await sanctions.collection.insertOne(doc as never);
    },
    async addKeys(id: string, keys: string[]) {
      await sanctions.updateOne(
        { _id: id, [`keys.${MAX_KEYS - keys.length}`]: { $exists: false } },
        { $addToSet: { keys: { $each: keys } } },
      );
    },
    /** null when it is lifted already, or not of this live. */
    lift: (id: string, scopes: string[], lifted: { by: string; at: Date }) =>
      sanctions
        .findOneAndUpdate(
          { _id: id, scope: { $in: scopes }, lifted: null },
          { $set: { lifted } },
          { returnDocument: 'after' },
        )
        .lean<SanctionDoc>()
        .exec(),
    sanctionsIn: (scopes: string[], limit: number) =>
      sanctions
        .find({ scope: { $in: scopes } })
        .sort({ at: -1 })
        .limit(limit)
        .lean<SanctionDoc[]>()
        .exec(),

    message: (live: string, id: string) => chat.findOne({ _id: id, live }).lean<ChatDoc>().exec(),
    messages: (live: string, as: Hidden['as'], limit: number) =>
      chat.find({ live, 'hidden.as': as }).sort({ at: -1 }).limit(limit).lean<ChatDoc[]>().exec(),
    /** The latest that somebody has said here, newest first. */
    saidBy: (live: string, person: string, limit: number) =>
      chat.find({ live, person }).sort({ at: -1 }).limit(limit).lean<ChatDoc[]>().exec(),
    /** Compare and set on how it stands. @returns the message as it is then, or null */
    hide: (id: string, from: Hidden['as'] | null, hidden: Hidden | null) =>
      chat
        .findOneAndUpdate(
          from === null ? { _id: id, hidden: null } : { _id: id, 'hidden.as': from },
          { $set: { hidden } },
          { returnDocument: 'after' },
        )
        .lean<ChatDoc>()
        .exec(),
    answered: (id: string, answered: { by: string; at: Date }) =>
      chat
        .findOneAndUpdate({ _id: id, answered: null }, { $set: { answered } }, { returnDocument: 'after' })
        .lean<ChatDoc>()
        .exec(),
    questions: (live: string, limit: number) =>
      chat
        .find({ live, question: true, hidden: null, answered: null })
        .sort({ at: -1 })
        .limit(limit)
        .lean<ChatDoc[]>()
        .exec(),

    /** Whether the last word of this speaker is long enough ago; then it is theirs again, from now. */
    async mayAgain(live: string, speaker: string, { now, ms }: { now: Date; ms: number }): Promise<boolean> {
      try {
        await spoken.updateOne(
          { _id: `${live}:${speaker}`, at: { $lte: new Date(now.getTime() - ms) } },
          { $set: { live, at: now } },
          { upsert: true },
        );
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async forgetSpoken(before: Date) {
      await spoken.deleteMany({ at: { $lt: before } });
    },

    /** Once for each reporter and message. */
    async insertReport(doc: ReportDoc): Promise<boolean> {
      try {
        await reports.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    reportsOf: (live: string | undefined, state: ReportDoc['state'] | undefined, limit: number) =>
      reports
        .find({ ...(live === undefined ? {} : { live }), ...(state === undefined ? {} : { state }) })
        .sort({ at: -1 })
        .limit(limit)
        .lean<ReportDoc[]>()
        .exec(),
    decide: (id: string, live: string, set: Pick<ReportDoc, 'state' | 'decided'>) =>
      reports
        .findOneAndUpdate({ id, live, state: 'open' }, { $set: set }, { returnDocument: 'after' })
        .lean<ReportDoc>()
        .exec(),
  };
}

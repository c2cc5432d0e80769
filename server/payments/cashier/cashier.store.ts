import { isDuplicateKey, type Database } from '../../platform/db/index.ts';
import { cashierModels, type AnswerDoc } from './cashier.model.ts';
import type { Letter, RefundObject, Story } from './objects.rules.ts';

export type CashierStore = ReturnType<typeof createCashierStore>;

export interface Page {
  limit: number;
  /** Seconds since 1970. */
  since?: number | undefined;
  after?: string | undefined;
}

interface ListedLetter {
  letter: Letter;
}

export function createCashierStore(db: Database) {
  const { stories, answers } = cashierModels(db);
  const raw = stories.collection;

  return {
    byIntent: (id: string) => stories.findById(id).lean<Story>().exec(),
    byRefund: (id: string) => stories.findOne({ 'refunds.id': id }).lean<Story>().exec(),
    byCharge: (id: string) => stories.findOne({ 'charges.id': id }).lean<Story>().exec(),
    byLetter: (id: string) => stories.findOne({ 'letters.id': id }).lean<Story>().exec(),

    /** @returns false when it is there already */
    async insert(story: Story): Promise<boolean> {
      try {
        await raw.insertOne(story as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Writes a changed story, unless somebody else has changed it since it was read. */
    async replace(story: Story): Promise<boolean> {
      const { rev } = story;
      const result = await raw.replaceOne({ _id: story._id as never, rev }, { ...story, rev: rev + 1 });
      return result.modifiedCount === 1;
    },

    async due(now: Date, limit: number): Promise<string[]> {
      const found = await stories
        .find({ dueAt: { $lte: now } })
        .sort({ dueAt: 1 })
        .limit(limit)
        .select({ _id: 1 })
        .lean<{ _id: string }[]>()
        .exec();
      return found.map(({ _id }) => _id);
    },

    async listIntents({ limit, since, after }: Page): Promise<Story[]> {
      const from = after === undefined ? null : await stories.findById(after).lean<Story>().exec();
      return stories
        .find({
          ...(since === undefined ? {} : { created: { $gte: since } }),
          ...(from
            ? { $or: [{ created: { $lt: from.created } }, { created: from.created, _id: { $lt: from._id } }] }
            : {}),
        })
        .sort({ created: -1, _id: -1 })
        .limit(limit)
        .lean<Story[]>()
        .exec();
    },

    async listRefunds(intent: string | undefined, since: number): Promise<RefundObject[]> {
      const found = await raw
        .aggregate<{ refund: RefundObject }>([
          {
            $match: {
              ...(intent === undefined ? {} : { _id: intent as never }),
              'refunds.0': { $exists: true },
            },
          },
          { $unwind: '$refunds' },
          { $match: { 'refunds.created': { $gte: since } } },
          { $sort: { 'refunds.created': -1, 'refunds.id': -1 } },
          { $project: { refund: '$refunds' } },
        ])
        .toArray();
      return found.map(({ refund }) => refund);
    },

    /** Events, latest first. `undelivered`: only those that have not been taken in. */
    async listLetters(match: {
      types: string[] | undefined;
      since: number;
      undelivered: boolean | undefined;
    }) {
      const { types, since, undelivered } = match;
      const found = await raw
        .aggregate<ListedLetter>([
          ...(undelivered === true ? [{ $match: { dueAt: { $type: 'date' } } }] : []),
          { $unwind: '$letters' },
          {
            $match: {
              'letters.created': { $gte: since },
              ...(types ? { 'letters.type': { $in: types } } : {}),
              ...(undelivered === undefined
                ? {}
                : { 'letters.deliveredAt': undelivered ? null : { $ne: null } }),
            },
          },
          { $sort: { 'letters.created': -1, 'letters.id': -1 } },
          { $limit: 1_000 },
          { $project: { letter: '$letters' } },
        ])
        .toArray();
      return found.map(({ letter }) => letter);
    },

    /** Begins to answer a request. @returns the earlier answer to the same key, if there is one */
    async begin(answer: AnswerDoc): Promise<AnswerDoc | undefined> {
      try {
        await answers.collection.insertOne(answer as never);
        return undefined;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await answers.findById(answer._id).lean<AnswerDoc>().exec()) ?? undefined;
      }
    },

    /** Takes over an answer that a process has not finished before it died. */
    async takeOver(key: string, begun: Date, now: Date): Promise<boolean> {
      const result = await answers.collection.updateOne(
        { _id: key as never, status: 0, at: begun },
        { $set: { at: now } },
      );
      return result.modifiedCount === 1;
    },

    async finish(key: string, answer: { status: number; body: string }) {
      await answers.collection.updateOne({ _id: key as never }, { $set: answer });
    },

    async forget(key: string) {
      await answers.collection.deleteOne({ _id: key as never, status: 0 });
    },

    async forgetBefore(before: Date): Promise<void> {
      await answers.deleteMany({ at: { $lt: before } });
    },
  };
}

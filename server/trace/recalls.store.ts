import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { recallModels, type RecallCaseDoc, type RecallDoc } from './recalls.model.ts';
import type { CaseRefund, RecallOutcome } from './recalls.rules.ts';

export type RecallStore = ReturnType<typeof createRecallStore>;

const MOST = 200;

export function createRecallStore(db: Database) {
  const { recalls, cases } = recallModels(db);
  return {
    byId: (id: string) => recalls.findById(id).lean<RecallDoc>().exec(),
    byIds: (ids: readonly string[]) =>
      recalls
        .find({ _id: { $in: [...ids] } })
        .lean<RecallDoc[]>()
        .exec(),

    /** The latest first. */
    ofCooperative: (cooperative: string) =>
      recalls.find({ cooperative }).sort({ startedAt: -1 }).limit(MOST).lean<RecallDoc[]>().exec(),
    ofLot: (code: string) =>
      recalls.find({ code }).sort({ startedAt: -1 }).limit(MOST).lean<RecallDoc[]>().exec(),

    /** Those with something left to be done, or to be watched. */
    unfinished: () =>
      recalls
        .find({ $or: [{ state: 'running' }, { lotFollowed: false }, { overTold: false }] })
        .limit(MOST)
        .lean<RecallDoc[]>()
        .exec(),

    /** @returns `taken` when the lot is being recalled already; `known` when this very recall is there */
    async insert(doc: RecallDoc): Promise<'new' | 'known' | 'taken'> {
      try {
        await recalls.collection.insertOne(doc as never);
        return 'new';
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await recalls.exists({ _id: doc._id })) === null ? 'taken' : 'known';
      }
    },

    /** Compare and set. @returns null when it is over already */
    end: (id: string, over: { to: RecallOutcome; at: Date; by: string; why: string }) =>
      recalls
        .findOneAndUpdate(
          { _id: id, state: 'running' },
          {
            $set: {
              state: over.to,
              endedAt: over.at,
              endedBy: over.by,
              endWhy: over.why,
              lotFollowed: false,
              overTold: over.to !== 'false_alarm',
            },
          },
          { returnDocument: 'after' },
        )
        .lean<RecallDoc>()
        .exec(),

    async followed(id: string, state: RecallDoc['state']) {
      await recalls.updateOne({ _id: id, state }, { $set: { lotFollowed: true } });
    },

    async toldOver(id: string) {
      await recalls.updateOne({ _id: id }, { $set: { overTold: true } });
    },

    async scannedTo(id: string, seq: number) {
      await recalls.updateOne({ _id: id }, { $max: { scanned: seq } });
    },

    /** Once. @returns null when it is over, or somebody has before */
    refundAll: (id: string, by: { at: Date; by: string }) =>
      recalls
        .findOneAndUpdate(
          { _id: id, state: 'running', refundAll: null },
          { $set: { refundAll: by } },
          { returnDocument: 'after' },
        )
        .lean<RecallDoc>()
        .exec(),

    /** Those that are there already stay as they are. */
    async addCases(docs: readonly RecallCaseDoc[]) {
      if (docs.length === 0) return;
      try {
        await cases.collection.insertMany(docs as never[], { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    caseOf: (recall: string, order: string) =>
      cases.findById(`${recall}:${order}`).lean<RecallCaseDoc>().exec(),
    casesOfOrder: (order: string) => cases.find({ order }).lean<RecallCaseDoc[]>().exec(),

    /** A page in the order of the orders' codes. */
    cases: (recall: string, after: string | undefined, limit: number) =>
      cases
        .find({ recall, ...(after === undefined ? {} : { _id: { $gt: `${recall}:${after}` } }) })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<RecallCaseDoc[]>()
        .exec(),

    untold: (recall: string, which: 'told' | 'toldOver', limit: number) =>
      cases
        .find({ recall, [which]: false })
        .limit(limit)
        .lean<RecallCaseDoc[]>()
        .exec(),

    async setTold(ids: readonly string[], which: 'told' | 'toldOver', reached: boolean) {
      const set = which === 'told' ? { told: true, reached } : { toldOver: true };
      if (ids.length > 0) await cases.updateMany({ _id: { $in: [...ids] } }, { $set: set });
    },

    unrefunded: (recall: string, limit: number) =>
      cases.find({ recall, refund: 'none' }).limit(limit).lean<RecallCaseDoc[]>().exec(),

    async setRefund(id: string, refund: CaseRefund, by: string) {
      await cases.updateOne(
        { _id: id, refund: { $in: ['none', 'refused'] } },
        { $set: { refund, refundBy: by } },
      );
    },

    /** How many orders, told, without an address, and by refund. */
    async sums(recall: string) {
      const rows = await cases.aggregate<{ _id: CaseRefund; n: number; told: number; reached: number }>([
        { $match: { recall } },
        {
          $group: {
            _id: '$refund',
            n: { $sum: 1 },
            told: { $sum: { $cond: ['$told', 1, 0] } },
            reached: { $sum: { $cond: ['$reached', 1, 0] } },
          },
        },
      ]);
      const sum = (name: 'n' | 'told' | 'reached') => rows.reduce((all, row) => all + row[name], 0);
      const of = (refund: CaseRefund) => rows.find(({ _id }) => _id === refund)?.n ?? 0;
      return {
        orders: sum('n'),
        told: sum('told'),
        reached: sum('reached'),
        asked: of('asked'),
        open: of('none'),
      };
    },
  };
}

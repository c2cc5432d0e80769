import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { reportModels, type ReportDoc } from './reports.model.ts';

export type ReportStore = ReturnType<typeof createReportStore>;

export function createReportStore(db: Database) {
  const { reports } = reportModels(db);
  return {
    /** Sent twice, it is there once. */
    async insert(doc: ReportDoc) {
      try {
        await reports.collection.insertOne(doc as never);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    /** Open ones first, the latest first. */
    ofCooperative: (cooperative: string, limit: number) =>
      reports.find({ cooperative }).sort({ state: -1, at: -1 }).limit(limit).lean<ReportDoc[]>().exec(),
    countOpen: (cooperative: string) => reports.countDocuments({ cooperative, state: 'open' }).exec(),
    async finish(id: string, cooperative: string, done: { doneAt: Date; doneBy: string }) {
      await reports.updateOne({ _id: id, cooperative, state: 'open' }, { $set: { state: 'done', ...done } });
    },
  };
}

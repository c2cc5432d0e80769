import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { reportModels, type ReportDoc } from './reports.model.ts';

export type ReportStore = ReturnType<typeof createReportStore>;

export function createReportStore(db: Database) {
  const { reports } = reportModels(db);
  return {
    /** @returns false when it is there already */
    async insert(doc: ReportDoc): Promise<boolean> {
      try {
        await reports.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    /** Open ones first, the latest first. */
    ofCooperative: (cooperative: string, limit: number) =>
      reports.find({ cooperative }).sort({ state: -1, at: -1 }).limit(limit).lean<ReportDoc[]>().exec(),
    byId: (id: string) => reports.findById(id).lean<ReportDoc>().exec(),
    untold: () => reports.find({ told: false }).sort({ at: 1 }).limit(50).lean<ReportDoc[]>().exec(),
    async told(id: string) {
      await reports.updateOne({ _id: id }, { $set: { told: true } });
    },
    countOpen: (cooperative: string) => reports.countDocuments({ cooperative, state: 'open' }).exec(),
    async finish(id: string, cooperative: string, done: { doneAt: Date; doneBy: string }) {
      await reports.updateOne({ _id: id, cooperative, state: 'open' }, { $set: { state: 'done', ...done } });
    },
  };
}

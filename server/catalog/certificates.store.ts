import { insertNew, type Database } from '../platform/db/index.ts';
import { certificateModels, type CertificateDoc, type CertificateEntry } from './certificates.model.ts';
import type { CertificateState } from './certificates.rules.ts';

export type CertificateStore = ReturnType<typeof createCertificateStore>;

export interface CertificateChange {
  id: string;
  from: CertificateState;
  set: Partial<Pick<CertificateDoc, 'state' | 'file'>>;
  entry: CertificateEntry;
}

const MOST = 500;

export function createCertificateStore(db: Database) {
  const { certificates } = certificateModels(db);
  return {
    byId: (id: string) => certificates.findById(id).lean<CertificateDoc>().exec(),

    ofSkus: (skus: readonly string[]): Promise<CertificateDoc[]> =>
      certificates
        .find({ skus: { $in: [...skus] } })
        .sort({ validTo: -1, _id: 1 })
        .lean<CertificateDoc[]>()
        .exec(),

    /** Those that end last first. */
    ofCooperatives: (cooperatives: readonly string[]): Promise<CertificateDoc[]> =>
      certificates
        .find({ cooperative: { $in: [...cooperatives] } })
        .sort({ validTo: -1, _id: 1 })
        .limit(MOST)
        .lean<CertificateDoc[]>()
        .exec(),

    /** SKUs of those that begin or end between two days, the first excluded as a beginning and included as an end. */
    async turningBetween(before: string, today: string): Promise<string[]> {
      const found = await certificates
        .find({
          $or: [{ validTo: { $gte: before, $lt: today } }, { validFrom: { $gt: before, $lte: today } }],
        })
        .select({ skus: 1 })
        .lean<Pick<CertificateDoc, 'skus'>[]>()
        .exec();
      return found.flatMap(({ skus }) => skus);
    },

    /** Adds what is not there; one that is stays as it is. @returns how many were new */
    async add(docs: readonly CertificateDoc[]): Promise<number> {
      return docs.length - (await insertNew(certificates.collection, docs)).size;
    },

    /** Compare and set, once by the entry's `ref`. @returns null when it is in another state by now */
    change: ({ id, from, set, entry }: CertificateChange) =>
      certificates
        .findOneAndUpdate(
          { _id: id, state: from, 'history.ref': { $ne: entry.ref } },
          { $set: { ...set, dirty: true }, $push: { history: entry } },
          { returnDocument: 'after' },
        )
        .lean<CertificateDoc>()
        .exec(),

    dirty: () => certificates.find({ dirty: true }).limit(MOST).lean<CertificateDoc[]>().exec(),

    /** Its products know. Only while nothing has been changed since. */
    async settle({ _id, history }: CertificateDoc) {
      await certificates.updateOne({ _id, history: { $size: history.length } }, { $set: { dirty: false } });
    },
  };
}

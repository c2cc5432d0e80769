import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { labelModels, type PrintBookDoc, type PrintEntry } from './labels.model.ts';

export type LabelStore = ReturnType<typeof createLabelStore>;

export function createLabelStore(db: Database) {
  const { books } = labelModels(db);
  return {
    book: (run: string) => books.findById(run).lean<PrintBookDoc>().exec(),
    ofLot: (lot: string) => books.find({ lot }).lean<PrintBookDoc[]>().exec(),

    /** Writes down a print. @returns false when another one came between the look and the write */
    async add(run: { id: string; lot: string }, seen: number, entry: PrintEntry): Promise<boolean> {
      try {
        const done = await books.updateOne(
          { _id: run.id, ...(seen === 0 ? { 'prints.0': { $exists: false } } : { prints: { $size: seen } }) },
          { $push: { prints: entry }, $setOnInsert: { lot: run.lot } },
          { upsert: seen === 0 },
        );
        return done.matchedCount + done.upsertedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

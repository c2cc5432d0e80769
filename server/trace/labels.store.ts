import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { labelModels, type PrintBookDoc, type PrintEntry } from './labels.model.ts';

export type LabelStore = ReturnType<typeof createLabelStore>;

export function createLabelStore(db: Database) {
  const { books } = labelModels(db);
  return {
    book: (run: string) => books.findById(run).lean<PrintBookDoc>().exec(),
    ofLot: (lot: string) => books.find({ lot }).lean<PrintBookDoc[]>().exec(),

    /** Of how many lots each key has signed labels, and how many. */
    usesOfKeys: () =>
      books.aggregate<{ _id: string; lots: number; labels: number }>([
        { $unwind: '$prints' },
        { $match: { 'prints.key': { $type: 'string' } } },
        {
          $group: {
            _id: { key: '$prints.key', lot: '$lot' },
            labels: {
              $sum: {
                $cond: [
                  { $gt: [{ $size: '$prints.codes' }, 0] },
                  { $size: '$prints.codes' },
                  { $add: [{ $subtract: ['$prints.to', '$prints.from'] }, 1] },
                ],
              },
            },
          },
        },
        { $group: { _id: '$_id.key', lots: { $sum: 1 }, labels: { $sum: '$labels' } } },
      ]),

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

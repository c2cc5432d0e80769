import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { chapterModels, type PinMarkDoc } from './chapters.model.ts';
import type { PinMark } from './chapters.rules.ts';
import { liveModels } from './live.model.ts';

export type ChapterStore = ReturnType<typeof createChapterStore>;

export function createChapterStore(db: Database) {
  const { marks } = chapterModels(db);
  const { lives } = liveModels(db);
  return {
    /** Lives in which a lot lay on the table. */
    async livesWithLot(lot: string): Promise<string[]> {
      const [here, away] = await Promise.all([
        lives.distinct('_id', { 'marks.lot': lot }).exec(),
        marks.distinct('live', { lot }).exec(),
      ]);
      return [...new Set([...here, ...away].map(String))];
    },

    /** Marks that have been moved away from their live. */
    of: (live: string) => marks.find({ live }).sort({ seq: 1 }).lean<PinMarkDoc[]>().exec(),

    /**
     * Moves marks away from the live's document, so that ten hours of pins do not make every reading of it heavier.
     * Cut short after the first step, it leaves marks in both places, which readers count once.
     */
    async moveAway(live: string, old: readonly PinMark[]): Promise<void> {
      const last = old.at(-1);
      if (!last) return;
      try {
        await marks.collection.insertMany(
          old.map((mark) => ({ ...mark, _id: `${live}:${mark.seq}`, live })) as never[],
          { ordered: false },
        );
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      await lives.updateOne({ _id: live }, { $pull: { marks: { seq: { $lte: last.seq } } } });
    },
  };
}

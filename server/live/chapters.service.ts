import { chapterAt, chaptersOf, type Chapter } from './chapters.rules.ts';
import type { ChapterStore } from './chapters.store.ts';
import type { Live } from './live.service.ts';

export type Chapters = ReturnType<typeof createChapters>;

/** The marks that a live carries along; the rest are in a collection of their own. */
const MARKS_KEPT = 20;
const MARKS_AT_MOST = 60;

/** What lay on the table and when: chapters of the replay, and what an order's evidence refers to. */
export function createChapters(deps: {
  store: ChapterStore;
  lives: { byId: (id: string) => Promise<Live> };
}) {
  const { store, lives } = deps;

  /** First the live, then what was moved away from it: read the other way round, a mark moved in between is lost. */
  async function read(id: string): Promise<Chapter[]> {
    const live = await lives.byId(id);
    const moved = await store.of(id);
    return chaptersOf([...moved, ...(live.marks ?? [])], live);
  }

  return {
    /** In their order; empty before the live has begun. @throws AppError `not_found` */
    of: read,

    /** When a lot lay on the table, in every live: for a recall. */
    async ofLot(lot: string): Promise<{ live: string; chapter: Chapter }[]> {
      const found = await Promise.all(
        (await store.livesWithLot(lot)).map(async (live) =>
          (await read(live)).flatMap((chapter) => (chapter.lot === lot ? [{ live, chapter }] : [])),
        ),
      );
      return found.flat().sort((a, b) => a.chapter.from.getTime() - b.chapter.from.getTime());
    },

    /** What was on the card at that instant. @throws AppError `not_found` for an unknown live */
    async at(id: string, instant: Date): Promise<Chapter | undefined> {
      return chapterAt(await read(id), instant);
    },

    /** After a pin: keeps the live's document small. A failure costs nothing; the next pin tries again. */
    async tidy(live: Live): Promise<void> {
      const marks = live.marks ?? [];
      if (marks.length <= MARKS_AT_MOST) return;
      await store.moveAway(live._id, marks.slice(0, -MARKS_KEPT));
    },
  };
}

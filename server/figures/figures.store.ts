import { insertNew, isDuplicateKey, type Database } from '../platform/db/index.ts';
import { figureModels, type MinuteDoc, type VisitDoc } from './figures.model.ts';
import type { Minute, Source, Tap } from './figures.rules.ts';

export type FigureStore = ReturnType<typeof createFigureStore>;

export interface TapCount {
  live: string;
  sku: string;
  what: Tap;
  count: number;
}

type StoredMinute = Pick<MinuteDoc, 'at'> & Partial<MinuteDoc>;

export function createFigureStore(db: Database) {
  const { minutes, visits } = figureModels(db);
  const key = (live: string, at: Date) => `${live}:${at.toISOString().slice(0, 16)}`;

  return {
    /** The most people that this process has had in that minute. */
    async raise(live: string, at: Date, seen: { node: string; people: number }): Promise<void> {
      const update = { $max: { [`people.${seen.node}`]: seen.people }, $setOnInsert: { live, at } };
      await again(() =>
        minutes.collection.updateOne({ _id: key(live, at) as never }, update, { upsert: true }),
      );
    },

    async addTaps(at: Date, counts: readonly TapCount[]): Promise<void> {
      const operations = counts.map(({ live, sku, what, count }) => ({
        updateOne: {
          filter: { _id: key(live, at) as never },
          update: { $inc: { [`taps.${sku}.${what}`]: count }, $setOnInsert: { live, at } },
          upsert: true,
        },
      }));
      await minutes.collection.bulkWrite(operations, { ordered: true });
    },

    /** Those who were here before are not counted again. */
    arrive: (docs: readonly VisitDoc[]) => insertNew(visits.collection, docs),

    /** In their order. A minute has only what happened in it. */
    async minutes(live: string): Promise<Minute[]> {
      const found = await minutes
        .find({ live })
        .sort({ at: 1 })
        .limit(MINUTES_AT_MOST)
        .lean<StoredMinute[]>()
        .exec();
      return found.map(({ at, people = {}, taps = {} }) => ({ at, people, taps }));
    },

    async sources(live: string): Promise<Map<Source, number>> {
      const found = await visits.aggregate<{ _id: Source; people: number }>([
        { $match: { live } },
        { $group: { _id: '$from', people: { $sum: 1 } } },
      ]);
      return new Map(found.map(({ _id, people }) => [_id, people]));
    },
  };
}

/** Two days; no live is that long. */
const MINUTES_AT_MOST = 2_880;

/** Two processes may both begin a minute: whoever comes second finds it there. */
async function again<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return write();
  }
}

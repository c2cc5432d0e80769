import { trusted } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { recordingModels, type Recording } from './recordings.model.ts';

export type RecordingStore = ReturnType<typeof createRecordingStore>;
export type Grown = Pick<Recording, 'durationMs' | 'bytes' | 'segments'>;

export function createRecordingStore(db: Database) {
  const { recordings } = recordingModels(db);
  return {
    async insert(doc: Recording) {
      await recordings.collection.insertOne(doc as never);
    },
    byId: (id: string) => recordings.findById(id).lean<Recording>().exec(),
    ofLives: (lives: readonly string[]) =>
      recordings
        .find({ live: { $in: [...lives] }, removedAt: null })
        .sort({ startedAt: 1 })
        .lean<Recording[]>()
        .exec(),
    /** @param lives of these; of all when left out */
    latest: (limit: number, lives?: readonly string[]) =>
      recordings
        .find(lives ? { live: { $in: [...lives] } } : {})
        .sort({ startedAt: -1 })
        .limit(limit)
        .lean<Recording[]>()
        .exec(),
    /** Also one that was taken for forgotten, when its process or the database stood still for long. */
    async grow(id: string, grown: Grown, seenAt: Date) {
      await recordings.updateOne({ _id: id, removedAt: null }, { $set: { ...grown, seenAt, endedAt: null } });
    },
    async end(id: string, grown: Grown, endedAt: Date) {
      await recordings.updateOne(
        { _id: id, endedAt: null },
        { $set: { ...grown, endedAt, seenAt: endedAt } },
      );
    },
    /** Of this disk, begun and then not heard of. */
    forgotten: (disk: string, before: Date) =>
      recordings
        .find({ endedAt: null, disk, seenAt: trusted({ $lt: before }) })
        .limit(50)
        .lean<Recording[]>()
        .exec(),
    /** Bytes that recordings on this disk take. */
    async bytes(disk: string): Promise<number> {
      const [sum] = await recordings.aggregate<{ bytes: number }>([
        { $match: { disk, removedAt: null } },
        { $group: { _id: null, bytes: { $sum: '$bytes' } } },
      ]);
      return sum?.bytes ?? 0;
    },
    due: (disk: string, now: Date) =>
      recordings
        .find({ disk, removedAt: null, hold: null, keepUntil: trusted({ $lt: now }) })
        .limit(20)
        .lean<Recording[]>()
        .exec(),
    /** Compare and set: one that is held by now stays. @returns whether its files may go */
    async remove(id: string, now: Date): Promise<boolean> {
      const result = await recordings.updateOne(
        { _id: id, hold: null, removedAt: null, keepUntil: trusted({ $lt: now }) },
        { $set: { removedAt: now } },
      );
      return result.modifiedCount > 0;
    },
    /** Removed in the books, perhaps not yet on disk. */
    removed: (disk: string, since: Date) =>
      recordings
        .find({ disk, removedAt: trusted({ $gt: since }) })
        .lean<Recording[]>()
        .exec(),
    /** Compare and set. @returns whether nobody was quicker */
    async hold(id: string, hold: Recording['hold']): Promise<boolean> {
      const filter = hold
        ? { _id: id, hold: null, removedAt: null }
        : { _id: id, hold: trusted({ $ne: null }) };
      return (await recordings.updateOne(filter, { $set: { hold } })).modifiedCount > 0;
    },
  };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/** What was kept of a live, from one process's taking it on air to its letting it go. The pictures are on disk. */
export interface Recording {
  _id: string;
  live: string;
  /** The disk that has the files. */
  disk: string;
  /** Where other processes of the shop reach one that has this disk. */
  address: string;
  startedAt: Date;
  /** Null while it grows. */
  endedAt: Date | null;
  /** When it was last heard of. */
  seenAt: Date;
  durationMs: number;
  bytes: number;
  segments: number;
  /** Removed by the job after this day, unless it is held. */
  keepUntil: Date;
  /** A dispute or an authority: removed by nobody. */
  hold: { by: string; at: Date; why: string } | null;
  /** The files are gone; the entry says that they were there. */
  removedAt: Date | null;
}

const text = { type: String, required: true };
const date = { type: Date, required: true };
const number = { type: Number, required: true };

const recordingSchema = new Schema<Recording>(
  {
    ...{ _id: text, live: text, disk: text, address: text, startedAt: date },
    endedAt: { type: Date, default: null },
    ...{ seenAt: date, durationMs: number, bytes: number, segments: number, keepUntil: date },
    hold: { type: new Schema({ by: text, at: date, why: text }, { _id: false }), default: null },
    removedAt: { type: Date, default: null },
  },
  { collection: 'recordings', versionKey: false },
);
recordingSchema.index({ live: 1, startedAt: 1 });
recordingSchema.index({ removedAt: 1, keepUntil: 1 });
recordingSchema.index({ endedAt: 1, seenAt: 1 });

export function recordingModels(db: Database) {
  return { recordings: db.model('Recording', recordingSchema) };
}

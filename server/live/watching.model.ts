import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/** How long one person has been in one live's room: in slots, each counted once, whoever saw them there. */
export interface WatchDoc {
  _id: string;
  live: string;
  person: string;
  slots: number;
  /** The last slot that was counted. */
  last: number;
  since: Date;
}

const text = { type: String, required: true };
const number = { type: Number, required: true };

const watchSchema = new Schema<WatchDoc>(
  { _id: text, live: text, person: text, slots: number, last: number, since: { type: Date, required: true } },
  { collection: 'watching', versionKey: false },
);
watchSchema.index({ live: 1, person: 1 });

export function watchModels(db: Database) {
  return { watching: db.model('Watching', watchSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Lang } from '../platform/lang.ts';

/** Somebody wants to be told before a live begins. `_id` is both, so that asking twice is asking once. */
export interface ReminderDoc {
  _id: string;
  live: string;
  person: string;
  to: string;
  lang: Lang;
  at: Date;
  /** When they did not want it any more. */
  stoppedAt: Date | null;
}

const text = { type: String, required: true };

const reminderSchema = new Schema<ReminderDoc>(
  {
    _id: text,
    live: text,
    person: text,
    to: text,
    lang: text,
    at: { type: Date, required: true },
    stoppedAt: { type: Date, default: null },
  },
  { collection: 'reminders', versionKey: false },
);
reminderSchema.index({ live: 1, stoppedAt: 1 });

export function reminderModels(db: Database) {
  return { reminders: db.model('Reminder', reminderSchema) };
}

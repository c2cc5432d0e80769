import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { SOURCES, type Minute, type Source } from './figures.rules.ts';

export interface MinuteDoc extends Minute {
  _id: string;
  live: string;
}

/** Somebody came to a live, once. Who it was cannot be read from it, nor that it was the same person elsewhere. */
export interface VisitDoc {
  _id: string;
  live: string;
  from: Source;
}

const text = { type: String, required: true };

const minuteSchema = new Schema<MinuteDoc>(
  {
    _id: text,
    live: text,
    at: { type: Date, required: true },
    people: { type: Schema.Types.Mixed, default: {} },
    taps: { type: Schema.Types.Mixed, default: {} },
  },
  { collection: 'live_minutes', versionKey: false, minimize: false },
);
minuteSchema.index({ live: 1, at: 1 });

const visitSchema = new Schema<VisitDoc>(
  { _id: text, live: text, from: { type: String, enum: SOURCES, required: true } },
  { collection: 'live_visits', versionKey: false },
);
visitSchema.index({ live: 1, from: 1 });

export function figureModels(db: Database) {
  return { minutes: db.model('LiveMinute', minuteSchema), visits: db.model('LiveVisit', visitSchema) };
}

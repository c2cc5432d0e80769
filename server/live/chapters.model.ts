import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { PinMark } from './chapters.rules.ts';

export interface PinMarkDoc extends PinMark {
  /** `<live>:<seq>`, so that moving a mark twice is moving it once. */
  _id: string;
  live: string;
}

const text = { type: String, required: true };

export const markSchema = new Schema<PinMark>(
  {
    seq: { type: Number, required: true },
    sku: { type: String, default: null },
    lot: { type: String, default: null },
    at: { type: Date, required: true },
    host: text,
    by: text,
  },
  { _id: false },
);

const pinMarkSchema = new Schema<PinMarkDoc>(
  {
    _id: text,
    live: text,
    seq: { type: Number, required: true },
    sku: { type: String, default: null },
    lot: { type: String, default: null },
    at: { type: Date, required: true },
    host: text,
    by: text,
  },
  { collection: 'pin_marks', versionKey: false },
);
pinMarkSchema.index({ live: 1, seq: 1 });

export function chapterModels(db: Database) {
  return { marks: db.model('PinMark', pinMarkSchema) };
}

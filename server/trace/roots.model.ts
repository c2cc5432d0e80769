import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/** The heads of all chains as they were at the first turn of a day, as one hash that is published. */
export interface RootDoc {
  /** The day in China, ISO 8601. */
  _id: string;
  at: Date;
  root: string;
  /** What was published the day before it, day and root; genesis for the first. */
  previous: string;
  /** By the lot's code, in the order of the codes. */
  leaves: { lot: string; head: string }[];
}

const rootSchema = new Schema<RootDoc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    root: { type: String, required: true },
    previous: { type: String, required: true },
    leaves: [{ _id: false, lot: String, head: String }],
  },
  { collection: 'trace_roots', versionKey: false },
);

export function rootModels(db: Database) {
  return { roots: db.model('TraceRoot', rootSchema) };
}

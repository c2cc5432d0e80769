import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/**
 * One event of a lot's road. The key is the lot and the place on its chain: two writers who have seen the same head
 * want the same key, and one of them gets it. Written once, never changed.
 */
export interface EventDoc {
  /** `<lot>:<seq>` */
  _id: string;
  lot: string;
  seq: number;
  /** What caused it; unique on its lot. */
  key: string;
  /** Canonical JSON, the hash of the one before it included. What is shown is read from here alone. */
  body: string;
  /** SHA-256 of `body`. */
  hash: string;
}

const eventSchema = new Schema<EventDoc>(
  {
    _id: { type: String, required: true },
    lot: { type: String, required: true },
    seq: { type: Number, required: true },
    key: { type: String, required: true },
    body: { type: String, required: true },
    hash: { type: String, required: true },
  },
  { collection: 'trace_events', versionKey: false },
);
eventSchema.index({ lot: 1, seq: -1 }, { unique: true });
eventSchema.index({ lot: 1, key: 1 }, { unique: true });

export function eventModels(db: Database) {
  return { events: db.model('TraceEvent', eventSchema) };
}

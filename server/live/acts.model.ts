import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/** What somebody of the house did, or set out to do: written down first, ticked off when it is done. */
export interface ActDoc {
  _id: string;
  live: string;
  at: Date;
  by: string;
  byName: string;
  act: string;
  /** Whom or what it is about, in words that stay readable when the thing itself is gone. */
  about: string;
  why: string;
  done: boolean;
}

const text = { type: String, required: true };

const actSchema = new Schema<ActDoc>(
  {
    _id: text,
    live: text,
    at: { type: Date, required: true },
    by: text,
    byName: { type: String, default: '' },
    act: text,
    about: { type: String, default: '' },
    why: { type: String, default: '' },
    done: { type: Boolean, required: true },
  },
  { collection: 'live_acts', versionKey: false },
);
actSchema.index({ live: 1, at: -1 });

export function actModels(db: Database) {
  return { acts: db.model('LiveAct', actSchema) };
}

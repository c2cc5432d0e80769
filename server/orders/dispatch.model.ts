import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { DispatchTerms } from './dispatch.rules.ts';

/** Terms as somebody left them. */
export interface DispatchVersion {
  version: number;
  terms: DispatchTerms;
  by: string;
  byName: string;
  at: Date;
}

/** What a cooperative promises, and all that it promised before: both change in one write. */
export interface DispatchDoc {
  /** The cooperative's id. */
  _id: string;
  version: number;
  terms: DispatchTerms;
  history: DispatchVersion[];
}

const terms = { days: Number, cutOffHour: Number, resumesOn: { type: String, default: null } };

const dispatchSchema = new Schema<DispatchDoc>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    terms,
    history: [{ _id: false, version: Number, terms, by: String, byName: String, at: Date }],
  },
  { collection: 'dispatch_terms', versionKey: false },
);

export function dispatchModels(db: Database) {
  return { dispatch: db.model('DispatchTerms', dispatchSchema) };
}

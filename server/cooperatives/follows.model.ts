import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { FOLLOW_KINDS, type FollowKind } from './follows.rules.ts';

/** Who follows whom. `_id` is all three, so that following twice is following once. */
export interface FollowDoc {
  _id: string;
  kind: FollowKind;
  /** A cooperative's id, or a host's. */
  target: string;
  /** An account; guests follow nobody. */
  person: string;
  since: Date;
}

const text = { type: String, required: true };

const followSchema = new Schema<FollowDoc>(
  {
    _id: text,
    kind: { type: String, enum: FOLLOW_KINDS, required: true },
    target: text,
    person: text,
    since: { type: Date, required: true },
  },
  { collection: 'follows', versionKey: false },
);
followSchema.index({ target: 1, kind: 1 });
followSchema.index({ person: 1, since: -1 });

export function followModels(db: Database) {
  return { follows: db.model('Follow', followSchema) };
}

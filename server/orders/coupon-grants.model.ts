import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/**
 * One piece of a coupon that was handed out. Its key is its place in the drop, `<drop>#<1..quantity>`: there is no
 * more than one at each, whichever processes hand out. A void has no person: it closes a place for good.
 */
export interface GrantDoc {
  _id: string;
  drop: string;
  coupon: string;
  person: string | null;
  at: Date;
}

const text = { type: String, required: true };

const grantSchema = new Schema<GrantDoc>(
  {
    _id: text,
    drop: text,
    coupon: text,
    person: { type: String, default: null },
    at: { type: Date, required: true },
  },
  { collection: 'coupon_grants', versionKey: false },
);
grantSchema.index(
  { drop: 1, person: 1 },
  { unique: true, partialFilterExpression: { person: { $type: 'string' } }, name: 'person' },
);
grantSchema.index({ person: 1, at: -1 });

export function grantModels(db: Database) {
  return { grants: db.model('CouponGrant', grantSchema) };
}

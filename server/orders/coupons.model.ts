import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { CouponTerms } from './coupons.rules.ts';

export interface CouponDoc extends CouponTerms {
  /** The code that people type. */
  _id: string;
  /** How many orders may use it, and how many of one person. */
  total: number;
  perPerson: number;
  /** Only for those who hold a piece of it: it is handed out in lives, and its code alone is worth nothing. */
  held?: boolean;
  /** What lives may hand out of it, or have: never more than `total` together. */
  drops?: { id: string; pieces: number }[];
  /** Counts changes of `drops`: whoever decides on an old picture is sent back to look again. */
  dropSeq?: number;
  by: string;
  createdAt: Date;
}

/**
 * A use of a coupon by an order. Its id is the ticket, `<coupon>#<1..total>`, and (coupon, person, nth) is unique
 * with nth from 1 to the person's limit: one insert claims both limits or neither. A void has no coupon: it takes an
 * order's place so that a batch that was given up can claim nothing more.
 */
export interface CouponUseDoc {
  _id: string;
  coupon: string | null;
  ticket: number;
  person: string | null;
  nth: number;
  order: string;
  at: Date;
  /** Claimed again for a payment that came when the order's first use had been given back. */
  late?: boolean;
}

const text = { type: String, required: true };
const number = { type: Number, required: true };

const couponSchema = new Schema<CouponDoc>(
  {
    _id: text,
    kind: { type: String, enum: ['fixed', 'percent'], required: true },
    amountFen: number,
    percent: number,
    capFen: { type: Number, default: null },
    minSpendFen: number,
    cooperative: { type: String, default: null },
    scope: { type: Schema.Types.Mixed, required: true },
    total: number,
    perPerson: number,
    from: { type: Date, required: true },
    until: { type: Date, required: true },
    stoppedAt: { type: Date, default: null },
    held: Boolean,
    drops: { type: [{ _id: false, id: String, pieces: Number }], default: undefined },
    dropSeq: Number,
    by: text,
    createdAt: { type: Date, required: true },
  },
  { collection: 'coupons', versionKey: false },
);
couponSchema.index({ cooperative: 1, createdAt: -1 });

const useSchema = new Schema<CouponUseDoc>(
  {
    _id: text,
    coupon: { type: String, default: null },
    ticket: number,
    person: { type: String, default: null },
    nth: number,
    order: text,
    at: { type: Date, required: true },
    late: Boolean,
  },
  { collection: 'coupon_uses', versionKey: false },
);
useSchema.index({ order: 1 }, { unique: true, name: 'order' });
useSchema.index(
  { coupon: 1, person: 1, nth: 1 },
  { unique: true, name: 'person', partialFilterExpression: { coupon: { $type: 'string' } } },
);
useSchema.index({ coupon: 1, ticket: 1 });

export function couponModels(db: Database) {
  return { coupons: db.model('Coupon', couponSchema), uses: db.model('CouponUse', useSchema) };
}

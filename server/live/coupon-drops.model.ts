import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import {
  DROP_ENDS,
  DROP_STATES,
  type DropEnd,
  type DropState,
  type DropTerms,
} from './coupon-drops.rules.ts';

export interface DropDoc extends DropTerms {
  _id: string;
  live: string;
  /** The coupon's code. */
  coupon: string;
  state: DropState;
  closed: { at: Date; reason: DropEnd } | null;
  /** Pieces that people hold, once nothing more can be taken; null until that is counted. */
  taken: number | null;
  by: string;
  createdAt: Date;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };

const dropSchema = new Schema<DropDoc>(
  {
    _id: text,
    live: text,
    coupon: text,
    quantity: { type: Number, required: true },
    opensAt: time,
    closesAt: time,
    state: { type: String, enum: DROP_STATES, required: true },
    closed: {
      type: new Schema({ at: time, reason: { type: String, enum: DROP_ENDS } }, { _id: false }),
      default: null,
    },
    taken: { type: Number, default: null },
    by: text,
    createdAt: time,
  },
  { collection: 'coupon_drops', versionKey: false },
);
dropSchema.index({ live: 1, createdAt: -1 });
dropSchema.index({ createdAt: 1 }, { partialFilterExpression: { taken: null }, name: 'unsettled' });

export function dropModels(db: Database) {
  return { drops: db.model('CouponDrop', dropSchema) };
}

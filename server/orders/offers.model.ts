import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { OFFER_ENDS, type OfferState } from './offers.rules.ts';

export interface OfferDoc extends OfferState {
  _id: string;
  /** Counts changes of `takes`: whoever decides on an old picture is sent back to look again. */
  seq: number;
  /** Batches that were given up and may take nothing any more. */
  voided: { ref: string; at: Date }[];
  by: string;
  createdAt: Date;
}

const text = { type: String, required: true };
const count = { type: Number, required: true };
const time = { type: Date, required: true };

const offerSchema = new Schema<OfferDoc>(
  {
    _id: text,
    sku: text,
    live: text,
    priceFen: count,
    regularFen: count,
    quantity: count,
    perBuyer: count,
    opensAt: time,
    closesAt: time,
    takes: [{ _id: false, code: text, buyer: text, qty: count, batch: text }],
    closed: {
      type: new Schema({ at: time, reason: { type: String, enum: OFFER_ENDS } }, { _id: false }),
      default: null,
    },
    seq: count,
    voided: [{ _id: false, ref: String, at: Date }],
    by: text,
    createdAt: time,
  },
  { collection: 'offers', versionKey: false },
);
offerSchema.index({ live: 1, createdAt: -1 });
offerSchema.index({ closesAt: 1 }, { partialFilterExpression: { closed: null }, name: 'open' });

export function offerModels(db: Database) {
  return { offers: db.model('Offer', offerSchema) };
}

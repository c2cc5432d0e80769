import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';

/** A piece as it stood on the screen, with the lots that it was sold from. */
export interface EvidenceGoods {
  sku: string;
  name: Localized;
  variant: Localized;
  /** Fen a piece, as it was charged; and what the same piece cost without the offer at that second. */
  priceFen: number;
  regularFen: number;
  offer: { id: string; quantity: number; perBuyer: number; opensAt: Date; closesAt: Date } | null;
  /** Codes, as they stand on the labels. */
  lots: string[];
  /** What was said of the product by a certificate that was valid that day. */
  claims: string[];
}

/**
 * What stood on the screen when orders were rung up together in a live. A thousand people who tap in the same second
 * saw the same: it is written down once for all of them. Written once, and never changed.
 */
export interface MomentDoc {
  _id: string;
  live: string;
  /** The till's batch. It may have several of these: whoever is late is written by himself. */
  batch: string;
  /** When it was rung up; the place in the recording follows from it. */
  at: Date;
  /** What lay on the table. */
  card: { sku: string; lot: string | null; since: Date | null } | null;
  goods: EvidenceGoods[];
  /** By code; `goods` is a place in the list above, `discountFen` what of the order's discount falls on the line. */
  orders: {
    code: string;
    coupon: string | null;
    lines: { goods: number; qty: number; discountFen: number }[];
  }[];
  writtenAt: Date;
}

const text = { type: String, required: true };
const number = { type: Number, required: true };
const localized = { 'zh-CN': text, en: text };

const momentSchema = new Schema<MomentDoc>(
  {
    _id: text,
    live: text,
    batch: text,
    at: { type: Date, required: true },
    card: { type: new Schema({ sku: text, lot: String, since: Date }, { _id: false }), default: null },
    goods: [
      {
        _id: false,
        sku: text,
        name: localized,
        variant: localized,
        priceFen: number,
        regularFen: number,
        offer: {
          type: new Schema(
            { id: text, quantity: number, perBuyer: number, opensAt: Date, closesAt: Date },
            { _id: false },
          ),
          default: null,
        },
        lots: [String],
        claims: [String],
      },
    ],
    orders: [
      {
        _id: false,
        code: text,
        coupon: { type: String, default: null },
        lines: [{ _id: false, goods: number, qty: number, discountFen: number }],
      },
    ],
    writtenAt: { type: Date, required: true },
  },
  { collection: 'moments', versionKey: false },
);
momentSchema.index({ batch: 1 });
momentSchema.index({ live: 1, at: 1 });
momentSchema.index({ 'goods.sku': 1, at: -1 });

export function evidenceModels(db: Database) {
  return { moments: db.model('Moment', momentSchema) };
}

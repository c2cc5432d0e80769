import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';

export interface EvidenceLine {
  sku: string;
  name: Localized;
  variant: Localized;
  qty: number;
  /** Fen a piece, as it was charged; and what the same piece cost without the offer at that second. */
  priceFen: number;
  regularFen: number;
  /** The order's discount that falls on this line, in fen. */
  discountFen: number;
  offer: { id: string; quantity: number; perBuyer: number; opensAt: Date; closesAt: Date } | null;
  /** Codes, as they stand on the labels. */
  lots: string[];
  /** What was said of the product by a certificate that was valid that day. */
  claims: string[];
}

/** What stood on the screen when an order was placed in a live. Written once, and never changed. */
export interface EvidenceDoc {
  /** The order's code. */
  _id: string;
  live: string;
  /** When the order was rung up; the place in the recording follows from it. */
  at: Date;
  lines: EvidenceLine[];
  coupon: string | null;
  /** What lay on the table. */
  card: { sku: string; lot: string | null; since: Date | null } | null;
  writtenAt: Date;
}

const text = { type: String, required: true };
const number = { type: Number, required: true };
const localized = { 'zh-CN': text, en: text };

const evidenceSchema = new Schema<EvidenceDoc>(
  {
    _id: text,
    live: text,
    at: { type: Date, required: true },
    lines: [
      {
        _id: false,
        sku: text,
        name: localized,
        variant: localized,
        qty: number,
        priceFen: number,
        regularFen: number,
        discountFen: number,
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
    coupon: { type: String, default: null },
    card: { type: new Schema({ sku: text, lot: String, since: Date }, { _id: false }), default: null },
    writtenAt: { type: Date, required: true },
  },
  { collection: 'evidence', versionKey: false },
);
evidenceSchema.index({ live: 1, at: 1 });
evidenceSchema.index({ 'lines.sku': 1, at: -1 });

export function evidenceModels(db: Database) {
  return { evidence: db.model('Evidence', evidenceSchema) };
}

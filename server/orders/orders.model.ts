import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';
import { ORDER_STATES, type HistoryEntry, type OrderState } from './orders.rules.ts';

/** A line as it was at the moment of ordering: names, price and picture do not change afterwards. */
export interface OrderLine {
  sku: string;
  qty: number;
  priceFen: number;
  product: string;
  name: Localized;
  variant: Localized;
  image: string;
  cooperative: string;
  lots: { lot: string; qty: number }[];
}

export interface OrderDoc {
  /** The order's public code: random, and the key of the document. */
  _id: string;
  buyer: string;
  buyerName: string;
  clickId: string;
  live: string | null;
  state: OrderState;
  lines: OrderLine[];
  cooperatives: string[];
  totalFen: number;
  /** The batch in which it was rung up, and its place there. */
  batch: string;
  place: number;
  createdAt: Date;
  /** Until when the pieces are held while it awaits payment. */
  expiresAt: Date;
  /** Held pieces that are still to be given back: set by the move that ended the hold. */
  owes: 'release' | null;
  history: HistoryEntry[];
}

const text = { type: String, required: true };
const localized = { 'zh-CN': text, en: text };

const orderSchema = new Schema<OrderDoc>(
  {
    _id: text,
    buyer: text,
    buyerName: String,
    clickId: text,
    live: { type: String, default: null },
    state: { type: String, enum: ORDER_STATES, required: true },
    lines: [
      {
        _id: false,
        sku: text,
        qty: Number,
        priceFen: Number,
        product: text,
        name: localized,
        variant: localized,
        image: text,
        cooperative: text,
        lots: [{ _id: false, lot: String, qty: Number }],
      },
    ],
    cooperatives: [String],
    totalFen: { type: Number, required: true },
    batch: text,
    place: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    owes: { type: String, default: null },
    history: [{ _id: false, at: Date, from: String, to: String, by: String, why: String }],
  },
  { collection: 'orders', versionKey: false },
);
orderSchema.index({ buyer: 1, clickId: 1 }, { unique: true });
orderSchema.index({ cooperatives: 1, createdAt: -1 });
orderSchema.index({ live: 1, createdAt: -1 }, { partialFilterExpression: { live: { $type: 'string' } } });
orderSchema.index({ batch: 1, place: 1 });
orderSchema.index({ expiresAt: 1 }, { partialFilterExpression: { state: 'awaiting_payment' }, name: 'holds' });
orderSchema.index({ createdAt: 1 }, { partialFilterExpression: { state: 'opening' }, name: 'unfinished' });
orderSchema.index({ owes: 1 }, { partialFilterExpression: { owes: { $type: 'string' } } });

export function orderModels(db: Database) {
  return { orders: db.model('Order', orderSchema) };
}

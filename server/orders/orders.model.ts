import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Lang, Localized } from '../platform/lang.ts';
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
  /** Grams of one piece with its packing. */
  grossGrams: number;
  /** The flash offer at whose price it was sold. */
  offer: string | null;
  /** What of the order's discount falls on this line: a refund of it gives back so much less. */
  discountFen: number;
  lots: { lot: string; qty: number }[];
  /** The last day (ISO 8601, Beijing) on which it was promised to leave; absent in orders of before such promises. */
  shipsBy?: string;
}

/** Where an order goes, as it was when the buyer chose it. */
export interface OrderAddress {
  name: string;
  phone: string;
  province: string;
  city: string;
  county: string;
  street: string;
}

/** What sending one cooperative's goods costs in an order. */
export interface OrderShipping {
  cooperative: string;
  grams: number;
  fen: number;
}

export const PARCEL_STATES = ['packed', 'shipped', 'delivered'] as const;
export type ParcelState = (typeof PARCEL_STATES)[number];

/** What one cooperative sends in one box. */
export interface Parcel {
  /** Public and random, as it stands on the box. */
  code: string;
  cooperative: string;
  /** Places of the order's lines, and how many pieces of each are in the box. */
  items: { line: number; qty: number }[];
  state: ParcelState;
  carrier: string | null;
  tracking: string | null;
  packedAt: Date;
  packedBy: string;
  shippedAt: Date | null;
  deliveredAt: Date | null;
}

export interface OrderPayment {
  /** The PaymentIntent that is open or has succeeded. */
  intent: string | null;
  paidFen: number;
  paidAt: Date | null;
  refundedFen: number;
  disputed: boolean;
  /** PaymentIntents whose money went back because it was another sum. */
  returned?: string[];
}

/** Money going back; the key makes asking twice asking once. */
export interface OrderRefund {
  key: string;
  fen: number;
  why: string;
  by: string;
  at: Date;
  state: 'asked' | 'done' | 'failed';
  /** Pieces that come back to stock, by the place of their line, and the lots that they go to. */
  restock: { line: number; qty: number; lots: { lot: string; qty: number }[] }[];
  /** Pieces whose money it is; none when a plain sum goes back. */
  items: { line: number; qty: number }[];
  /** Cooperatives whose shipping goes back with it. */
  shipping: string[];
  /** Whose money it is, by cooperative; together all of it. */
  shares: { cooperative: string; fen: number }[];
}

/** `release_again`: what was held once more for a payment that came too late after all. */
export type Debt = 'release' | 'release_again' | 'sell';

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
  /** Fen; total = goods - discount + shipping. */
  goodsFen: number;
  discountFen: number;
  shippingFen: number;
  totalFen: number;
  /** Shipping by cooperative; empty while there is no address. */
  shipping: OrderShipping[];
  coupon: string | null;
  note: string;
  address: OrderAddress | null;
  email: string | null;
  /** In which language its buyer is written to; Chinese when absent. */
  lang?: Lang;
  parcels: Parcel[];
  payment: OrderPayment;
  refunds: OrderRefund[];
  /** The batch in which it was rung up, and its place there. */
  batch: string;
  place: number;
  createdAt: Date;
  /** Until when the pieces are held while it awaits payment. */
  expiresAt: Date;
  /** What a move left to be done with the pieces: held ones given back, or counted as sold. */
  owes: Debt | null;
  history: HistoryEntry[];
}

const text = { type: String, required: true };
const localized = { 'zh-CN': text, en: text };

const fen = { type: Number, required: true };
const addressFields = {
  name: String,
  phone: String,
  province: String,
  city: String,
  county: String,
  street: String,
};

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
        grossGrams: Number,
        offer: { type: String, default: null },
        discountFen: { type: Number, default: 0 },
        lots: [{ _id: false, lot: String, qty: Number }],
        shipsBy: String,
      },
    ],
    cooperatives: [String],
    goodsFen: fen,
    discountFen: fen,
    shippingFen: fen,
    totalFen: fen,
    shipping: [{ _id: false, cooperative: text, grams: Number, fen: Number }],
    coupon: { type: String, default: null },
    note: { type: String, default: '' },
    address: { type: new Schema(addressFields, { _id: false }), default: null },
    email: { type: String, default: null },
    lang: String,
    parcels: [
      {
        _id: false,
        code: text,
        cooperative: text,
        items: [{ _id: false, line: Number, qty: Number }],
        state: { type: String, enum: PARCEL_STATES, required: true },
        carrier: { type: String, default: null },
        tracking: { type: String, default: null },
        packedAt: Date,
        packedBy: String,
        shippedAt: { type: Date, default: null },
        deliveredAt: { type: Date, default: null },
      },
    ],
    payment: {
      intent: { type: String, default: null },
      paidFen: Number,
      paidAt: { type: Date, default: null },
      refundedFen: Number,
      disputed: Boolean,
      returned: { type: [String], default: undefined },
    },
    refunds: [
      {
        _id: false,
        key: text,
        fen: Number,
        why: String,
        by: String,
        at: Date,
        state: { type: String, enum: ['asked', 'done', 'failed'] },
        restock: [
          { _id: false, line: Number, qty: Number, lots: [{ _id: false, lot: String, qty: Number }] },
        ],
        items: [{ _id: false, line: Number, qty: Number }],
        shipping: [String],
        shares: [{ _id: false, cooperative: text, fen: Number }],
      },
    ],
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
orderSchema.index(
  { expiresAt: 1 },
  { partialFilterExpression: { state: 'awaiting_payment' }, name: 'holds' },
);
orderSchema.index({ createdAt: 1 }, { partialFilterExpression: { state: 'opening' }, name: 'unfinished' });
orderSchema.index(
  { totalFen: 1 },
  { partialFilterExpression: { state: 'awaiting_payment', totalFen: 0 }, name: 'nothing_to_pay' },
);
orderSchema.index(
  { 'refunds.state': 1 },
  { partialFilterExpression: { 'refunds.state': 'asked' }, name: 'asked_refunds' },
);
// By what has happened since it was placed, for mails that were missed: an order that is being placed costs nothing.
orderSchema.index(
  { 'history.at': 1 },
  { partialFilterExpression: { 'history.1': { $exists: true } }, name: 'moved' },
);
orderSchema.index({ 'parcels.shippedAt': 1 }, { sparse: true });
orderSchema.index({ 'refunds.at': 1 }, { sparse: true });
orderSchema.index({ owes: 1 }, { partialFilterExpression: { owes: { $type: 'string' } } });
// What is on its way or has arrived and waits for its end; orders without parcels are not in them.
orderSchema.index(
  { 'parcels.state': 1, 'parcels.shippedAt': 1 },
  { partialFilterExpression: { 'parcels.state': 'shipped' }, name: 'under_way' },
);
orderSchema.index(
  { 'parcels.deliveredAt': 1 },
  {
    partialFilterExpression: { state: { $in: ['delivered', 'partly_refunded'] } },
    name: 'arrived',
  },
);
// What a cooperative has to send, the longest waiting first.
orderSchema.index(
  { cooperatives: 1, state: 1, createdAt: 1, _id: 1 },
  {
    partialFilterExpression: { state: { $in: ['paid', 'packing', 'partly_refunded', 'shipped'] } },
    name: 'to_send',
  },
);

/**
 * What the till has in hand: written before a batch takes anything, gone when its orders are in the journal. Whoever
 * finds one that is old knows from it where to look for what the batch took.
 */
export interface BatchDoc {
  _id: string;
  at: Date;
  skus: string[];
  /** The codes that its orders have, once there are any. */
  codes: string[];
  /** Whose clicks they are, as `clickKey` writes them. */
  clicks: string[];
  /** The flash offer that all of them ask for. */
  offer: string | null;
  /** Codes of the orders that ask for a coupon. */
  withCoupon: string[];
}

const batchSchema = new Schema<BatchDoc>(
  {
    _id: text,
    at: { type: Date, required: true },
    skus: [String],
    codes: [String],
    clicks: [String],
    offer: { type: String, default: null },
    withCoupon: [String],
  },
  { collection: 'batches', versionKey: false },
);

export function orderModels(db: Database) {
  return { orders: db.model('Order', orderSchema), batches: db.model('Batch', batchSchema) };
}

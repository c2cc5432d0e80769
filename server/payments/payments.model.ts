import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { News } from './inbox.rules.ts';
import { ATTEMPT_STATES, REFUND_STATES, type Payment } from './payments.rules.ts';

export interface PaymentDoc extends Payment {
  /** Counts the writes: whoever decides something from what was read says which reading it was. */
  rev: number;
  /** When to ask Stripe about it; null when nothing is open. */
  lookAt: Date | null;
  createdAt: Date;
}

/** An event that was verified and is to be handled, whatever happens to this process. */
export interface InboxDoc {
  /** Stripe's id of the event, or our own for what we have found out ourselves. */
  _id: string;
  type: string;
  news: News;
  receivedAt: Date;
  handled: boolean;
  handledAt: Date | null;
  /** Nobody else touches it until then. */
  claimedUntil: Date;
  tries: number;
}

const text = { type: String, required: true };
const date = { type: Date, required: true };
const fen = { type: Number, required: true };

const paymentSchema = new Schema<PaymentDoc>(
  {
    _id: text,
    rev: { type: Number, required: true },
    attempts: [
      {
        _id: false,
        seq: Number,
        intent: { type: String, default: null },
        fen,
        description: String,
        state: { type: String, enum: ATTEMPT_STATES, required: true },
        at: date,
      },
    ],
    refunds: [
      {
        _id: false,
        key: text,
        fen,
        why: String,
        state: { type: String, enum: REFUND_STATES, required: true },
        id: { type: String, default: null },
        failure: { type: String, default: null },
        at: date,
      },
    ],
    disputes: [{ _id: false, id: text, intent: text, fen, status: text, at: date }],
    lookAt: { type: Date, default: null },
    createdAt: date,
  },
  { collection: 'payments', versionKey: false },
);
paymentSchema.index({ 'attempts.intent': 1 });
paymentSchema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $type: 'date' } } });

const inboxSchema = new Schema<InboxDoc>(
  {
    _id: text,
    type: text,
    news: { type: Schema.Types.Mixed, required: true },
    receivedAt: date,
    handled: { type: Boolean, required: true },
    handledAt: { type: Date, default: null },
    claimedUntil: date,
    tries: { type: Number, required: true },
  },
  { collection: 'payment_events', versionKey: false },
);
inboxSchema.index({ claimedUntil: 1 }, { partialFilterExpression: { handled: false }, name: 'unhandled' });

export function paymentModels(db: Database) {
  return { payments: db.model('Payment', paymentSchema), inbox: db.model('PaymentEvent', inboxSchema) };
}

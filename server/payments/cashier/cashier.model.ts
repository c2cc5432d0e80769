import { Schema } from 'mongoose';
import type { Database } from '../../platform/db/index.ts';
import type { Story } from './objects.rules.ts';

/** The answer to a request with an idempotency key; `status` 0 while it is being worked out. */
export interface AnswerDoc {
  _id: string;
  fingerprint: string;
  /** What the ids of its objects are made from: the same when the work is taken over, another for a later request. */
  seed: string;
  status: number;
  body: string;
  at: Date;
}

const anything = { type: Schema.Types.Mixed, required: true };
const list = { type: [Schema.Types.Mixed], required: true } as never;

const storySchema = new Schema<Story>(
  {
    _id: { type: String, required: true },
    rev: { type: Number, required: true },
    created: { type: Number, required: true },
    intent: anything,
    charges: list,
    refunds: list,
    disputes: list,
    letters: list,
    later: list,
    dueAt: { type: Date, default: null },
  },
  { collection: 'cashier_payments', versionKey: false },
);
storySchema.index({ created: -1, _id: -1 });
storySchema.index({ 'refunds.id': 1 });
storySchema.index({ 'charges.id': 1 });
storySchema.index({ 'letters.id': 1 });
storySchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $type: 'date' } } });

const answerSchema = new Schema<AnswerDoc>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    seed: { type: String, required: true },
    status: { type: Number, required: true },
    body: { type: String },
    at: { type: Date, required: true },
  },
  { collection: 'cashier_answers', versionKey: false },
);
answerSchema.index({ at: 1 });

export function cashierModels(db: Database) {
  return {
    stories: db.model('CashierPayment', storySchema),
    answers: db.model('CashierAnswer', answerSchema),
  };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { CASE_REFUNDS, RECALL_STATES, type CaseRefund, type RecallState } from './recalls.rules.ts';

export interface RecallDoc {
  /** The id of the command that began it. */
  _id: string;
  lot: string;
  code: string;
  sku: string;
  cooperative: string;
  /** What buyers are told, as it was written. */
  why: string;
  /** What to do with the pieces. */
  advice: string;
  /** Buyers may take their money back with one tap. */
  offersRefund: boolean;
  state: RecallState;
  startedAt: Date;
  startedBy: string;
  endedAt: Date | null;
  endedBy: string | null;
  endWhy: string | null;
  /** The lot has followed its last change of state. */
  lotFollowed: boolean;
  /** Whoever was told of it knows that it is over; true where that is no news. */
  overTold: boolean;
  /** Up to which movement of the lot its buyers are known. */
  scanned: number;
  /** Who sent everybody's money back; null while nobody has. */
  refundAll: { at: Date; by: string } | null;
}

const text = { type: String, required: true };

const recallSchema = new Schema<RecallDoc>(
  {
    _id: text,
    lot: text,
    code: text,
    sku: text,
    cooperative: text,
    why: text,
    advice: String,
    offersRefund: Boolean,
    state: { type: String, enum: RECALL_STATES, required: true },
    startedAt: { type: Date, required: true },
    startedBy: text,
    endedAt: { type: Date, default: null },
    endedBy: { type: String, default: null },
    endWhy: { type: String, default: null },
    lotFollowed: Boolean,
    overTold: Boolean,
    scanned: { type: Number, required: true },
    refundAll: { type: new Schema({ at: Date, by: String }, { _id: false }), default: null },
  },
  { collection: 'recalls', versionKey: false },
);
recallSchema.index(
  { lot: 1 },
  { unique: true, partialFilterExpression: { state: 'running' }, name: 'one_at_a_time' },
);
recallSchema.index({ cooperative: 1, startedAt: -1 });
recallSchema.index({ code: 1, startedAt: -1 });
recallSchema.index({ state: 1 });

/** One order that pieces of a recalled lot were sold to. */
export interface RecallCaseDoc {
  /** `<recall>:<order>` */
  _id: string;
  recall: string;
  order: string;
  buyer: string;
  foundAt: Date;
  /** A mail was queued, or there is no address to send one to. */
  told: boolean;
  reached: boolean;
  /** The same for the news that it was a false alarm. */
  toldOver: boolean;
  refund: CaseRefund;
  refundBy: string | null;
}

const caseSchema = new Schema<RecallCaseDoc>(
  {
    _id: text,
    recall: text,
    order: text,
    buyer: text,
    foundAt: { type: Date, required: true },
    told: Boolean,
    reached: Boolean,
    toldOver: Boolean,
    refund: { type: String, enum: CASE_REFUNDS, required: true },
    refundBy: { type: String, default: null },
  },
  { collection: 'recall_cases', versionKey: false },
);
caseSchema.index({ recall: 1, _id: 1 });
caseSchema.index({ recall: 1, refund: 1 });
caseSchema.index({ order: 1 });
caseSchema.index({ recall: 1, told: 1 }, { partialFilterExpression: { told: false } });
caseSchema.index({ recall: 1, toldOver: 1 }, { partialFilterExpression: { toldOver: false } });

export function recallModels(db: Database) {
  return { recalls: db.model('Recall', recallSchema), cases: db.model('RecallCase', caseSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { REPORT_KINDS, type ReportKind } from './reports.rules.ts';

/** Something that somebody has found wrong with a product or its code. */
export interface ReportDoc {
  /** The form's id: sent twice, it is one report. */
  _id: string;
  kind: ReportKind;
  text: string;
  contact: string;
  /** As it stood in the address. */
  code: string;
  lot: string;
  cooperative: string;
  at: Date;
  state: 'open' | 'done';
  doneAt: Date | null;
  doneBy: string | null;
  /** Whether mails to the cooperative's members have been asked for. */
  told: boolean;
}

const reportSchema = new Schema<ReportDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: REPORT_KINDS, required: true },
    text: { type: String, required: true },
    contact: { type: String, default: '' },
    code: { type: String, required: true },
    lot: { type: String, required: true },
    cooperative: { type: String, required: true },
    at: { type: Date, required: true },
    state: { type: String, enum: ['open', 'done'], required: true },
    doneAt: { type: Date, default: null },
    doneBy: { type: String, default: null },
    told: { type: Boolean, required: true },
  },
  { collection: 'trace_reports', versionKey: false },
);
reportSchema.index({ cooperative: 1, state: 1, at: -1 });

reportSchema.index({ at: 1 }, { partialFilterExpression: { told: false }, name: 'untold' });

export function reportModels(db: Database) {
  return { reports: db.model('TraceReport', reportSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import {
  PRINT_FORMATS,
  SHEET_NAMES,
  type Printed,
  type PrintFormat,
  type SheetName,
} from './labels.rules.ts';

export interface PrintEntry extends Printed {
  ref: string;
  sheet: SheetName;
  at: Date;
  by: string;
  /** The key that signed them; null for those printed before it was noted. */
  key: string | null;
  /** What they were handed out as; absent for those printed before it was noted, which were PDFs. */
  format?: PrintFormat;
  /** Why they are printed again; null for the first time. */
  why: string | null;
}

/** What was printed of one run of codes. */
export interface PrintBookDoc {
  /** The run. */
  _id: string;
  lot: string;
  prints: PrintEntry[];
}

const bookSchema = new Schema<PrintBookDoc>(
  {
    _id: { type: String, required: true },
    lot: { type: String, required: true },
    prints: [
      {
        _id: false,
        ref: String,
        sheet: { type: String, enum: SHEET_NAMES },
        from: Number,
        to: Number,
        codes: [String],
        at: Date,
        by: String,
        key: { type: String, default: null },
        format: { type: String, enum: PRINT_FORMATS },
        why: { type: String, default: null },
      },
    ],
  },
  { collection: 'label_prints', versionKey: false },
);
bookSchema.index({ lot: 1 });

export function labelModels(db: Database) {
  return { books: db.model('LabelPrints', bookSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { PreparedOffer, ScriptNote } from './script.rules.ts';

/** What a host wants to say and offer; one document for each live, for the house only. */
export interface ScriptDoc {
  _id: string;
  opening: string;
  closing: string;
  notes: ScriptNote[];
  offers: PreparedOffer[];
  /** Counts its changes. */
  edits: number;
}

const text = { type: String, required: true };
const number = { type: Number, required: true };

const scriptSchema = new Schema<ScriptDoc>(
  {
    _id: text,
    opening: { type: String, default: '' },
    closing: { type: String, default: '' },
    notes: [new Schema<ScriptNote>({ sku: text, text: { type: String, default: '' } }, { _id: false })],
    offers: [
      new Schema<PreparedOffer>(
        { id: text, sku: text, priceFen: number, quantity: number, perBuyer: number, seconds: number },
        { _id: false, id: false },
      ),
    ],
    edits: number,
  },
  { collection: 'live_scripts', versionKey: false },
);

export function scriptModels(db: Database) {
  return { scripts: db.model('LiveScript', scriptSchema) };
}

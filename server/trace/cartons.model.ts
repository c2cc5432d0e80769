import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { CARTON_STATES, type CartonState } from './cartons.rules.ts';

/** A carton of units of one lot. What is in it is said here and nowhere else. */
export interface CartonDoc {
  /** Its SSCC. */
  _id: string;
  lot: string;
  sku: string;
  cooperative: string;
  state: CartonState;
  /** What is in it now. A unit is in one carton at most, by a unique index. */
  units: string[];
  /** What was in it when it was closed. */
  packed: string[];
  order: string | null;
  line: number | null;
  /** When it went into its present state, and by whom. */
  since: Date;
  by: string;
  madeAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  unpackedAt: Date | null;
  unpackedBy: string | null;
  /** How often its label went to a printer. */
  printed: number;
}

const cartonSchema = new Schema<CartonDoc>(
  {
    _id: { type: String, required: true },
    lot: { type: String, required: true },
    sku: { type: String, required: true },
    cooperative: { type: String, required: true },
    state: { type: String, enum: CARTON_STATES, required: true },
    units: [String],
    packed: [String],
    order: { type: String, default: null },
    line: { type: Number, default: null },
    since: { type: Date, required: true },
    by: { type: String, required: true },
    madeAt: { type: Date, required: true },
    closedAt: { type: Date, default: null },
    closedBy: { type: String, default: null },
    unpackedAt: { type: Date, default: null },
    unpackedBy: { type: String, default: null },
    printed: { type: Number, default: 0 },
  },
  { collection: 'cartons', versionKey: false },
);
// An empty list counts as a value in a unique index: cartons with nothing in them are left out of it.
cartonSchema.index({ units: 1 }, { unique: true, partialFilterExpression: { 'units.0': { $exists: true } } });
cartonSchema.index({ packed: 1 });
cartonSchema.index({ lot: 1, madeAt: -1 });
cartonSchema.index({ order: 1 }, { partialFilterExpression: { order: { $type: 'string' } } });
cartonSchema.index({ since: 1 }, { partialFilterExpression: { state: 'stowing' }, name: 'stowing' });

export function cartonModels(db: Database) {
  return { cartons: db.model('Carton', cartonSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { UNIT_STATES, type UnitState } from './units.rules.ts';

/** One packed piece with a code of its own. The code is random and the key: nobody counts through it. */
export interface UnitDoc {
  _id: string;
  lot: string;
  sku: string;
  /** The run of labels in which it got its code. */
  run: string;
  state: UnitState;
  order: string | null;
  line: number | null;
  /** `order:line:place`, unique: a line of three pieces has three places, and never a fourth unit. */
  place: string | null;
  parcel: string | null;
  /** When it went into its present state, and by whom. */
  since: Date;
  by: string;
}

const unitSchema = new Schema<UnitDoc>(
  {
    _id: { type: String, required: true },
    lot: { type: String, required: true },
    sku: { type: String, required: true },
    run: { type: String, required: true },
    state: { type: String, enum: UNIT_STATES, required: true },
    order: { type: String, default: null },
    line: { type: Number, default: null },
    place: { type: String, default: null },
    parcel: { type: String, default: null },
    since: { type: Date, required: true },
    by: { type: String, required: true },
  },
  { collection: 'units', versionKey: false },
);
unitSchema.index({ lot: 1, _id: 1 });
unitSchema.index({ run: 1, _id: 1 });
unitSchema.index({ place: 1 }, { unique: true, partialFilterExpression: { place: { $type: 'string' } } });
unitSchema.index({ order: 1 }, { partialFilterExpression: { order: { $type: 'string' } } });

/**
 * A command that gave codes to pieces. Its units follow from `seed` and `qty` alone, so that whoever finds it
 * unfinished makes exactly the ones that are missing.
 */
export interface RunDoc {
  _id: string;
  lot: string;
  sku: string;
  qty: number;
  /** 32 random bytes, base64url. Whoever has it knows the codes: it leaves the database by no door. */
  seed: string;
  done: boolean;
  at: Date;
  by: string;
}

const runSchema = new Schema<RunDoc>(
  {
    _id: { type: String, required: true },
    lot: { type: String, required: true },
    sku: { type: String, required: true },
    qty: { type: Number, required: true },
    seed: { type: String, required: true },
    done: { type: Boolean, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
  },
  { collection: 'unit_runs', versionKey: false },
);
runSchema.index({ lot: 1, at: -1 });
runSchema.index({ at: 1 }, { partialFilterExpression: { done: false }, name: 'unfinished' });

/** What is known of a lot besides its stock. */
export interface LotCardDoc {
  /** The lot's id in stock. */
  _id: string;
  /** Codes given out or reserved; never more than there are pieces. */
  labelled: number;
  /** Runs that are counted in it. */
  runs: string[];
  /** Whose field it is from. */
  growers: string[];
}

const lotCardSchema = new Schema<LotCardDoc>(
  {
    _id: { type: String, required: true },
    labelled: { type: Number, required: true },
    runs: [String],
    growers: [String],
  },
  { collection: 'lot_cards', versionKey: false },
);

export function unitModels(db: Database) {
  return {
    units: db.model('Unit', unitSchema),
    runs: db.model('UnitRun', runSchema),
    cards: db.model('LotCard', lotCardSchema),
  };
}

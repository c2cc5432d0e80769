import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { MOVEMENT_KINDS, type Balances, type Movement } from './ledger.rules.ts';
import { LOT_STATES, type LotState } from './stock.rules.ts';

/**
 * A lot and its balances. Movements are written into `tail` by the very update that changes the balances, and from
 * there into the ledger: the two can never disagree, wherever the process dies.
 */
export interface LotDoc extends Balances {
  _id: string;
  /** The lot code on the label. */
  code: string;
  sku: string;
  cooperative: string;
  madeOn: string;
  bestBefore: string;
  sellUntil: string;
  /** The first day on which its pieces can be sent; absent where they can be at once. */
  readyOn?: string;
  state: LotState;
  /** Number of the last movement. */
  seq: number;
  /** Number of the last movement that is in the ledger. */
  archived: number;
  /** Movements that are not in the ledger yet. */
  tail: Movement[];
  /** Pieces that have left this lot for another and may not have arrived there yet. */
  moving?: MovingPieces[];
  /** Batches that were given up and may take nothing from this lot any more. */
  voided: { ref: string; at: Date }[];
  /** Who took it out of sale or put it back, and why. */
  history: LotHistoryEntry[];
  createdAt: Date;
}

/** The first half of a move, with all that its second half needs. */
export interface MovingPieces {
  /** On both lots. */
  ref: string;
  /** The lot that gets them. */
  to: string;
  qty: number;
  at: Date;
  by: string;
  why: string;
}

export interface LotHistoryEntry {
  /** What caused it; unique on its lot. */
  ref: string;
  at: Date;
  by: string;
  from: LotState;
  to: LotState;
  why: string;
  /** What it was told to be sent from, where that was changed; null: at once. */
  readyOn?: string | null;
}

const count = { type: Number, required: true };

const movementFields = {
  seq: count,
  at: { type: Date, required: true },
  kind: { type: String, enum: MOVEMENT_KINDS, required: true },
  qty: count,
  ref: { type: String, required: true },
  by: String,
  why: String,
  other: String,
  available: count,
};

const lotSchema = new Schema<LotDoc>(
  {
    _id: { type: String, required: true },
    code: { type: String, required: true },
    sku: { type: String, required: true },
    cooperative: { type: String, required: true },
    madeOn: { type: String, required: true },
    bestBefore: { type: String, required: true },
    sellUntil: { type: String, required: true },
    readyOn: String,
    state: { type: String, enum: LOT_STATES, required: true },
    available: count,
    held: count,
    sold: count,
    writtenOff: count,
    received: count,
    adjusted: count,
    moved: count,
    seq: count,
    archived: count,
    tail: [{ _id: false, ...movementFields }],
    moving: {
      type: [{ _id: false, ref: String, to: String, qty: Number, at: Date, by: String, why: String }],
      default: undefined,
    },
    voided: [{ _id: false, ref: String, at: Date }],
    history: [
      {
        _id: false,
        ref: String,
        at: Date,
        by: String,
        from: String,
        to: String,
        why: String,
        readyOn: String,
      },
    ],
    createdAt: { type: Date, required: true },
  },
  { collection: 'lots', versionKey: false },
);
lotSchema.index({ code: 1 }, { unique: true });
lotSchema.index({ sku: 1, state: 1, bestBefore: 1 });
lotSchema.index({ cooperative: 1, sku: 1 });
lotSchema.index(
  { 'moving.ref': 1 },
  { partialFilterExpression: { 'moving.ref': { $type: 'string' } }, name: 'moving' },
);

/** A line of the ledger: written once, never changed. */
export interface MovementDoc extends Movement {
  /** `<lot>:<seq>` */
  _id: string;
  lot: string;
  sku: string;
  cooperative: string;
}

const movementSchema = new Schema<MovementDoc>(
  {
    _id: { type: String, required: true },
    lot: { type: String, required: true },
    sku: { type: String, required: true },
    cooperative: { type: String, required: true },
    ...movementFields,
  },
  { collection: 'movements', versionKey: false },
);
movementSchema.index({ lot: 1, seq: 1 }, { unique: true });
movementSchema.index({ lot: 1, ref: 1 }, { unique: true });

export function stockModels(db: Database) {
  return { lots: db.model('Lot', lotSchema), movements: db.model('Movement', movementSchema) };
}

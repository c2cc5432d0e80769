import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Lang } from '../platform/lang.ts';

export const WAIT_STATES = ['waiting', 'offered', 'left'] as const;
export type WaitState = (typeof WAIT_STATES)[number];

/** Somebody who wants a product that has run out. */
export interface WaitDoc {
  /** `<sku>:<buyer>`, as they were when they joined: one place in the line for each person and product. */
  _id: string;
  sku: string;
  buyer: string;
  buyerIds: string[];
  buyerName: string;
  /** What they read; missing where the line was joined before that was kept. */
  lang?: Lang | undefined;
  /** The live that they wait in; null for whoever waits at home. */
  live: string | null;
  qty: number;
  state: WaitState;
  /** The order with a short hold that was made for them when pieces came back. */
  order: string | null;
  /** Counts the times they joined, so that joining again is a new place. */
  turn: number;
  since: Date;
}

const text = { type: String, required: true };

const waitSchema = new Schema<WaitDoc>(
  {
    _id: text,
    sku: text,
    buyer: text,
    buyerIds: [String],
    buyerName: String,
    lang: String,
    live: { type: String, default: null },
    qty: { type: Number, required: true },
    state: { type: String, enum: WAIT_STATES, required: true },
    order: { type: String, default: null },
    turn: { type: Number, required: true },
    since: { type: Date, required: true },
  },
  { collection: 'waits', versionKey: false },
);
waitSchema.index({ sku: 1, since: 1 }, { partialFilterExpression: { state: 'waiting' }, name: 'line' });

waitSchema.index({ buyer: 1, since: -1 });

export function waitModels(db: Database) {
  return { waits: db.model('Wait', waitSchema) };
}

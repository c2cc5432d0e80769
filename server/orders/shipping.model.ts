import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { ShippingTable } from './shipping.rules.ts';

/** A table as somebody left it. */
export interface ShippingVersion {
  version: number;
  table: ShippingTable;
  by: string;
  byName: string;
  at: Date;
}

/** A cooperative's table, and every one it had before: both change in one write. */
export interface ShippingDoc {
  /** The cooperative's id. */
  _id: string;
  version: number;
  table: ShippingTable;
  history: ShippingVersion[];
}

const rate = {
  firstGrams: Number,
  firstFen: Number,
  stepGrams: Number,
  stepFen: Number,
  surchargeFen: Number,
};
const table = {
  zones: [{ _id: false, provinces: [String], ...rate }],
  rest: rate,
  refused: [String],
  freeOverFen: { type: Number, default: null },
};

const shippingSchema = new Schema<ShippingDoc>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    table,
    history: [{ _id: false, version: Number, table, by: String, byName: String, at: Date }],
  },
  { collection: 'shipping_tables', versionKey: false },
);

export function shippingModels(db: Database) {
  return { tables: db.model('ShippingTable', shippingSchema) };
}

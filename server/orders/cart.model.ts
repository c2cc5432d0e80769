import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { CartLine } from './cart.rules.ts';

export interface CartDoc {
  /** Whose it is: an account, or a guest. */
  _id: string;
  lines: CartLine[];
  /** Grows with every write: who has read an older cart writes nothing. */
  version: number;
  /** Guests whose carts are in this one. */
  merged: string[];
  /** Orders whose lines have left it, the latest ones. */
  ordered: string[];
  updatedAt: Date;
}

const cartSchema = new Schema<CartDoc>(
  {
    _id: { type: String, required: true },
    lines: [{ _id: false, sku: String, qty: Number, priceFen: Number, addedAt: Date }],
    version: { type: Number, required: true },
    merged: [String],
    ordered: [String],
    updatedAt: { type: Date, required: true },
  },
  { collection: 'carts', versionKey: false },
);

export function cartModels(db: Database) {
  return { carts: db.model('Cart', cartSchema) };
}

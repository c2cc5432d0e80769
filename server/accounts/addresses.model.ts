import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { PostalAddress } from './addresses.rules.ts';

export interface AddressDoc extends PostalAddress {
  _id: string;
  /** Whose it is: an account, or a guest. */
  person: string;
  /** When it was made the default. The latest is it, so that choosing is one write and there are never two. */
  defaultAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const text = { type: String, required: true };

const addressSchema = new Schema<AddressDoc>(
  {
    _id: text,
    person: text,
    name: text,
    phone: text,
    province: text,
    city: { type: String, default: '' },
    county: { type: String, default: '' },
    street: text,
    defaultAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'addresses', versionKey: false },
);
addressSchema.index({ person: 1 });

export function addressModels(db: Database) {
  return { addresses: db.model('Address', addressSchema) };
}

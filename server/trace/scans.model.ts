import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { ScanLook } from './scans.rules.ts';

export interface ScanDoc extends ScanLook {
  /** The unit's code. */
  _id: string;
}

const number = { type: Number, required: true, default: 0 };

const scanSchema = new Schema<ScanDoc>(
  {
    _id: { type: String, required: true },
    first: { type: Date, required: true },
    count: number,
    day: { type: String, required: true },
    people: [String],
    places: [String],
    mostPlaces: number,
    allPlaces: number,
    placesAfterSale: number,
    firstProvince: { type: String, default: null },
    provincesToday: [String],
    mostProvinces: number,
    provinces: [String],
    provincesAfterSale: [String],
  },
  { collection: 'scans', versionKey: false },
);

/** What today's hashes are made with; gone tomorrow, and with it whatever they could say. */
export interface SaltDoc {
  _id: string;
  salt: string;
}

const saltSchema = new Schema<SaltDoc>(
  { _id: { type: String, required: true }, salt: { type: String, required: true } },
  { collection: 'scan_salts', versionKey: false },
);

export function scanModels(db: Database) {
  return { scans: db.model('Scan', scanSchema), salts: db.model('ScanSalt', saltSchema) };
}

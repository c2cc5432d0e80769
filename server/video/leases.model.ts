import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/** Which process a live's bus is in. */
export interface Lease {
  /** The live's id. */
  _id: string;
  /** Counts processes' starts apart: the same machine started anew is another one. */
  node: string;
  /** Where other processes of the shop reach it. */
  address: string;
  until: Date;
}

const text = { type: String, required: true };

const leaseSchema = new Schema<Lease>(
  { _id: text, node: text, address: text, until: { type: Date, required: true } },
  { collection: 'video_leases', versionKey: false },
);

export function leaseModels(db: Database) {
  return { leases: db.model('VideoLease', leaseSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';

/** A key pair. Its public half stays published for as long as labels may be in somebody's cupboard: for good. */
export interface KeyDoc {
  /** The first bytes of the SHA-256 of the public key, base64url. */
  _id: string;
  /** Raw, base64url. */
  publicKey: string;
  /** The private half under AES-256-GCM; nonce, tag and text in one, base64url. */
  sealed: string;
  createdAt: Date;
  /** Signs nothing new since then. */
  retiredAt: Date | null;
  /** Nothing that it has signed is to be believed on its word alone since then. */
  revokedAt: Date | null;
  why: string | null;
}

const keySchema = new Schema<KeyDoc>(
  {
    _id: { type: String, required: true },
    publicKey: { type: String, required: true },
    sealed: { type: String, required: true },
    createdAt: { type: Date, required: true },
    retiredAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
    why: { type: String, default: null },
  },
  { collection: 'trace_keys', versionKey: false },
);

export function signingModels(db: Database) {
  return { keys: db.model('TraceKey', keySchema) };
}

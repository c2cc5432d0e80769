import { Schema } from 'mongoose';
import type { Database } from '../../platform/db/index.ts';
import { PLAY_TYPES, type Handover } from './handover.rules.ts';

const text = { type: String, required: true };
const optional = { type: String, default: null };

const handoverSchema = new Schema<Handover>(
  {
    _id: text,
    version: { type: Number, required: true },
    publish: { whip: optional, rtmp: optional, token: optional, expiresAt: { type: Date, default: null } },
    play: [{ _id: false, type: { type: String, enum: PLAY_TYPES, required: true }, url: text }],
    protectPlay: { type: Boolean, required: true },
    by: text,
    at: { type: Date, required: true },
  },
  { collection: 'handovers', versionKey: false },
);

export function handoverModels(db: Database) {
  return { handovers: db.model('Handover', handoverSchema) };
}

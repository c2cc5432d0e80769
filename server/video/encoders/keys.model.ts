import { Schema } from 'mongoose';
import type { Database } from '../../platform/db/index.ts';
import { ENCODER_FAULTS } from './gate.rules.ts';
import type { StreamKey } from './keys.rules.ts';

const text = { type: String, required: true };
const date = { type: Date, required: true };

const keySchema = new Schema<StreamKey>(
  {
    _id: text,
    hash: { type: String, default: null },
    hint: text,
    madeAt: date,
    madeBy: text,
    expiresAt: date,
    claim: {
      type: new Schema(
        {
          connection: text,
          via: { type: String, enum: ['rtmp', 'whip'], required: true },
          address: String,
          since: date,
          heardAt: date,
        },
        { _id: false },
      ),
      default: null,
    },
    lastFault: {
      type: new Schema({ fault: { type: String, enum: ENCODER_FAULTS }, at: date }, { _id: false }),
      default: null,
    },
  },
  { collection: 'stream_keys', versionKey: false },
);
keySchema.index(
  { hash: 1 },
  { unique: true, partialFilterExpression: { hash: { $type: 'string' } }, name: 'hash' },
);

export function keyModels(db: Database) {
  return { keys: db.model('StreamKey', keySchema) };
}

import { Schema } from 'mongoose';
import type { Localized } from '../platform/lang.ts';
import type { Database } from '../platform/db/index.ts';
import { PLEDGE_BASES, PLEDGE_STATES, type PledgeBasis, type PledgeState } from './pledges.rules.ts';

/** A pledge of conformity (承诺达标合格证) as it was given: what it says does not change afterwards. */
export interface PledgeDoc {
  /** Public and random. */
  _id: string;
  /** The command that gave it; the same one gives one. */
  ref: string;
  lot: string;
  code: string;
  sku: string;
  cooperative: string;
  product: Localized;
  /** As it is said on paper: "240瓶（500克/瓶）". */
  quantity: string;
  producer: string;
  origin: string;
  contact: string;
  /** Whose name stands under it. */
  signer: string;
  bases: PledgeBasis[];
  issuedOn: string;
  /** Nobody removes it before that day. */
  keepUntil: string;
  state: PledgeState;
  withdrawnAt: Date | null;
  withdrawnBy: string | null;
  withdrawnWhy: string | null;
  by: string;
  createdAt: Date;
}

const text = { type: String, required: true };

const pledgeSchema = new Schema<PledgeDoc>(
  {
    _id: text,
    ref: text,
    lot: text,
    code: text,
    sku: text,
    cooperative: text,
    product: { 'zh-CN': text, en: text },
    quantity: text,
    producer: text,
    origin: text,
    contact: text,
    signer: text,
    bases: [{ type: String, enum: PLEDGE_BASES }],
    issuedOn: text,
    keepUntil: text,
    state: { type: String, enum: PLEDGE_STATES, required: true },
    withdrawnAt: { type: Date, default: null },
    withdrawnBy: { type: String, default: null },
    withdrawnWhy: { type: String, default: null },
    by: text,
    createdAt: { type: Date, required: true },
  },
  { collection: 'pledges', versionKey: false },
);
pledgeSchema.index({ ref: 1 }, { unique: true });
pledgeSchema.index({ lot: 1, createdAt: -1 });
pledgeSchema.index({ code: 1, createdAt: -1 });

export function pledgeModels(db: Database) {
  return { pledges: db.model('Pledge', pledgeSchema) };
}

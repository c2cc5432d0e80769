import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { CERTIFICATE_KINDS, type CertificateKind } from './catalog.rules.ts';

export interface ClaimRuleDoc {
  _id: string;
  words: string[];
  except: string[];
  kinds: CertificateKind[];
  active: boolean;
  /** Counts up with every change; who changes a rule says which one was looked at. */
  version: number;
  history: { at: Date; by: string; version: number; words: string[]; active: boolean }[];
  updatedAt: Date;
}

const ruleSchema = new Schema<ClaimRuleDoc>(
  {
    _id: { type: String, required: true },
    words: [String],
    except: [String],
    kinds: [{ type: String, enum: CERTIFICATE_KINDS }],
    active: { type: Boolean, required: true },
    version: { type: Number, required: true },
    history: [{ _id: false, at: Date, by: String, version: Number, words: [String], active: Boolean }],
    updatedAt: { type: Date, required: true },
  },
  { collection: 'claim_rules', versionKey: false },
);

export function claimModels(db: Database) {
  return { rules: db.model('ClaimRule', ruleSchema) };
}

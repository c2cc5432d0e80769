import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { CERTIFICATE_KINDS, type Certificate } from './catalog.rules.ts';
import { CERTIFICATE_STATES, type CertificateState } from './certificates.rules.ts';

export const CERTIFICATE_ACTS = ['added', 'file_added', 'revoked'] as const;
export type CertificateAct = (typeof CERTIFICATE_ACTS)[number];

export interface CertificateEntry {
  /** What caused it; unique on its certificate. */
  ref: string;
  at: Date;
  by: string;
  act: CertificateAct;
  why: string;
}

export interface CertificateDoc extends Certificate {
  _id: string;
  cooperative: string;
  skus: string[];
  lots: string[];
  state: CertificateState;
  file: string | null;
  /** The one that this one follows. */
  renews: string | null;
  history: CertificateEntry[];
  /** Its products have not been told to look again. */
  dirty: boolean;
  createdAt: Date;
}

const localized = { 'zh-CN': { type: String, required: true }, en: { type: String, required: true } };
const text = { type: String, required: true };

const certificateSchema = new Schema<CertificateDoc>(
  {
    _id: text,
    cooperative: text,
    kind: { type: String, enum: CERTIFICATE_KINDS, required: true },
    number: text,
    issuer: localized,
    validFrom: text,
    validTo: text,
    skus: [String],
    lots: [String],
    state: { type: String, enum: CERTIFICATE_STATES, required: true },
    file: { type: String, default: null },
    renews: { type: String, default: null },
    history: [{ _id: false, ref: String, at: Date, by: String, act: String, why: String }],
    dirty: Boolean,
    createdAt: { type: Date, required: true },
  },
  { collection: 'certificates', versionKey: false },
);
certificateSchema.index({ skus: 1 });
certificateSchema.index({ cooperative: 1, validTo: -1 });
certificateSchema.index({ validTo: 1 });
certificateSchema.index({ validFrom: 1 });
certificateSchema.index({ dirty: 1 }, { partialFilterExpression: { dirty: true } });

export function certificateModels(db: Database) {
  return { certificates: db.model('Certificate', certificateSchema) };
}

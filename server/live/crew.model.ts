import { Schema } from 'mongoose';
import { RIGHTS, type CrewMember, type Handover, type Turn } from './crew.rules.ts';

const text = { type: String, required: true };
const date = { type: Date, required: true };

export const memberSchema = new Schema<CrewMember>(
  { id: text, person: text, name: text, rights: [{ type: String, enum: RIGHTS }], by: text, at: date },
  { _id: false, id: false },
);

export const turnSchema = new Schema<Turn>(
  { host: text, name: text, from: date, to: { type: Date, default: null } },
  { _id: false },
);

export const handoverSchema = new Schema<Handover>(
  {
    id: text,
    to: { type: String, default: null },
    toName: { type: String, default: null },
    by: text,
    byName: text,
    at: date,
  },
  { _id: false, id: false },
);

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import {
  AUDIENCES,
  HIDDEN_AS,
  REPORT_REASONS,
  REPORT_STATES,
  type ChatRules,
  type ListedWord,
} from './moderation.rules.ts';

export interface Hidden {
  as: (typeof HIDDEN_AS)[number];
  by: string;
  at: Date;
  why: string;
}

const text = { type: String, required: true };
const date = { type: Date, required: true };

export const hiddenSchema = new Schema<Hidden>(
  {
    as: { type: String, enum: HIDDEN_AS, required: true },
    by: text,
    at: date,
    why: { type: String, default: '' },
  },
  { _id: false },
);

const wordSchema = new Schema<ListedWord>(
  { text, verdict: { type: String, enum: ['hold', 'refuse'], required: true } },
  { _id: false },
);

export const chatRulesSchema = new Schema<ChatRules>(
  {
    slowSeconds: { type: Number, required: true },
    audience: { type: String, enum: AUDIENCES, required: true },
    words: [wordSchema],
  },
  { _id: false },
);

/** The shop's own word list, for every live: one document. */
export interface WordListDoc {
  _id: string;
  words: ListedWord[];
  /** Counts its changes. */
  edits: number;
  by: string;
  at: Date;
}

const wordListSchema = new Schema<WordListDoc>(
  { _id: text, words: [wordSchema], edits: { type: Number, required: true }, by: text, at: date },
  { collection: 'chat_words', versionKey: false },
);

/**
 * Somebody may not speak. `keys` are all that they are known by: accounts, devices and, for guests and a short time,
 * their network. A key that turns up later is added, so that shedding one of them does not help.
 */
export interface SanctionDoc {
  _id: string;
  /** `live:<id>` for a mute, `host:<id>` for a ban: that one holds in all lives of this host. */
  scope: string;
  live: string;
  kind: 'mute' | 'ban';
  keys: string[];
  /** The network they came from, and until when it counts; null when they had an account. */
  place: { key: string; until: Date } | null;
  name: string;
  /** null: until it is lifted. */
  until: Date | null;
  by: string;
  at: Date;
  why: string;
  lifted: { by: string; at: Date } | null;
}

const sanctionSchema = new Schema<SanctionDoc>(
  {
    _id: text,
    scope: text,
    live: text,
    kind: { type: String, enum: ['mute', 'ban'], required: true },
    keys: [String],
    place: { type: new Schema({ key: text, until: date }, { _id: false }), default: null },
    name: text,
    until: { type: Date, default: null },
    by: text,
    at: date,
    why: { type: String, default: '' },
    lifted: { type: new Schema({ by: text, at: date }, { _id: false }), default: null },
  },
  { collection: 'chat_sanctions', versionKey: false },
);
sanctionSchema.index({ keys: 1 });
sanctionSchema.index({ 'place.key': 1 });
sanctionSchema.index({ live: 1, at: -1 });
sanctionSchema.index({ scope: 1, at: -1 });

/** What a viewer has reported; `_id` is who and what, so that one person reports one message once. */
export interface ReportDoc {
  _id: string;
  /** For wires and pages: leads back to nobody. */
  id: string;
  live: string;
  message: string;
  /** Who said it, as their name was. */
  person: string;
  name: string;
  text: string;
  reporter: string;
  reason: (typeof REPORT_REASONS)[number];
  at: Date;
  state: (typeof REPORT_STATES)[number];
  decided: { by: string; at: Date } | null;
}

const reportSchema = new Schema<ReportDoc>(
  {
    _id: text,
    id: text,
    live: text,
    message: text,
    person: text,
    name: text,
    text,
    reporter: text,
    reason: { type: String, enum: REPORT_REASONS, required: true },
    at: date,
    state: { type: String, enum: REPORT_STATES, required: true },
    decided: { type: new Schema({ by: text, at: date }, { _id: false }), default: null },
  },
  { collection: 'chat_reports', versionKey: false, id: false },
);
reportSchema.index({ live: 1, state: 1, at: -1 });
reportSchema.index({ state: 1, at: -1 });
reportSchema.index({ id: 1 });

/** When somebody last spoke in a live: what slow mode is decided on, whatever process they speak through. */
export interface SpokenDoc {
  _id: string;
  live: string;
  at: Date;
}

const spokenSchema = new Schema<SpokenDoc>(
  { _id: text, live: text, at: date },
  { collection: 'chat_spoken', versionKey: false },
);
spokenSchema.index({ at: 1 });

export function moderationModels(db: Database) {
  return {
    wordLists: db.model('ChatWords', wordListSchema),
    sanctions: db.model('ChatSanction', sanctionSchema),
    reports: db.model('ChatReport', reportSchema),
    spoken: db.model('ChatSpoken', spokenSchema),
  };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';
import { CHAT_ROLES, LIVE_STATES, type ChatRole, type LiveState } from './live.rules.ts';

export interface LiveDoc {
  _id: string;
  title: Localized;
  intro: Localized;
  poster: string;
  host: string;
  hostName: string;
  state: LiveState;
  startsAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  /** SKUs in the order in which they are shown. */
  rail: string[];
  pinned: { sku: string; lot: string | null; at: Date } | null;
  likes: number;
  /** The most people who were there at one time. */
  peakViewers: number;
  /** Seconds that an order placed here holds its pieces; null for the shop's own. */
  holdSeconds: number | null;
  createdAt: Date;
}

const text = { type: String, required: true };
const localized = { 'zh-CN': text, en: text };

const liveSchema = new Schema<LiveDoc>(
  {
    _id: text,
    title: localized,
    intro: { 'zh-CN': String, en: String },
    poster: text,
    host: text,
    hostName: text,
    state: { type: String, enum: LIVE_STATES, required: true },
    startsAt: { type: Date, required: true },
    startedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    rail: [String],
    pinned: { type: new Schema({ sku: text, lot: String, at: Date }, { _id: false }), default: null },
    likes: { type: Number, required: true },
    peakViewers: { type: Number, required: true },
    holdSeconds: { type: Number, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'lives', versionKey: false },
);
liveSchema.index({ state: 1, startsAt: 1 });
liveSchema.index({ host: 1, startsAt: -1 });

export interface ChatDoc {
  _id: string;
  live: string;
  at: Date;
  person: string;
  name: string;
  text: string;
  role: ChatRole;
}

const chatSchema = new Schema<ChatDoc>(
  {
    _id: text,
    live: text,
    at: { type: Date, required: true },
    person: text,
    name: text,
    text,
    role: { type: String, enum: CHAT_ROLES, required: true },
  },
  { collection: 'chat', versionKey: false },
);
chatSchema.index({ live: 1, at: -1 });

export function liveModels(db: Database) {
  return { lives: db.model('Live', liveSchema), chat: db.model('Chat', chatSchema) };
}

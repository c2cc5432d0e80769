import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import type { Localized } from '../platform/lang.ts';
import { answerSchema, type PinnedAnswer } from './answers.model.ts';
import { markSchema } from './chapters.model.ts';
import type { PinMark } from './chapters.rules.ts';
import { handoverSchema, memberSchema, turnSchema } from './crew.model.ts';
import type { CrewMember, Handover, Turn } from './crew.rules.ts';
import { CHAT_ROLES, LIVE_STATES, type ChatRole, type LiveState } from './live.rules.ts';
import { chatRulesSchema, hiddenSchema, type Hidden } from './moderation.model.ts';
import type { ChatRules } from './moderation.rules.ts';

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
  /** Number of the last pin mark, and the marks that are not in `pin_marks` yet: one write pins and remembers. */
  pinSeq?: number;
  marks?: PinMark[];
  /** Whose live it is stays; who is on air moves on from turn to turn. */
  turns?: Turn[];
  handover?: Handover | null;
  crew?: CrewMember[];
  chatRules?: ChatRules;
  /** The answer above the chat. */
  answer?: PinnedAnswer | null;
  /** Counts the changes of the form, so that two who edit at once do not undo each other. */
  edits?: number;
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
    pinSeq: Number,
    marks: { type: [markSchema], default: undefined },
    turns: { type: [turnSchema], default: undefined },
    handover: { type: handoverSchema, default: null },
    crew: { type: [memberSchema], default: undefined },
    chatRules: { type: chatRulesSchema, default: undefined },
    answer: { type: answerSchema, default: null },
    edits: Number,
  },
  { collection: 'lives', versionKey: false },
);
liveSchema.index({ state: 1, startsAt: 1 });
liveSchema.index({ host: 1, startsAt: -1 });
liveSchema.index({ 'crew.person': 1, startsAt: -1 });

export interface ChatDoc {
  _id: string;
  live: string;
  at: Date;
  person: string;
  name: string;
  text: string;
  role: ChatRole;
  /** What is known of where it came from, for bans: a device's own id, and a keyed hash of the network. */
  device?: string | undefined;
  place?: string | undefined;
  question?: boolean | undefined;
  /** Who has dealt with the question. */
  answered?: { by: string; at: Date } | null;
  /** Why it is not shown; kept all the same. */
  hidden?: Hidden | null;
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
    device: String,
    place: String,
    question: Boolean,
    answered: { type: new Schema({ by: text, at: Date }, { _id: false }), default: null },
    hidden: { type: hiddenSchema, default: null },
  },
  { collection: 'chat', versionKey: false },
);
chatSchema.index({ live: 1, at: -1 });
chatSchema.index({ live: 1, person: 1, at: -1 });
chatSchema.index({ live: 1, 'hidden.as': 1, at: -1 });
chatSchema.index({ live: 1, question: 1, at: -1 });

export function liveModels(db: Database) {
  return { lives: db.model('Live', liveSchema), chat: db.model('Chat', chatSchema) };
}

import { Schema } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { DRAW_STATES, type DrawEntry, type DrawPrize, type DrawState } from './draws.rules.ts';
import type { Winner } from './lottery.rules.ts';

export interface DrawDoc {
  /** Public and random; it stands in the address of the page that checks the draw. */
  _id: string;
  live: string;
  by: string;
  entry: DrawEntry;
  prizes: DrawPrize[];
  /** The orders that hold the prizes, by rank; empty until all are there. */
  holds: string[];
  state: DrawState;
  /** Only while it runs, and unique for a live: two hosts open one draw. */
  running?: true;
  /** 32 random bytes in hexadecimal; nobody is told before the draw. Its hash is shown from the opening on. */
  seed: string;
  seedHash: string;
  createdAt: Date;
  openedAt: Date | null;
  closesAt: Date;
  closedAt: Date | null;
  /** How long a winner has to say where the prize goes. */
  claimHours: number;
  committed: {
    at: Date;
    entrants: number;
    entrantsHash: string;
    commitment: string;
    drawAt: Date;
  } | null;
  drawn: { at: Date; winners: Winner[] } | null;
  /** When every winner's award was written down. */
  awardedAt: Date | null;
}

/** One chance. The key makes a second one of the same person the first again. */
export interface EntryDoc {
  _id: string;
  draw: string;
  entrant: string;
  person: string;
  at: Date;
}

/** Who took part, as it was when the draw closed. Written once. */
export interface ListDoc {
  _id: string;
  entrants: string[];
}

export const AWARD_STATES = ['waiting', 'claimed', 'lapsed'] as const;
export type AwardState = (typeof AWARD_STATES)[number];

/** What somebody has won; its key is the draw and the rank. */
export interface AwardDoc {
  _id: string;
  draw: string;
  live: string;
  rank: number;
  prize: number;
  /** The order that holds it, which becomes the winner's. */
  order: string;
  entrant: string;
  person: string;
  /** An initial and stars. */
  name: string;
  state: AwardState;
  until: Date;
  at: Date;
  endedAt: Date | null;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const number = { type: Number, required: true };
const localized = { 'zh-CN': text, en: text };

const winner = new Schema({ rank: number, prize: number, entrant: text, lot: text }, { _id: false });
const committed = new Schema(
  { at: time, entrants: number, entrantsHash: text, commitment: text, drawAt: time },
  { _id: false },
);

const drawSchema = new Schema<DrawDoc>(
  {
    _id: text,
    live: text,
    by: text,
    entry: { type: Schema.Types.Mixed, required: true },
    prizes: [
      {
        _id: false,
        sku: text,
        qty: number,
        winners: number,
        name: localized,
        variant: localized,
        image: text,
        worthFen: number,
      },
    ],
    holds: [String],
    state: { type: String, enum: DRAW_STATES, required: true },
    running: Boolean,
    seed: text,
    seedHash: text,
    createdAt: time,
    openedAt: { type: Date, default: null },
    closesAt: time,
    closedAt: { type: Date, default: null },
    claimHours: number,
    committed: { type: committed, default: null },
    drawn: { type: new Schema({ at: time, winners: [winner] }, { _id: false }), default: null },
    awardedAt: { type: Date, default: null },
  },
  { collection: 'draws', versionKey: false },
);
drawSchema.index({ live: 1, createdAt: -1 });
drawSchema.index({ live: 1 }, { unique: true, partialFilterExpression: { running: true }, name: 'running' });
drawSchema.index(
  { awardedAt: 1 },
  { partialFilterExpression: { state: 'drawn', awardedAt: null }, name: 'unawarded' },
);

const entrySchema = new Schema<EntryDoc>(
  { _id: text, draw: text, entrant: text, person: text, at: time },
  { collection: 'draw_entries', versionKey: false },
);
entrySchema.index({ draw: 1, person: 1 });

const listSchema = new Schema<ListDoc>(
  { _id: text, entrants: [String] },
  { collection: 'draw_lists', versionKey: false },
);

const awardSchema = new Schema<AwardDoc>(
  {
    _id: text,
    draw: text,
    live: text,
    rank: number,
    prize: number,
    order: text,
    entrant: text,
    person: text,
    name: String,
    state: { type: String, enum: AWARD_STATES, required: true },
    until: time,
    at: time,
    endedAt: { type: Date, default: null },
  },
  { collection: 'draw_awards', versionKey: false },
);
awardSchema.index({ draw: 1, rank: 1 });
awardSchema.index({ person: 1, at: -1 });
awardSchema.index({ until: 1 }, { partialFilterExpression: { state: 'waiting' }, name: 'waiting' });

export function drawModels(db: Database) {
  return {
    draws: db.model('Draw', drawSchema),
    entries: db.model('DrawEntry', entrySchema),
    lists: db.model('DrawList', listSchema),
    awards: db.model('DrawAward', awardSchema),
  };
}

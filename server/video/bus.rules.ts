import type { Comer, Grant } from './encoders/index.ts';

/** What the shop and the process with the bus say to each other. */

export interface BusSettings {
  host: string;
  /** Where recordings are kept. */
  folder: string;
  rtmpPort: number | undefined;
  whip: { port: number; publicAddress?: string | undefined; bindAddress?: string | undefined };
  logLevel: string;
}

/** What a connection that is handed over is for; whether it may has been decided by then. */
export type Purpose =
  | { kind: 'watch'; live: string; choice: 'auto' | 'high' | 'low' | 'sound'; narrow: number }
  | { kind: 'publish'; live: string; publisher: string }
  | { kind: 'hls'; live: string; path: string; query: string }
  | { kind: 'file'; recording: string; live: string; name: string }
  /** The live is on air at another process: every byte goes there and back. */
  | { kind: 'lead'; host: string; port: number };

export interface HandedOver {
  purpose: Purpose;
  /** The request as it came, in base64. */
  head: string;
}

/** A live's bus is in one process at a time. */
export type ClaimVerdict =
  { ok: true; recording: string | null } | { ok: false; reason: 'over' | 'taken_over' | 'unavailable' };

export interface Held {
  live: string;
  publishing: boolean;
  recording: { id: string; bytes: number; durationMs: number; segments: number; failing: boolean } | null;
}

export interface KeepQuestion {
  held: Held[];
  /** Lives that are waited for here and come from nowhere. */
  waiting: string[];
  figures: BusFigures;
}

export interface KeepAnswer {
  /** Of `held`: what is no longer ours, with why. */
  ended: { live: string; reason: string }[];
  /** Of `waiting`: what is on air elsewhere by now. */
  elsewhere: string[];
  /** Of `held`: on air and to be recorded from now on. */
  record: { live: string; recording: string }[];
  /** Bytes that recordings may still take. */
  room: number;
}

export interface BusFigures {
  viewers: number;
  lives: number;
  sentBytes: number;
  skipped: number;
  dropped: number;
}

export interface GateQuestions {
  'gate.admit': Comer;
  'gate.hold': { grant: Grant; heard: boolean };
  'gate.leave': { grant: Grant; fault?: string };
}

import type { Segment } from './segments.rules.ts';

/**
 * A recording on disk: a folder of segments, the initialisation segments they need, and an index with a line per
 * segment that is written after it. What the index does not name was never there.
 */

export interface IndexEntry {
  /** The segment's number in this recording; names its file. */
  n: number;
  /** Number of its beginning; names the initialisation segment's file. */
  i: number;
  /** Where it begins in the recording and how long it is, in µs. */
  t: number;
  d: number;
  /** Wall clock of its first picture, in ms. */
  at: number;
  /** Bytes. */
  b: number;
  /** 1: the one before does not lead into it. */
  x: 0 | 1;
  /** 1: sound without pictures; else absent. */
  s?: 1;
}

export const INDEX_FILE = 'index.jsonl';
export const segmentFile = (n: number) => `seg-${n}.m4s`;
export const initFile = (i: number) => `init-${i}.mp4`;
/** Names that may be asked for: nothing else of the folder is anybody's business. */
export const KEPT_FILE = /^(?:seg-\d{1,9}\.m4s|init-\d{1,9}\.mp4)$/;

export function entryOf(segment: Segment, n: number): IndexEntry {
  const { beginning, startUs, durationUs, at, bytes, discontinuity } = segment;
  return {
    ...{ n, i: beginning.number, t: Math.round(startUs), d: Math.round(durationUs) },
    ...{ at: Math.round(at), b: bytes, x: discontinuity ? 1 : 0 },
    ...(beginning.width === 0 ? { s: 1 as const } : {}),
  };
}

const NUMBERS = ['n', 'i', 't', 'd', 'at', 'b', 'x'] as const;

/** Every whole line; what a crash cut short is not one. */
export function parseIndex(text: string): IndexEntry[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const entry = JSON.parse(line) as IndexEntry;
      return NUMBERS.every((name) => Number.isFinite(entry[name])) ? [entry] : [];
    } catch {
      return [];
    }
  });
}

/** Bytes and µs of what an index names. */
export function sumOf(entries: readonly IndexEntry[]): { bytes: number; durationUs: number } {
  let bytes = 0;
  let durationUs = 0;
  for (const { b, d } of entries) {
    bytes += b;
    durationUs += d;
  }
  return { bytes, durationUs };
}

/** Played one after the other, in ms from the first picture; gaps are not waited through. */
export interface Placed extends IndexEntry {
  recording: string;
  fromMs: number;
}

/**
 * All recordings of a live, in the order of their time, as one. Stretches without pictures are left out where others
 * have some: no player goes from the one to the other. They stay on disk.
 */
export function placed(runs: readonly { recording: string; entries: readonly IndexEntry[] }[]): Placed[] {
  const ordered = runs.toSorted((a, b) => (a.entries[0]?.at ?? 0) - (b.entries[0]?.at ?? 0));
  const hasPictures = runs.some(({ entries }) => entries.some(({ s }) => s !== 1));
  let us = 0;
  return ordered.flatMap(({ recording, entries }) =>
    entries.flatMap((entry) => {
      if (hasPictures && entry.s === 1) return [];
      const here = { ...entry, recording, fromMs: us / 1000 };
      us += entry.d;
      return here;
    }),
  );
}

/**
 * Where a moment of the day is in the replay, in ms. A moment in a gap is the end of what came before it.
 *
 * @returns undefined before the first picture, and when nothing was kept
 */
export function placeIn(
  all: readonly Placed[],
  at: number,
): { recording: string; offsetMs: number } | undefined {
  const entry = all.findLast((one) => one.at <= at);
  if (!entry) return undefined;
  const within = Math.min(at - entry.at, entry.d / 1000);
  return { recording: entry.recording, offsetMs: Math.round(entry.fromMs + within) };
}

/** The day's time of a place in the replay, in ms; undefined past its end. */
export function momentOf(all: readonly Placed[], offsetMs: number): number | undefined {
  const entry = all.findLast((one) => one.fromMs <= offsetMs);
  return entry && entry.at + Math.min(offsetMs - entry.fromMs, entry.d / 1000);
}

/** Whole segments that cover a stretch: a clip begins with a key frame. */
export function stretch(
  all: readonly Placed[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Placed[] {
  return all.filter((one) => one.fromMs + one.d / 1000 > fromMs && one.fromMs < toMs);
}

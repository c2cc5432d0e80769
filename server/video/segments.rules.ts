import type { Beginning, Fragment } from './rendition.rules.ts';

/** A piece of a segment that low-latency players fetch before the segment is whole. */
export interface Part {
  bytes: Buffer;
  durationUs: number;
  independent: boolean;
}

export interface Segment {
  /** Media sequence number. */
  number: number;
  beginning: Beginning;
  parts: Part[];
  startUs: number;
  durationUs: number;
  bytes: number;
  /** Wall clock of its first picture here, in ms. */
  at: number;
  /** Its timeline or its coding is not that of the one before. */
  discontinuity: boolean;
  whole: boolean;
}

/** Apple asks for parts of at least 85 % of the target, so that they are cut by whole batches of 100 ms. */
export const PART_US = 500_000;
export const PART_TARGET_SECONDS = 0.6;
/** A segment ends at the first key frame after so long. */
const SEGMENT_US = 2_000_000;
/** Whoever sends no key frame gets segments that cannot be sought to, but not ones that grow for ever. */
const LONGEST_US = 3_900_000;
export const TARGET_SECONDS = 4;
/** Named for players that come late or were away, in segments. */
const NAMED = 8;
/** Kept longer than they are named: a player may have read the list a moment ago. */
const KEPT = 12;

export interface Window {
  /** Oldest first; the last one may still grow. */
  segments: readonly Segment[];
  /** Discontinuities among what has left the window. */
  discontinuities: number;
}

export type Segmenter = ReturnType<typeof createSegmenter>;

/** Makes parts and segments of fragments. @param whole is given each segment once it is whole */
export function createSegmenter(whole: (segment: Segment) => void) {
  const segments: Segment[] = [];
  let discontinuities = 0;
  let number = 0;
  let pending: Fragment[] = [];
  let nextUs: number | undefined;

  const current = () => {
    const last = segments.at(-1);
    return last && !last.whole ? last : undefined;
  };

  function closePart() {
    const segment = current();
    if (!segment || pending.length === 0) return;
    const bytes = Buffer.concat(pending.map((fragment) => fragment.bytes));
    const durationUs = pending.reduce((sum, fragment) => sum + fragment.durationUs, 0);
    segment.parts.push({ bytes, durationUs, independent: pending[0]!.key });
    segment.durationUs += durationUs;
    segment.bytes += bytes.length;
    pending = [];
  }

  function closeSegment() {
    closePart();
    const segment = current();
    if (!segment) return;
    segment.whole = true;
    whole(segment);
    while (segments.length > KEPT) {
      const gone = segments.shift();
      if (gone?.discontinuity) discontinuities += 1;
    }
  }

  function open({ beginning, startUs }: Fragment, at: number, torn: boolean) {
    const before = segments.at(-1);
    const discontinuity = before !== undefined && (torn || before.beginning !== beginning);
    segments.push({
      number: number++,
      beginning,
      parts: [],
      startUs,
      durationUs: 0,
      bytes: 0,
      at,
      discontinuity,
      whole: false,
    });
  }

  return {
    /** @param at wall clock in ms */
    push(fragment: Fragment, at: number) {
      const segment = current();
      const pendingUs = pending.reduce((sum, one) => sum + one.durationUs, 0);
      const lengthUs = (segment?.durationUs ?? 0) + pendingUs;
      const torn = nextUs !== undefined && Math.abs(fragment.startUs - nextUs) > SEGMENT_US / 4;
      const over = (fragment.key && lengthUs >= SEGMENT_US - PART_US / 5) || lengthUs >= LONGEST_US;
      if (segment && (over || torn || segment.beginning !== fragment.beginning)) closeSegment();
      else if (pendingUs >= PART_US - 20_000) closePart();
      if (!current()) {
        // Nothing is shown before a picture that stands by itself.
        if (segments.length === 0 && !fragment.key) return;
        open(fragment, at, torn);
      }
      pending.push(fragment);
      nextUs = fragment.startUs + fragment.durationUs;
      if (pendingUs + fragment.durationUs >= PART_US - 20_000) closePart();
    },
    /** The publisher has gone: what is there is a whole segment. */
    close: closeSegment,
    /** What is named now. */
    window(): Window {
      const older = segments.slice(0, -NAMED).filter(({ discontinuity }) => discontinuity);
      return { segments: segments.slice(-NAMED), discontinuities: discontinuities + older.length };
    },
    /** Also what is not named any more. */
    kept: (): readonly Segment[] => segments,
    /** Which segment and which part of it come next: what players wait for. */
    next(): { number: number; part: number } {
      const segment = current();
      return segment ? { number: segment.number, part: segment.parts.length } : { number, part: 0 };
    },
  };
}

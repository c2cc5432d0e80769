import type { Tally } from './tally.rules.ts';

/** What decides the place of a document in a result, by document number. */
export interface Ranked {
  id(document: number): string;
  /** 0..MAX_POPULARITY. */
  popularity(document: number): number;
  /** Non-negative, at most MAX_SCORE. */
  score(document: number): number;
}

export const MAX_POPULARITY = 1023;
const MAX_SCORE = 8;
/** Scores closer than this are equal, so that popularity may decide. */
const STEPS = 1000;
const DOCUMENT_BITS = 2 ** 24;

/**
 * The best `limit` documents of a tally: by score, then popularity, then id. Sorting plain numbers, score above and
 * document below, takes a tenth of the time of sorting objects, and a broad query finds every document.
 */
export function rank(found: Tally, by: Ranked, limit: number): { id: string; score: number }[] {
  const steps = new Uint32Array(found.size);
  const histogram = new Uint32Array(MAX_SCORE * STEPS + 1);
  for (let at = 0; at < found.size; at += 1) {
    const step = Math.min(MAX_SCORE * STEPS, Math.round(by.score(found.touched[at]!) * STEPS));
    steps[at] = step;
    histogram[step]! += 1;
  }
  let least = histogram.length - 1;
  let wanted = histogram[least]!;
  while (least > 0 && wanted < limit) {
    least -= 1;
    wanted += histogram[least]!;
  }
  const keys = new Float64Array(wanted);
  let filled = 0;
  for (let at = 0; at < found.size; at += 1) {
    if (steps[at]! < least) continue;
    const document = found.touched[at]!;
    const key = steps[at]! * (MAX_POPULARITY + 1) + by.popularity(document);
    keys[filled] = -(key * DOCUMENT_BITS + document);
    filled += 1;
  }
  return inOrder(keys.sort(), by, limit);
}

/** Takes sorted keys apart; those that only differ in the document are put in order of id. */
function inOrder(keys: Float64Array, by: Ranked, limit: number): { id: string; score: number }[] {
  const hits: { id: string; score: number }[] = [];
  let at = 0;
  while (at < keys.length && hits.length < limit) {
    const key = Math.floor(-keys[at]! / DOCUMENT_BITS);
    const score = Math.floor(key / (MAX_POPULARITY + 1)) / STEPS;
    const ids: string[] = [];
    for (; at < keys.length && Math.floor(-keys[at]! / DOCUMENT_BITS) === key; at += 1)
      ids.push(by.id(-keys[at]! % DOCUMENT_BITS));
    // Sorting strings without a comparator goes by code unit, the same everywhere.
    if (ids.length > 1) ids.sort();
    for (const id of ids) hits.push({ id, score });
  }
  return hits.slice(0, Math.max(0, limit));
}

import { MAX_WORD } from './text.rules.ts';

/** A set of letters as bits, so that most words are ruled out by one instruction instead of an edit distance. */
export function letterMask(word: string): number {
  let mask = 0;
  for (let at = 0; at < word.length; at += 1) {
    const letter = word.charCodeAt(at) - 97;
    // Letters past z share the six bits that are left: a clash only costs a needless comparison.
    mask |= 1 << (letter >= 0 && letter < 26 ? letter : 26 + (((letter % 6) + 6) % 6));
  }
  return mask;
}

/** Number of set bits of a 32-bit integer. */
export function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

const WIDTH = MAX_WORD + 1;
const cells = new Uint8Array(WIDTH * WIDTH);
for (let i = 0; i < WIDTH; i += 1) {
  cells[i] = i;
  cells[i * WIDTH] = i;
}

/**
 * Edits (insert, delete, replace, swap neighbours) from `a` to `b`, or `limit + 1` when there are more than
 * `limit`. Optimal string alignment: no stretch is edited twice. Words of up to MAX_WORD characters.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const tooFar = limit + 1;
  if (Math.abs(a.length - b.length) > limit || a.length > MAX_WORD || b.length > MAX_WORD) return tooFar;
  for (let i = 1; i <= a.length; i += 1) {
    const letter = a.charCodeAt(i - 1);
    const from = Math.max(1, i - limit);
    const to = Math.min(b.length, i + limit);
    const row = i * WIDTH;
    let least = from === 1 ? Math.min(tooFar, i) : tooFar;
    // Outside the band the true value exceeds the limit; the rim must say so, as the cells are used again and again.
    if (from > 1) cells[row + from - 1] = tooFar;
    for (let j = from; j <= to; j += 1) {
      const cell = row + j;
      const same = letter === b.charCodeAt(j - 1);
      let cost = cells[cell - WIDTH - 1]! + (same ? 0 : 1);
      if (j < i + limit) cost = Math.min(cost, cells[cell - WIDTH]! + 1);
      cost = Math.min(cost, cells[cell - 1]! + 1);
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1))
        cost = Math.min(cost, cells[cell - 2 * WIDTH - 2]! + 1);
      cells[cell] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return tooFar;
  }
  return Math.min(tooFar, cells[a.length * WIDTH + b.length]!);
}

/** Whether `part` is `whole` with letters left out, their order kept. */
export function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (let i = 0; i < whole.length && at < part.length; i += 1)
    if (whole.charCodeAt(i) === part.charCodeAt(at)) at += 1;
  return at === part.length;
}

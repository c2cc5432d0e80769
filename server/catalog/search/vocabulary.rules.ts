import { bitCount, editDistance, isSubsequence, letterMask } from './distance.rules.ts';

/** A word of the vocabulary that resembles what was typed. */
export interface Resemblance {
  term: number;
  /** 0..1: how likely the typed word meant this one. */
  likeness: number;
}

interface Length {
  terms: number[];
  words: string[];
  masks: number[];
}

interface Bucket {
  terms: number[];
  words: string[];
}

const KEY = 3;

/** The cut of a word that is no joined pinyin. */
export const WHOLE_WORD = -1;
const CUT_OFFSET = 2;

/**
 * The Latin words of the index (English and joined pinyin), found by their beginning or by resemblance.
 *
 * Words lie in unsorted buckets by their first three letters and again by length. A sorted array would make every
 * new word a shift of the whole vocabulary, and a deletion neighbourhood for two edits takes more memory than the
 * rest of the index; scanning one bucket with a letter mask first is fast enough and cheap to keep up to date.
 */
export class Vocabulary {
  private readonly buckets = new Map<string, Bucket>();
  private readonly lengths: Length[] = [];
  /**
   * By term: 0 for what is no Latin word, else CUT_OFFSET and the cut, which is for joined pinyin the length that
   * the next shorter joining has, and WHOLE_WORD for all others.
   */
  private cuts = new Uint8Array(0);

  /** Adds a word under its term number, or lowers the cut of a known one. */
  put(term: number, word: string, cut: number): void {
    if (term >= this.cuts.length) {
      const grown = new Uint8Array(term + (term >>> 1) + 64);
      grown.set(this.cuts);
      this.cuts = grown;
    }
    const known = this.cuts[term]!;
    if (known === 0 || cut + CUT_OFFSET < known) this.cuts[term] = cut + CUT_OFFSET;
    if (known !== 0) return;
    const key = word.slice(0, KEY);
    let bucket = this.buckets.get(key);
    if (bucket === undefined) this.buckets.set(key, (bucket = { terms: [], words: [] }));
    bucket.terms.push(term);
    bucket.words.push(word);
    const length = (this.lengths[word.length] ??= { terms: [], words: [], masks: [] });
    length.terms.push(term);
    length.words.push(word);
    length.masks.push(letterMask(word));
  }

  /** Takes a word out. */
  remove(term: number, word: string): void {
    if (!this.cuts[term]) return;
    this.cuts[term] = 0;
    const key = word.slice(0, KEY);
    const bucket = this.buckets.get(key);
    if (bucket !== undefined) {
      const at = bucket.terms.indexOf(term);
      if (at >= 0) takeOut(at, bucket.terms, bucket.words);
      if (bucket.terms.length === 0) this.buckets.delete(key);
    }
    const length = this.lengths[word.length];
    const at = length?.terms.indexOf(term) ?? -1;
    if (length !== undefined && at >= 0) takeOut(at, length.terms, length.words, length.masks);
  }

  /**
   * Visits the words that begin with `prefix`, itself excepted. Of joined pinyin only the shortest that reaches
   * past the prefix is visited: whoever holds chengbunan also holds chengbu.
   */
  withPrefix(prefix: string, visit: (term: number, word: string) => void): void {
    for (const bucket of this.bucketsFor(prefix)) {
      for (let at = 0; at < bucket.words.length; at += 1) {
        const word = bucket.words[at]!;
        if (word.length > prefix.length && word.startsWith(prefix)) {
          const term = bucket.terms[at]!;
          if (prefix.length > this.cuts[term]! - CUT_OFFSET) visit(term, word);
        }
      }
    }
  }

  /**
   * The words within `limit` edits of `word`, the likeliest `most` of them. `accept` rules words out before they
   * are compared. A letter left out or typed twice and swapped neighbours are likelier slips than a wrong letter.
   */
  near(
    word: string,
    limit: number,
    options: { most: number; accept: (term: number, cut: number) => boolean },
  ): Resemblance[] {
    const mask = letterMask(word);
    const found: (Resemblance & { word: string })[] = [];
    for (let size = word.length - limit; size <= word.length + limit; size += 1) {
      const length = this.lengths[size];
      if (length === undefined) continue;
      for (let at = 0; at < length.masks.length; at += 1) {
        // One edit changes at most two bits of the mask.
        if (bitCount(mask ^ length.masks[at]!) > 2 * limit) continue;
        const term = length.terms[at]!;
        const other = length.words[at]!;
        const edits = editDistance(word, other, limit);
        if (edits === 0 || edits > limit || !options.accept(term, this.cuts[term]! - CUT_OFFSET)) continue;
        found.push({ term, word: other, likeness: likeness(word, other, edits) });
      }
    }
    found.sort((a, b) => b.likeness - a.likeness || (a.word < b.word ? -1 : 1));
    return found.slice(0, options.most);
  }

  private *bucketsFor(prefix: string): Iterable<Bucket> {
    if (prefix.length >= KEY) {
      const bucket = this.buckets.get(prefix.slice(0, KEY));
      if (bucket !== undefined) yield bucket;
      return;
    }
    for (const [key, bucket] of this.buckets) if (key.startsWith(prefix)) yield bucket;
  }
}

function likeness(typed: string, word: string, edits: number): number {
  const slip =
    isSubsequence(typed, word) || isSubsequence(word, typed) || letterMask(typed) === letterMask(word);
  return (slip ? 0.6 : 0.45) - 0.12 * (edits - 1) - (typed.charCodeAt(0) === word.charCodeAt(0) ? 0 : 0.1);
}

/** Removes one position from lists that belong together, filling the gap with the last. */
function takeOut(at: number, ...lists: unknown[][]): void {
  for (const list of lists) {
    const last = list.pop();
    if (at < list.length) list[at] = last;
  }
}

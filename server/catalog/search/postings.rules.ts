import type { Term } from './text.rules.ts';

/**
 * Which document holds which term, in which fields. One posting is one integer, document number above, fields
 * below: at twenty thousand products there are millions of them, and as objects they would not fit.
 */

/** Fields of a posting, as bits. */
export const NAME = 1;
/** The term ends the name: 野花蜂蜜 is honey, 蜂蜜柚子茶 is not. */
export const NAME_END = 2;
export const ALIAS = 4;
export const CATEGORY = 8;
/** Cooperative or origin. */
export const PLACE = 16;
export const TEXT = 32;
/** The term starts and ends where words do, and does not straddle two (米粉 in 玉米粉). */
export const WORD = 64;

/** Fields that say what the product is and where it comes from, not the prose around it. */
export const STRONG = NAME | ALIAS | CATEGORY | PLACE;

const FIELD_BITS = 7;
const FIELD_MASK = (1 << FIELD_BITS) - 1;

/** The document number of a posting. */
export function documentOf(posting: number): number {
  return posting >>> FIELD_BITS;
}

/** The field bits of a posting. */
export function fieldsOf(posting: number): number {
  return posting & FIELD_MASK;
}

/** Whether a posting's fields hold the term as a whole word of a strong field. */
export function isStrongWord(fields: number): boolean {
  return (fields & WORD) !== 0 && (fields & STRONG) !== 0;
}

/** First position whose posting belongs to `document` or a later one. */
function lowerBound(list: Uint32Array, length: number, document: number): number {
  const key = document << FIELD_BITS;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function widened(narrow: Uint32Array): Uint32Array<ArrayBuffer> {
  const wide = new Uint32Array(narrow.length + (narrow.length >>> 1) + 1_024);
  wide.set(narrow);
  return wide;
}

/** Terms and their sorted postings. Numbers of terms that die are given out again, so that nothing grows by churn. */
export class Postings {
  private readonly numbers = new Map<Term, number>();
  private readonly names: Term[] = [];
  /** Half of all terms stay with one document; a typed array for each of them would outweigh the rest. */
  private first = new Uint32Array(0);
  private readonly lists: (Uint32Array | undefined)[] = [];
  private readonly lone = new Uint32Array(1);
  private lengths = new Uint32Array(0);
  private strong = new Uint32Array(0);
  private readonly free: number[] = [];

  /** The number of a term, or undefined when no document holds it. */
  find(term: Term): number | undefined {
    return this.numbers.get(term);
  }

  /** The term of a number that is in use. */
  name(term: number): Term {
    return this.names[term] ?? '';
  }

  /** How many documents hold the term. */
  count(term: number): number {
    return this.lengths[term] ?? 0;
  }

  /**
   * The term's postings, sorted by document. Only the first `count(term)` entries are meant, and they are to be
   * read before the next call.
   */
  list(term: number): Uint32Array {
    const list = this.lists[term];
    if (list !== undefined) return list;
    this.lone[0] = this.first[term] ?? 0;
    return this.lone;
  }

  /** How many documents hold the term as a whole word of a strong field. */
  strongCount(term: number): number {
    return this.strong[term] ?? 0;
  }

  /** Adds one posting, or changes the fields of the one that is there. Returns the term's number. */
  put(name: Term, document: number, fields: number): number {
    const term = this.numbers.get(name) ?? this.open(name);
    const length = this.count(term);
    const posting = ((document << FIELD_BITS) | fields) >>> 0;
    const list = this.list(term);
    const isLast = length === 0 || documentOf(list[length - 1]!) < document;
    const at = isLast ? length : lowerBound(list, length, document);
    if (at < length && documentOf(list[at]!) === document) {
      if (isStrongWord(fieldsOf(list[at]!))) this.strong[term] = this.strongCount(term) - 1;
      list[at] = posting;
    } else {
      const room = this.roomFor(term, length);
      if (at < length) room.copyWithin(at + 1, at, length);
      room[at] = posting;
      this.lengths[term] = length + 1;
    }
    if (at === 0) this.first[term] = posting;
    if (isStrongWord(fields)) this.strong[term] = this.strongCount(term) + 1;
    return term;
  }

  /** Takes a document's posting out. Returns true when it was the term's last one and the term is gone. */
  drop(term: number, document: number): boolean {
    const list = this.list(term);
    const length = this.count(term);
    const at = lowerBound(list, length, document);
    const posting = list[at];
    if (at >= length || posting === undefined || documentOf(posting) !== document) return false;
    if (isStrongWord(fieldsOf(posting))) this.strong[term] = this.strongCount(term) - 1;
    list.copyWithin(at, at + 1, length);
    this.lengths[term] = length - 1;
    if (length > 1) return false;
    this.numbers.delete(this.name(term));
    this.lists[term] = undefined;
    this.free.push(term);
    return true;
  }

  /** The term's list with room for one more; a term's first posting needs none of its own. */
  private roomFor(term: number, length: number): Uint32Array {
    const list = this.list(term);
    if (length < list.length) return list;
    const grown = new Uint32Array(length < 64 ? length * 2 + 2 : length + (length >>> 2));
    grown.set(list);
    this.lists[term] = grown;
    return grown;
  }

  private open(name: Term): number {
    const term = this.free.pop() ?? this.names.length;
    // A long word cut out of a story is a view that keeps the whole story alive; joining makes a copy.
    const own = typeof name === 'string' && name.length > 12 ? Array.from(name).join('') : name;
    this.numbers.set(own, term);
    this.names[term] = own;
    this.lists[term] = undefined;
    if (term >= this.lengths.length) {
      this.first = widened(this.first);
      this.lengths = widened(this.lengths);
      this.strong = widened(this.strong);
    }
    this.lengths[term] = 0;
    this.strong[term] = 0;
    return term;
  }
}

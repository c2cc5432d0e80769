import * as Field from './postings.rules.ts';
import type { Term } from './text.rules.ts';
import { WHOLE_WORD } from './vocabulary.rules.ts';
import { FILLERS, fold, hanTerm, runsOf, stem, syllablesOf, wordsOf } from './text.rules.ts';

/** A product as the search sees it. */
export interface SearchDocument {
  id: string;
  name: Record<'zh-CN' | 'en', string>;
  /** Other names that a search must find, in any language. */
  aliases: string[];
  cooperative: Record<'zh-CN' | 'en', string>;
  origin: Record<'zh-CN' | 'en', string>;
  /** Words for the category, in both languages. */
  category: string[];
  /** Tagline and story, both languages. */
  text: string;
  /** Popularity 0..1; decides between equal scores only. */
  weight?: number;
}

/**
 * The terms under which a document is found. Each has the bits of its fields and, if it is a Latin word that a
 * prefix or a misspelling shall find, its cut (see Vocabulary); packed, as there are some five hundred per document.
 */
export type Terms = Map<Term, number>;

const CUT_SHIFT = 8;
const FIELDS = (1 << CUT_SHIFT) - 1;

/** The field bits of a term. */
export function fieldsIn(packed: number): number {
  return packed & FIELDS;
}

/** The cut of a Latin term, undefined for all others. */
export function cutIn(packed: number): number | undefined {
  const cut = packed >>> CUT_SHIFT;
  return cut === 0 ? undefined : cut - 2;
}

/** Marks whole names, their pinyin and initials, none of which may meet a word of the vocabulary by chance. */
export const WHOLE = '=';
export const WHOLE_PINYIN = '~';
export const INITIALS = '#';

/** Joined pinyin of up to this many syllables is one term; longer input is parted into such terms. */
export const MAX_SYLLABLES = 4;
const MAX_INITIALS = 5;
/** Prose beyond this is not searched, so that one endless story cannot hold up the process. */
const MAX_TEXT = 8_000;
const MAX_FIELD = 200;

/** Adds field bits to a term. */
function mark(into: Terms, term: Term, fields: number): void {
  into.set(term, (into.get(term) ?? 0) | fields);
}

/** Adds field bits to a Latin term and keeps the lowest of its cuts. */
function markLatin(into: Terms, term: string, fields: number, cut: number): void {
  const known = into.get(term) ?? 0;
  const knownCut = known >>> CUT_SHIFT || Infinity;
  into.set(term, fieldsIn(known) | fields | (Math.min(knownCut, cut + 2) << CUT_SHIFT));
}

function markWord(into: Terms, word: string, fields: number): void {
  markLatin(into, word, fields | Field.WORD, WHOLE_WORD);
  const singular = stem(word);
  if (singular !== word) markLatin(into, singular, fields | Field.WORD, WHOLE_WORD);
}

interface HanRun {
  codes: number[];
  /** At which positions a word begins or ends; one more than there are codes. */
  border: boolean[];
  syllables: string[];
}

/** Places and categories come again with every product of a cooperative, names do not. */
const REMEMBERED = 2_000;
const remembered = new Map<string, HanRun>();

function recallHan(han: string): HanRun {
  const known = remembered.get(han);
  if (known !== undefined) return known;
  const read = readHan(han);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(han, read);
  return read;
}

function readHan(han: string): HanRun {
  const codes = Array.from(han, (character) => character.codePointAt(0)!);
  const border = Array.from({ length: codes.length + 1 }, () => false);
  border[0] = true;
  let position = 0;
  for (const word of wordsOf(han)) {
    position += Array.from(word).length;
    border[position] = true;
  }
  return { codes, border, syllables: syllablesOf(han) };
}

/** Characters, pairs, pinyin and initials of a Han run in a field that names things. */
function markHan(into: Terms, han: HanRun, fields: number, isLast: boolean): void {
  const { codes, border, syllables } = han;
  const count = codes.length;
  const bits = (from: number, to: number): number =>
    fields |
    (border[from] && border[to] ? Field.WORD : 0) |
    (isLast && to === count && fields & Field.NAME ? Field.NAME_END : 0);
  for (let at = 0; at < count; at += 1) {
    mark(into, hanTerm(codes[at]!, 0), bits(at, at + 1));
    if (at + 1 < count) mark(into, hanTerm(codes[at]!, codes[at + 1]!), bits(at, at + 2));
  }
  for (let from = 0; from < count; from += 1) {
    let joined = '';
    let initials = INITIALS;
    let cut = 0;
    for (let to = from; to < Math.min(count, from + MAX_INITIALS); to += 1) {
      const syllable = syllables[to];
      if (!syllable) break;
      joined += syllable;
      initials += syllable[0]!;
      const fieldBits = bits(from, to + 1);
      // Longer stretches only where words begin and end: all of them would be most of the vocabulary.
      if (to - from < 2 || (to - from < MAX_SYLLABLES && fieldBits & Field.WORD)) {
        markLatin(into, joined, fieldBits, cut);
        cut = joined.length;
      }
      if (to > from && border[from]) mark(into, initials, fieldBits);
    }
  }
}

/**
 * A field that names things. Names and aliases also go in as a whole, as written and as pinyin, so that typing
 * exactly one can be told from typing a part of it.
 */
function markField(into: Terms, text: string, fields: number): void {
  const runs = runsOf(fold(text.slice(0, MAX_FIELD)));
  const own = (fields & (Field.NAME | Field.ALIAS)) !== 0;
  let whole = WHOLE;
  let wholePinyin = WHOLE_PINYIN;
  runs.forEach((run, at) => {
    const isLast = at === runs.length - 1;
    whole += run.text;
    if (run.han) {
      const han = own ? readHan(run.text) : recallHan(run.text);
      markHan(into, han, fields, isLast);
      wholePinyin += han.syllables.join('');
    } else {
      markWord(into, run.text, isLast && fields & Field.NAME ? fields | Field.NAME_END : fields);
      wholePinyin += run.text;
    }
  });
  if (!own || runs.length === 0) return;
  mark(into, whole, fields);
  mark(into, wholePinyin, fields);
}

/**
 * Prose: pairs of characters and Latin words only. A single character in a story says nothing (茶 would find all that
 * is praised as going well with tea) and would be a quarter of the index; parting it into words and reading it aloud
 * would cost more than all other fields together, and `fengmi` is to find honey, not every story that mentions it.
 */
function markText(into: Terms, text: string): void {
  for (const run of runsOf(fold(text.slice(0, MAX_TEXT)))) {
    if (!run.han) {
      if (!FILLERS.has(run.text)) markLatin(into, stem(run.text), Field.TEXT | Field.WORD, WHOLE_WORD);
    } else {
      let previous = 0;
      for (const character of run.text) {
        const code = character.codePointAt(0)!;
        if (previous !== 0) mark(into, hanTerm(previous, code), Field.TEXT);
        previous = code;
      }
    }
  }
}

/** Takes a document apart into the terms under which it is found. */
export function analyse(document: SearchDocument): Terms {
  const into: Terms = new Map();
  for (const name of [document.name['zh-CN'], document.name.en]) markField(into, name, Field.NAME);
  for (const alias of document.aliases) markField(into, alias, Field.ALIAS);
  for (const word of document.category) markField(into, word, Field.CATEGORY);
  for (const place of [document.cooperative, document.origin]) {
    markField(into, place['zh-CN'], Field.PLACE);
    markField(into, place.en, Field.PLACE);
  }
  markText(into, document.text);
  return into;
}

import { pinyin } from 'pinyin-pro';

/**
 * How text becomes comparable: the same folding serves what is indexed and what is asked, so that both sides
 * can only differ in the words themselves.
 */

/** A stretch of one kind of writing: Han characters, or letters and digits of any other script. */
export interface Run {
  han: boolean;
  text: string;
}

/** Longer words are cut on both sides alike; it bounds the edit distance and no produce name is longer. */
export const MAX_WORD = 32;

const APOSTROPHE = /(?<=\p{L})['’ʼ](?=\p{L})/gu;
/** Accented letters and accents, of Latin and its neighbours; CJK text and its punctuation take the short way. */
const MAY_CARRY_MARKS = /[\u00c0-\u1fff]/;
const MAY_HOLD_APOSTROPHE = /['’ʼ]/;

/**
 * Brings text to one form: NFKC (full-width, ligatures), lower case, no accents. `ü` becomes `v`, as typed on a
 * pinyin keyboard, and apostrophes inside a word vanish (`xi'an`, `farmer's`). Never throws, lone surrogates pass.
 */
export function fold(text: string): string {
  let folded = text.normalize('NFKC').toLowerCase();
  if (MAY_CARRY_MARKS.test(folded))
    folded = folded
      .normalize('NFD')
      .replace(/u\u0308/g, 'v')
      .replace(/\p{M}/gu, '');
  return MAY_HOLD_APOSTROPHE.test(folded) ? folded.replace(APOSTROPHE, '') : folded;
}

const NEITHER = 0;
const LETTER = 1;
const HAN = 2;
const HAN_CHARACTER = /^\p{Script=Han}$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;

/** Nearly all text is of the first two ranges, and a regular expression over prose is a tenth of building the index. */
function kindOf(code: number): number {
  if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) return LETTER;
  if (code >= 0x4e00 && code <= 0x9fff) return HAN;
  if (code < 128 || (code >= 0x3001 && code <= 0x3004) || code === 0xff0c) return NEITHER;
  const character = String.fromCodePoint(code);
  if (HAN_CHARACTER.test(character)) return HAN;
  return LETTER_OR_DIGIT.test(character) ? LETTER : NEITHER;
}

/** Parts folded text into runs; punctuation, spaces and emoji only part and are dropped. */
export function runsOf(folded: string): Run[] {
  const runs: Run[] = [];
  let kind = NEITHER;
  let start = 0;
  const close = (end: number): void => {
    if (kind === HAN) runs.push({ han: true, text: folded.slice(start, end) });
    if (kind === LETTER)
      runs.push({ han: false, text: folded.slice(start, Math.min(end, start + MAX_WORD)) });
  };
  for (let at = 0; at < folded.length;) {
    const code = folded.codePointAt(at)!;
    const here = kindOf(code);
    if (here !== kind) {
      close(at);
      kind = here;
      start = at;
    }
    at += code > 0xffff ? 2 : 1;
  }
  close(folded.length);
  return runs;
}

/** All letters and digits of folded text without anything between them: the form in which whole names are compared. */
export function compact(folded: string): string {
  return runsOf(folded)
    .map((run) => run.text)
    .join('');
}

/** Words that tell nothing in a query as long as there is another, and are not worth a posting in prose. */
export const FILLERS: ReadonlySet<string> = new Set(
  'the of and a an in from with for to is are it 的 和 与 了 之'.split(' '),
);

const IRREGULAR = new Map([
  ['leaves', 'leaf'],
  ['loaves', 'loaf'],
  ['halves', 'half'],
  ['knives', 'knife'],
  ['geese', 'goose'],
  ['potatoes', 'potato'],
  ['tomatoes', 'tomato'],
  ['mangoes', 'mango'],
]);

/**
 * Takes an English plural to its singular and leaves everything else alone. Deliberately no more than that:
 * cutting -ing or -ed would merge words that a shopper keeps apart, and the index holds pinyin too
 * (no syllable ends in s, so pinyin passes unharmed).
 */
export function stem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(?:ch|sh|x|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** What a document is found under. */
export type Term = string | number;

const HAN_FIRST = 0x3400;
const HAN_LAST = 0x9fff;
const HAN_BASE = HAN_LAST - HAN_FIRST + 2;

/**
 * The term of one Han character or of two neighbours, given by code point (0 for none). Most terms are of this kind;
 * a small integer is looked up much faster than a string and takes no room. Rare characters beyond the basic plane
 * make a string.
 */
export function hanTerm(first: number, second: number): Term {
  const basic = (code: number): boolean => code >= HAN_FIRST && code <= HAN_LAST;
  if (!basic(first) || (second !== 0 && !basic(second)))
    return String.fromCodePoint(first) + (second === 0 ? '' : String.fromCodePoint(second));
  return (first - HAN_FIRST + 1) * HAN_BASE + (second === 0 ? 0 : second - HAN_FIRST + 1);
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** The words of a Han run, as ICU's dictionary parts it; rare place names fall into single characters. */
export function wordsOf(han: string): string[] {
  const words: string[] = [];
  for (const { segment } of segmenter.segment(han)) words.push(segment);
  return words;
}

const SYLLABLE = /^[a-z]+$/;

/**
 * The readings of a Han run, one per character and without tones, phrases taken into account (重庆 is chong qing).
 * A character without a reading gives ''. pinyin-pro's own dictionary is used as it is: it reads a name in 7 µs,
 * and a table of single characters would misread the phrases.
 */
export function syllablesOf(han: string): string[] {
  const readings = pinyin(han, { toneType: 'none', type: 'array', v: true, toneSandhi: false });
  return readings.map((reading) => (SYLLABLE.test(reading) ? reading.replace(/^([ln])ve$/, '$1ue') : ''));
}

const PINYIN_SYLLABLE =
  /^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ong|[iu]?ang|u?eng|ing|iao|[iuv]an|uai|[ae]i|ao|ou|[aeiuv]n|i[aeu]|u[aoie]|ve|er|[aoeiuv])$/;

/** Whether a Latin word could be one pinyin syllable, which `mantou` is not and `man` is. */
export function isSyllable(word: string): boolean {
  return word.length <= 6 && PINYIN_SYLLABLE.test(word);
}

/** Whether a Latin word is only the start of a syllable: what stands last while someone types `feng m`. */
export function isInitial(word: string): boolean {
  return /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])$/.test(word);
}

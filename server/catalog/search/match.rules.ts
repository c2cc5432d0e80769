import { INITIALS, MAX_SYLLABLES } from './analysis.rules.ts';
import type { Unit } from './plan.rules.ts';
import type { Postings } from './postings.rules.ts';
import * as Field from './postings.rules.ts';
import { Tally } from './tally.rules.ts';
import type { Term } from './text.rules.ts';
import { hanTerm, stem, syllablesOf } from './text.rules.ts';
import type { Vocabulary } from './vocabulary.rules.ts';
import { WHOLE_WORD } from './vocabulary.rules.ts';

/** What one unit of a query found. */
export interface Matches {
  documents: Uint32Array;
  /** 0..1 each: in which field, and how surely it is what was meant. */
  values: Float64Array;
  /** Share of the literal matches that only say where a product comes from. */
  placeShare: number;
}

/** How sure a way of matching is, next to the word itself being there. */
const PREFIX = { least: 0.6, most: 0.85 };
const INITIALS_ONLY = 0.45;
const HOMOPHONE = 0.5;
const SCATTERED = { least: 0.35, most: 0.7 };
const PARTED = { sure: 0.8, unsure: 0.5 };

/** A word that fewer products than this bear is likely a slip for one that sounds alike. */
const RARE = 3;
const MAX_RESEMBLANCES = 40;
const MAX_RESEMBLANCE_SCANS = 4;
const MAX_PIECES_COST = 5;
const MAX_PIECE = 24;

function weighField(fields: number): number {
  let weight = 0;
  if (fields & Field.TEXT) weight = 0.15;
  if (fields & Field.PLACE) weight = 0.4;
  if (fields & Field.ALIAS) weight = 0.7;
  if (fields & Field.NAME) weight = 0.8;
  if (fields & Field.CATEGORY) weight = 0.85;
  if (fields & Field.NAME_END) weight = 0.9;
  if (fields & Field.NAME && fields & Field.CATEGORY) weight += 0.1;
  return weight;
}

const FIELD_WEIGHTS = Float64Array.from({ length: 128 }, (_, fields) => weighField(fields));
const STRADDLING = 0.75;
const WEIGHTS = FIELD_WEIGHTS.map((weight, fields) =>
  fields & Field.STRONG && !(fields & Field.WORD) ? weight * STRADDLING : weight,
);

/** Finds the documents that hold one unit of a query: as it stands, as a beginning, misspelt, or by sound. */
export class Matcher {
  private readonly postings: Postings;
  private readonly vocabulary: Vocabulary;
  private readonly found = new Tally();
  private readonly pairs = new Tally();
  private readonly pairWeights = new Tally();
  private readonly characters = new Tally();
  private readonly characterWeights = new Tally();
  private capacity = 0;
  private scans = 0;
  private literal = 0;
  private places = 0;

  constructor(postings: Postings, vocabulary: Vocabulary) {
    this.postings = postings;
    this.vocabulary = vocabulary;
  }

  /** Begins a query over documents numbered below `capacity`. */
  begin(capacity: number): void {
    this.capacity = capacity;
    this.scans = 0;
  }

  /** Everything one unit finds; the result stays valid after the next call. */
  match(unit: Unit): Matches {
    this.found.reset(this.capacity);
    this.literal = 0;
    this.places = 0;
    if (unit.han) this.matchHan(unit.text);
    else this.matchLatin(unit.text);
    const documents = this.found.touched.slice(0, this.found.size);
    const values = new Float64Array(documents.length);
    for (let at = 0; at < documents.length; at += 1) values[at] = this.found.get(documents[at]!);
    return { documents, values, placeShare: this.literal === 0 ? 0 : this.places / this.literal };
  }

  private visit(term: number, sureness: number, wanted = 0): void {
    const list = this.postings.list(term);
    const count = this.postings.count(term);
    for (let at = 0; at < count; at += 1) {
      const fields = Field.fieldsOf(list[at]!);
      if ((fields & wanted) !== wanted) continue;
      this.found.raise(Field.documentOf(list[at]!), WEIGHTS[fields]! * sureness);
    }
  }

  private visitLiteral(term: number): void {
    this.visit(term, 1);
    this.countPlaces(term);
  }

  private countPlaces(term: number): void {
    const list = this.postings.list(term);
    const count = this.postings.count(term);
    this.literal += count;
    for (let at = 0; at < count; at += 1) {
      const fields = Field.fieldsOf(list[at]!);
      if (fields & Field.PLACE && !(fields & Field.CATEGORY)) this.places += 1;
    }
  }

  private matchLatin(word: string): void {
    let known = false;
    for (const form of new Set([word, stem(word)])) {
      const term = this.postings.find(form);
      if (term === undefined) continue;
      this.visitLiteral(term);
      known ||= this.postings.strongCount(term) > 0;
    }
    const begun = this.matchPrefix(word, 1);
    if (known) return;
    const initials = this.postings.find(INITIALS + word);
    if (initials !== undefined) this.visit(initials, INITIALS_ONLY);
    if (begun || word.length < 4) return;
    this.matchParted(word);
    this.matchMisspelt(word);
  }

  /** Returns whether a whole word of a strong field begins with the prefix. */
  private matchPrefix(prefix: string, sureness: number): boolean {
    let strong = false;
    this.vocabulary.withPrefix(prefix, (term, word) => {
      const share = prefix.length / word.length;
      this.visit(term, sureness * (PREFIX.least + (PREFIX.most - PREFIX.least) * share));
      strong ||= this.postings.strongCount(term) > 0;
    });
    return strong;
  }

  /** One edit from four letters and two from eight. Words with digits are exact: 500g is no slip for 250g. */
  private matchMisspelt(word: string): void {
    if (this.scans >= MAX_RESEMBLANCE_SCANS || /\d/.test(word)) return;
    this.scans += 1;
    const near = this.vocabulary.near(word, word.length < 8 ? 1 : 2, {
      most: MAX_RESEMBLANCES,
      accept: (term, cut) => cut === WHOLE_WORD || this.postings.strongCount(term) > 0,
    });
    for (const { term, likeness } of near) this.visit(term, likeness);
  }

  /** Words typed without a gap, such as `anhuamantou`; the last may be unfinished. */
  private matchParted(word: string): void {
    const { pieces, cost, rest } = this.part(word);
    if (pieces.length + (rest === '' ? 0 : 1) < 2) return;
    const counts = this.pairs;
    const weights = this.pairWeights;
    counts.reset(this.capacity);
    weights.reset(this.capacity);
    for (const term of pieces) {
      const list = this.postings.list(term);
      for (let at = 0; at < this.postings.count(term); at += 1) {
        const fields = Field.fieldsOf(list[at]!);
        if (!(fields & Field.STRONG)) continue;
        counts.add(Field.documentOf(list[at]!), 1);
        weights.add(Field.documentOf(list[at]!), WEIGHTS[fields]!);
      }
    }
    const sureness = cost > pieces.length || rest !== '' ? PARTED.unsure : PARTED.sure;
    const allowed = rest === '' ? undefined : this.startingWith(rest);
    for (let at = 0; at < counts.size; at += 1) {
      const document = counts.touched[at]!;
      if (counts.get(document) !== pieces.length || allowed?.has(document) === false) continue;
      this.found.raise(document, (weights.get(document) / pieces.length) * sureness);
    }
  }

  private startingWith(prefix: string): Set<number> {
    const documents = new Set<number>();
    this.vocabulary.withPrefix(prefix, (term) => {
      const list = this.postings.list(term);
      for (let at = 0; at < this.postings.count(term); at += 1)
        if (Field.fieldsOf(list[at]!) & Field.STRONG) documents.add(Field.documentOf(list[at]!));
    });
    return documents;
  }

  /** Parts a word into the fewest known ones. Short pieces cost double: any word falls apart into syllables. */
  private part(word: string): { pieces: number[]; cost: number; rest: string } {
    const costs: number[] = [0];
    const lasts: { term: number; from: number }[] = [];
    for (let to = 2; to <= word.length; to += 1) {
      for (let from = Math.max(0, to - MAX_PIECE); from <= to - 2; from += 1) {
        const before = costs[from];
        if (before === undefined) continue;
        const term = this.postings.find(word.slice(from, to));
        if (term === undefined || this.postings.strongCount(term) === 0) continue;
        const cost = before + (to - from < 4 ? 2 : 1);
        if (cost <= MAX_PIECES_COST && cost < (costs[to] ?? Infinity)) {
          costs[to] = cost;
          lasts[to] = { term, from };
        }
      }
    }
    let end = word.length;
    while (end > 0 && costs[end] === undefined) end -= 1;
    const cost = costs[end] ?? 0;
    const pieces: number[] = [];
    for (let at = end; at > 0; at = lasts[at]!.from) pieces.push(lasts[at]!.term);
    return { pieces: pieces.reverse(), cost, rest: word.slice(end) };
  }

  private matchHan(text: string): void {
    const codes = Array.from(text, (character) => character.codePointAt(0)!);
    const characters = [...new Set(codes.map((code) => hanTerm(code, 0)))];
    if (codes.length === 1) {
      const term = this.postings.find(characters[0]!);
      if (term !== undefined) this.visitLiteral(term);
      return;
    }
    const pairs = [...new Set(codes.slice(1).map((code, at) => hanTerm(codes[at]!, code)))];
    const literal = this.matchPairs(pairs);
    if (literal === 0) this.matchScattered(characters, pairs.length);
    if (literal < RARE && codes.length <= MAX_SYLLABLES) this.matchSound(text);
  }

  /** The run as it stands, told by its pairs of characters. Returns how many documents hold it outside prose. */
  private matchPairs(pairs: Term[]): number {
    this.pairs.reset(this.capacity);
    this.pairWeights.reset(this.capacity);
    for (const pair of pairs) {
      const term = this.postings.find(pair);
      if (term === undefined) continue;
      this.countPlaces(term);
      const list = this.postings.list(term);
      for (let at = 0; at < this.postings.count(term); at += 1) {
        const document = Field.documentOf(list[at]!);
        this.pairs.add(document, 1);
        this.pairWeights.add(document, WEIGHTS[Field.fieldsOf(list[at]!)]!);
      }
    }
    const prose = FIELD_WEIGHTS[Field.TEXT]!;
    let strong = 0;
    for (let at = 0; at < this.pairs.size; at += 1) {
      const document = this.pairs.touched[at]!;
      if (this.pairs.get(document) !== pairs.length) continue;
      const weight = this.pairWeights.get(document) / pairs.length;
      this.found.raise(document, weight);
      if (weight > prose) strong += 1;
    }
    return strong;
  }

  /** The run's characters apart from each other; from three characters on one of them may be wrong. */
  private matchScattered(characters: Term[], pairs: number): void {
    const needed = characters.length - (characters.length >= 3 ? 1 : 0);
    this.characters.reset(this.capacity);
    this.characterWeights.reset(this.capacity);
    for (const character of characters) {
      const term = this.postings.find(character);
      if (term === undefined) continue;
      const list = this.postings.list(term);
      for (let at = 0; at < this.postings.count(term); at += 1) {
        const fields = Field.fieldsOf(list[at]!);
        if (!(fields & Field.STRONG)) continue;
        this.characters.add(Field.documentOf(list[at]!), 1);
        this.characterWeights.add(Field.documentOf(list[at]!), FIELD_WEIGHTS[fields]!);
      }
    }
    for (let at = 0; at < this.characters.size; at += 1) {
      const document = this.characters.touched[at]!;
      const held = this.characters.get(document);
      if (held < needed) continue;
      // Pairs that survived tell 铁观银 (almost 铁观音) from three characters strewn over a name.
      const together = this.pairs.get(document) / pairs;
      const sureness = SCATTERED.least + (SCATTERED.most - SCATTERED.least) * together;
      this.found.raise(document, (this.characterWeights.get(document) / characters.length) * sureness);
    }
  }

  private matchSound(han: string): void {
    const syllables = syllablesOf(han);
    if (syllables.includes('')) return;
    const term = this.postings.find(syllables.join(''));
    if (term !== undefined) this.visit(term, HOMOPHONE, Field.WORD);
  }
}

import type { SearchDocument } from './analysis.rules.ts';
import { analyse, cutIn, fieldsIn, WHOLE, WHOLE_PINYIN } from './analysis.rules.ts';
import type { Matches } from './match.rules.ts';
import { Matcher } from './match.rules.ts';
import type { Plan, Reading } from './plan.rules.ts';
import { planQuery } from './plan.rules.ts';
import * as Field from './postings.rules.ts';
import { Postings } from './postings.rules.ts';
import { MAX_POPULARITY, rank } from './rank.rules.ts';
import { Tally } from './tally.rules.ts';
import { compact, fold } from './text.rules.ts';
import { Vocabulary } from './vocabulary.rules.ts';

export type { SearchDocument } from './analysis.rules.ts';

/** A product that was found. Scores compare within one query only. */
export interface SearchHit {
  id: string;
  score: number;
}

export interface SearchIndex {
  /** Adds a document, or replaces the one with the same id. */
  put(document: SearchDocument): void;
  /** Takes a document out; unknown ids are no error. */
  remove(id: string): void;
  /**
   * The documents that answer a query, best first: those that hold every word, or, when none does, those that hold
   * some. Equal scores are ordered by popularity, then by id. Any string is allowed; without `limit` all are returned.
   */
  query(q: string, options?: { limit?: number }): SearchHit[];
  /** How many documents are held. */
  size(): number;
}

/** Being asked for by its whole name lifts a document above all that only hold the words, whose scores stay near 1. */
const WHOLE_NAME = 2;
const WHOLE_NAME_PINYIN = 1.6;
const WHOLE_ALIAS = 1.2;
const WHOLE_ALIAS_PINYIN = 1;

/** In `Anxi mantou` the mantou matters more: what it is weighs more than where it is from. */
const PLACE_WEIGHT = 0.6;
/** Syllables found apart, once the joined word is known: 红枫 ... 大米 for `feng mi`. */
const APART = 0.4;
const PARTIAL = 0.5;
/** The share of the name that was typed: enough to order what else is equal. */
const COVERAGE = 0.05;

class Index implements SearchIndex {
  private readonly postings = new Postings();
  private readonly vocabulary = new Vocabulary();
  private readonly matcher = new Matcher(this.postings, this.vocabulary);
  private readonly numbers = new Map<string, number>();
  /** By document number, side by side and not as objects: ranking a broad query reads them thousands of times. */
  private readonly ids: string[] = [];
  private readonly terms: (Uint32Array | undefined)[] = [];
  private readonly popularity: number[] = [];
  private readonly lengths: Record<'zh-CN' | 'en', number[]> = { 'zh-CN': [], en: [] };
  private readonly free: number[] = [];
  private readonly totals = new Tally();
  private readonly counts = new Tally();
  private readonly complete = new Tally();
  private readonly partial = new Tally();

  size(): number {
    return this.numbers.size;
  }

  put(document: SearchDocument): void {
    const known = this.numbers.get(document.id);
    const number = known ?? this.free.pop() ?? this.ids.length;
    const terms = analyse(document);
    // A changed product keeps most of its terms: only those that went are taken out, which is the dear part.
    for (const term of this.terms[number] ?? [])
      if (!terms.has(this.postings.name(term))) this.drop(term, number);
    const held = new Uint32Array(terms.size);
    let at = 0;
    for (const [name, packed] of terms) {
      const term = this.postings.put(name, number, fieldsIn(packed));
      const cut = cutIn(packed);
      if (cut !== undefined && typeof name === 'string') this.vocabulary.put(term, name, cut);
      held[at] = term;
      at += 1;
    }
    const weight = document.weight ?? 0;
    this.ids[number] = document.id;
    this.terms[number] = held;
    this.popularity[number] = weight > 0 ? Math.round(Math.min(weight, 1) * MAX_POPULARITY) : 0;
    this.lengths['zh-CN'][number] = compact(fold(document.name['zh-CN'])).length;
    this.lengths.en[number] = compact(fold(document.name.en)).length;
    this.numbers.set(document.id, number);
  }

  remove(id: string): void {
    const number = this.numbers.get(id);
    if (number === undefined) return;
    for (const term of this.terms[number] ?? []) this.drop(term, number);
    this.terms[number] = undefined;
    this.numbers.delete(id);
    this.free.push(number);
  }

  query(q: string, options: { limit?: number } = {}): SearchHit[] {
    const plan = planQuery(q);
    if (plan.whole === '') return [];
    const capacity = this.ids.length;
    this.matcher.begin(capacity);
    this.complete.reset(capacity);
    this.partial.reset(capacity);
    const known = new Map<string, Matches>();
    let scale = 1;
    for (const reading of plan.readings.toReversed()) {
      const any = this.read(reading, known, scale);
      if (any && reading.joined) scale = APART;
    }
    this.liftWhole(plan);
    const result = this.complete.size > 0 ? this.complete : this.partial;
    return this.rank(result, plan, options.limit ?? Infinity);
  }

  private drop(term: number, document: number): void {
    const name = this.postings.name(term);
    if (this.postings.drop(term, document) && typeof name === 'string') this.vocabulary.remove(term, name);
  }

  /** Adds what one reading of the query finds. Returns whether any document holds all its units. */
  private read(reading: Reading, known: Map<string, Matches>, scale: number): boolean {
    const capacity = this.ids.length;
    this.totals.reset(capacity);
    this.counts.reset(capacity);
    const found = reading.units.map((unit) => {
      const matches = known.get(unit.text) ?? this.matcher.match(unit);
      known.set(unit.text, matches);
      return matches;
    });
    let weights = 0;
    for (const matches of found) {
      const weight = matches.placeShare > 0.5 ? PLACE_WEIGHT : 1;
      weights += weight;
      for (let at = 0; at < matches.documents.length; at += 1) {
        this.totals.add(matches.documents[at]!, matches.values[at]! * weight);
        this.counts.add(matches.documents[at]!, 1);
      }
    }
    let any = false;
    for (let at = 0; at < this.totals.size; at += 1) {
      const document = this.totals.touched[at]!;
      const score = (this.totals.get(document) / weights) * scale;
      if (this.counts.get(document) === reading.units.length) {
        any = true;
        this.complete.raise(document, score);
      } else this.partial.raise(document, score * PARTIAL);
    }
    return any;
  }

  private liftWhole(plan: Plan): void {
    this.totals.reset(this.ids.length);
    this.lift(WHOLE + plan.whole, WHOLE_NAME, WHOLE_ALIAS);
    // Only what was typed in pinyin counts as the name: 风蜜 sounds like 蜂蜜 but is not its name.
    if (!plan.runs.some((run) => run.han))
      this.lift(WHOLE_PINYIN + plan.whole, WHOLE_NAME_PINYIN, WHOLE_ALIAS_PINYIN);
    for (let at = 0; at < this.totals.size; at += 1) {
      const document = this.totals.touched[at]!;
      const bonus = this.totals.get(document);
      this.complete.add(document, bonus);
    }
  }

  private lift(key: string, name: number, alias: number): void {
    const term = this.postings.find(key);
    if (term === undefined) return;
    const list = this.postings.list(term);
    for (let at = 0; at < this.postings.count(term); at += 1) {
      const fields = Field.fieldsOf(list[at]!);
      this.totals.raise(Field.documentOf(list[at]!), fields & Field.NAME ? name : alias);
    }
  }

  private rank(found: Tally, plan: Plan, limit: number): SearchHit[] {
    const lengths = this.lengths[plan.runs.some((run) => run.han) ? 'zh-CN' : 'en'];
    const typed = plan.whole.length;
    return rank(
      found,
      {
        id: (document) => this.ids[document]!,
        popularity: (document) => this.popularity[document]!,
        score: (document) =>
          found.get(document) + COVERAGE * Math.min(1, typed / Math.max(1, lengths[document]!)),
      },
      limit,
    );
  }
}

/** An empty index. It lives in memory, is synchronous and does no I/O; the caller keeps it in step with the catalog. */
export function createSearchIndex(): SearchIndex {
  return new Index();
}

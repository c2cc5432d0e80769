import type { Run } from './text.rules.ts';
import { compact, FILLERS, fold, isInitial, isSyllable, MAX_WORD, runsOf, wordsOf } from './text.rules.ts';

/** One thing that was asked for. */
export interface Unit {
  han: boolean;
  text: string;
}

/** One way to read a query; a document answers it when it holds every unit. */
export interface Reading {
  units: Unit[];
  /** Whether parted syllables (`feng mi`) stand joined in it. */
  joined: boolean;
}

export interface Plan {
  /** The query as one string, to compare with whole names. */
  whole: string;
  runs: Run[];
  /** The finest reading first. */
  readings: Reading[];
}

/** A query beyond this is cut: nobody types more, and the time spent stays bounded. */
const MAX_QUERY = 200;
const MAX_UNITS = 8;
/** Han runs up to this many characters are also tried as one thing, so that one may be mistyped. */
const MAX_HAN_WHOLE = 8;
const MAX_HAN_UNIT = 12;

/** Cuts a Han run into at most `size` characters each. */
function chunks(characters: string[], size: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += size) parts.push(characters.slice(at, at + size).join(''));
  return parts;
}

/**
 * The words of a Han run. The dictionary knows few place names and leaves their characters single; neighbours of
 * one character are put together again (安|化|馒头 is 安化 and 馒头).
 */
function hanUnits(han: string): Unit[] {
  const units: string[] = [];
  let singles: string[] = [];
  const flush = (): void => {
    units.push(...chunks(singles, MAX_HAN_UNIT));
    singles = [];
  };
  for (const word of wordsOf(han)) {
    const characters = Array.from(word);
    if (characters.length === 1) {
      if (FILLERS.has(word)) flush();
      singles.push(word);
      if (FILLERS.has(word)) flush();
    } else {
      flush();
      units.push(...chunks(characters, MAX_HAN_UNIT));
    }
  }
  flush();
  return units.map((text) => ({ han: true, text }));
}

/** Drops repetitions, and fillers unless there is nothing else. */
function tidy(units: Unit[]): Unit[] {
  const seen = new Set<string>();
  const distinct = units.filter(({ text }) => !seen.has(text) && seen.add(text));
  const telling = distinct.filter(({ text }) => !FILLERS.has(text));
  return (telling.length > 0 ? telling : distinct).slice(0, MAX_UNITS);
}

function fine(runs: Run[]): Unit[] {
  return tidy(runs.flatMap((run) => (run.han ? hanUnits(run.text) : [{ han: false, text: run.text }])));
}

/** The coarse reading: Han runs whole, neighbouring syllables joined. */
function coarse(runs: Run[]): Reading {
  const units: Unit[] = [];
  let joined = false;
  let open: Unit | undefined;
  runs.forEach((run, at) => {
    if (run.han) {
      const whole = Array.from(run.text).length <= MAX_HAN_WHOLE;
      units.push(...(whole ? [{ han: true, text: run.text }] : hanUnits(run.text)));
      open = undefined;
      return;
    }
    const isLast = at === runs.length - 1;
    const syllable = isSyllable(run.text);
    const goesOn = syllable || (isLast && isInitial(run.text));
    if (open !== undefined && goesOn && open.text.length + run.text.length <= MAX_WORD) {
      open.text += run.text;
      joined = true;
      return;
    }
    const unit = { han: false, text: run.text };
    units.push(unit);
    open = syllable ? unit : undefined;
  });
  return { units: tidy(units), joined };
}

/** Reads a query of any length in at most two ways. */
export function planQuery(query: string): Plan {
  const folded = fold(query.slice(0, MAX_QUERY)).slice(0, MAX_QUERY);
  const runs = runsOf(folded);
  const first: Reading = { units: fine(runs), joined: false };
  const second = coarse(runs);
  const same =
    first.units.length === second.units.length &&
    first.units.every((unit, at) => unit.text === second.units[at]?.text);
  return { whole: compact(folded), runs, readings: same ? [first] : [first, second] };
}

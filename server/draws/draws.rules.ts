import type { Localized } from '../platform/lang.ts';

/** How somebody gets a chance. */
export type DrawEntry =
  { kind: 'comment'; keyword: string } | { kind: 'watched'; minutes: number } | { kind: 'bought' };

export const ENTRY_KINDS = ['comment', 'watched', 'bought'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface DrawPrize {
  sku: string;
  /** Pieces for each winner. */
  qty: number;
  winners: number;
  name: Localized;
  variant: Localized;
  image: string;
  /** What one winner's pieces cost in the shop on the day of the draw, in fen. */
  worthFen: number;
}

/**
 * A draw's life. `preparing` puts the prizes aside, `closing` takes no more entries and writes the list down,
 * `committed` shows the commitment and waits a moment, `drawn` has winners.
 */
export const DRAW_MOVES = {
  preparing: ['open', 'cancelled'],
  open: ['closing', 'cancelled'],
  closing: ['committed', 'cancelled'],
  committed: ['drawn'],
  drawn: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type DrawState = keyof typeof DRAW_MOVES;
export const DRAW_STATES = Object.keys(DRAW_MOVES) as DrawState[];

/** Between the commitment and the draw, in ms: long enough to be seen, written down or photographed. */
export const SUSPENSE_MS = 8_000;

/** Nobody can be at it any more after so long; the slowest living one is finished long before. */
export const ABANDONED_MS = 30_000;

/** More winners than this is a coupon. */
export const MOST_WINNERS = 50;

/** More entrants than this do not fit into one list. */
export const MOST_ENTRANTS = 200_000;

/**
 * The most that a prize of a draw may be worth, in fen: 50,000 yuan, by the Anti-Unfair Competition Law of China on
 * sales with prizes that are drawn.
 */
export const MOST_WORTH_FEN = 5_000_000;

export function places(prizes: readonly Pick<DrawPrize, 'winners'>[]): number {
  return prizes.reduce((sum, { winners }) => sum + winners, 0);
}

/** The prize that goes with a rank (from 1). */
export function prizeOfRank(prizes: readonly Pick<DrawPrize, 'winners'>[], rank: number): number {
  let before = 0;
  for (const [index, { winners }] of prizes.entries()) {
    before += winners;
    if (rank <= before) return index;
  }
  throw new RangeError(`no prize for rank ${rank}`);
}

/** What is put aside for a rank, by a name that is the same whoever asks again. */
export function holdRef(draw: string, rank: number): string {
  return `draw-${draw}-${rank}`;
}

/** Whether a line of the chat says the word, whatever its letters' width, case and spaces. */
export function saysKeyword(text: string, keyword: string): boolean {
  const wanted = bare(keyword);
  return wanted !== '' && bare(text).includes(wanted);
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}]/gu, '');
}

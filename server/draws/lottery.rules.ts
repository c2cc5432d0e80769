import { createHash, createHmac } from 'node:crypto';

/**
 * How a draw is decided, so that anybody can work it out again (docs/lucky-draw.md). The browser does the same sums
 * in public/lib/draw-check.ts; a test compares the two.
 */
export const DRAW_VERSION = 'shanxiang-draw/1';

export interface CommittedPrize {
  sku: string;
  /** Pieces for each winner. */
  qty: number;
  winners: number;
}

export interface Commitment {
  draw: string;
  seedHash: string;
  entrantsHash: string;
  entrants: number;
  prizes: readonly CommittedPrize[];
}

/** Lower-case hexadecimal SHA-256 of a text in UTF-8. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The name under which a person takes part in one draw: 128 bits that lead back to nobody and are other ones in
 * every draw, but always the same ones for the same person in the same draw.
 */
export function entrantId(secret: string, draw: string, person: string): string {
  return createHmac('sha256', secret).update(`entrant ${draw} ${person}`).digest('hex').slice(0, 32);
}

/** @param ids in any order; they are hashed in ascending order, a line feed between two */
export function hashEntrants(ids: readonly string[]): string {
  return sha256([...ids].sort().join('\n'));
}

/** Everything that decides the draw, in one number that is shown before it. */
export function commitmentOf({ draw, seedHash, entrantsHash, entrants, prizes }: Commitment): string {
  const goods = prizes.map(({ sku, qty, winners }) => `${sku} ${qty} ${winners}`).join(',');
  return sha256([DRAW_VERSION, draw, seedHash, entrantsHash, entrants, goods].join('\n'));
}

/** The lot that an entrant draws. The lowest ones win. */
export function lotOf(seed: string, commitment: string, entrant: string): string {
  return sha256(`${seed}\n${commitment}\n${entrant}`);
}

export interface Winner {
  /** From 1. */
  rank: number;
  /** Place of the prize in the list of prizes. */
  prize: number;
  entrant: string;
  lot: string;
}

/** The winners, best first: the lowest lots; the first prize goes to as many as it has winners, then the next. */
export function winnersOf(
  seed: string,
  commitment: string,
  entrants: readonly string[],
  prizes: readonly CommittedPrize[],
): Winner[] {
  const places = prizes.flatMap(({ winners }, prize) => Array.from({ length: winners }, () => prize));
  return lowest(
    entrants.map((entrant) => ({ entrant, lot: lotOf(seed, commitment, entrant) })),
    places.length,
  ).map(({ entrant, lot }, index) => ({ rank: index + 1, prize: places[index]!, entrant, lot }));
}

function lowest<T extends { lot: string; entrant: string }>(lots: T[], count: number): T[] {
  return lots
    .sort((a, b) => (a.lot === b.lot ? (a.entrant < b.entrant ? -1 : 1) : a.lot < b.lot ? -1 : 1))
    .slice(0, count);
}

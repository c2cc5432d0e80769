/**
 * How a piece moves between the balances of its lot. Each kind of movement names what one piece adds to each
 * balance; nothing else changes stock, and no balance is ever overwritten.
 *
 *     available + held + sold + writtenOff = received + adjusted + moved
 */
export const MOVEMENTS = {
  received: { available: 1, received: 1 },
  held: { available: -1, held: 1 },
  released: { available: 1, held: -1 },
  sold: { held: -1, sold: 1 },
  returned: { available: 1, sold: -1 },
  adjusted: { available: 1, adjusted: 1 },
  written_off: { available: -1, writtenOff: 1 },
  moved: { available: 1, moved: 1 },
} as const satisfies Record<string, Partial<Record<keyof Balances, 1 | -1>>>;

export type MovementKind = keyof typeof MOVEMENTS;
export const MOVEMENT_KINDS = Object.keys(MOVEMENTS) as MovementKind[];

/** Pieces of one lot, by where they are. */
export interface Balances {
  available: number;
  held: number;
  sold: number;
  writtenOff: number;
  received: number;
  adjusted: number;
  moved: number;
}

export const BALANCE_NAMES = [
  'available',
  'held',
  'sold',
  'writtenOff',
  'received',
  'adjusted',
  'moved',
] as const satisfies readonly (keyof Balances)[];

/** Sums of corrections in both directions; every other balance is a number of pieces and never below zero. */
export const SIGNED_BALANCES: readonly (keyof Balances)[] = ['adjusted', 'moved'];

export const NO_PIECES: Balances = {
  available: 0,
  held: 0,
  sold: 0,
  writtenOff: 0,
  received: 0,
  adjusted: 0,
  moved: 0,
};

export interface Movement {
  /** 1, 2, 3 ... on its lot, without a gap. */
  seq: number;
  at: Date;
  kind: MovementKind;
  /** Pieces; negative only for `adjusted` and `moved`. */
  qty: number;
  /** What caused it; unique on its lot, so that doing it twice is doing it once. */
  ref: string;
  by: string;
  why: string;
  /** For `moved`: the code of the lot at the other end. */
  other?: string;
  /** Pieces that could be sold after it, as a bank book shows the balance. */
  available: number;
}

/** What `qty` pieces of that kind change. */
export function effectOf(kind: MovementKind, qty: number): Partial<Balances> {
  return Object.fromEntries(Object.entries(MOVEMENTS[kind]).map(([name, sign]) => [name, sign * qty]));
}

/** The balances that a ledger adds up to. */
export function sumLedger(movements: Iterable<Pick<Movement, 'kind' | 'qty'>>): Balances {
  const sum = { ...NO_PIECES };
  for (const { kind, qty } of movements) {
    for (const [name, change] of Object.entries(effectOf(kind, qty))) sum[name as keyof Balances] += change;
  }
  return sum;
}

/** Whether the pieces of a lot add up and none is below zero. */
export function isBalanced(balances: Balances): boolean {
  const { available, held, sold, writtenOff, received, adjusted, moved } = balances;
  const present = available + held + sold + writtenOff;
  return present === received + adjusted + moved && [available, held, sold, writtenOff].every((n) => n >= 0);
}

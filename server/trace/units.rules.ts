/**
 * A unit's life: from each state, where it may go. `recalled` is not among them: a lot is recalled as a whole, and its
 * units with it, by the lot's own state.
 */
export const UNIT_MOVES = {
  /** Has its code; lies on the shelf. */
  commissioned: ['packed', 'revoked'],
  /** Belongs to a line of an order. */
  packed: ['commissioned', 'shipped'],
  shipped: ['sold', 'returned'],
  /** In its buyer's hands. */
  sold: ['returned'],
  /** Came back; may be packed again or written off. */
  returned: ['packed', 'revoked'],
  /** Its code is good for nothing any more: a spoiled label, a broken jar. */
  revoked: [],
} as const satisfies Record<string, readonly string[]>;

export type UnitState = keyof typeof UNIT_MOVES;
export const UNIT_STATES = Object.keys(UNIT_MOVES) as UnitState[];

/** From which states a unit may come into this one. */
export function statesBefore(state: UnitState): UnitState[] {
  return UNIT_STATES.filter((from) => (UNIT_MOVES[from] as readonly string[]).includes(state));
}

/** Why a unit is not bound to an order's line. */
export type BindRefusal =
  | 'typing'
  | 'unknown'
  | 'wrong_lot'
  | 'already_sold'
  | 'recalled'
  | 'blocked'
  | 'revoked'
  | 'too_many'
  | 'in_carton';

export interface BindLook {
  state: UnitState;
  lot: string;
  order: string | null;
  line: number | null;
}

/** Whether a unit may go to a line; `done` when it is there already. */
export function mayBind(
  unit: BindLook,
  to: { order: string; line: number; lots: readonly string[] },
  lotState: 'open' | 'blocked' | 'recalled',
): 'yes' | 'done' | BindRefusal {
  if (unit.state === 'revoked') return 'revoked';
  if (lotState !== 'open') return lotState;
  if (unit.order === to.order && unit.line === to.line && unit.state === 'packed') return 'done';
  if (!statesBefore('packed').includes(unit.state)) return 'already_sold';
  if (!to.lots.includes(unit.lot)) return 'wrong_lot';
  return 'yes';
}

/**
 * An order's life: from each state, where it may go. `opening` is an order that is being rung up: it is written when it
 * is open, or never.
 */
export const ORDER_MOVES = {
  opening: ['awaiting_payment'],
  awaiting_payment: ['paid', 'cancelled', 'expired'],
  paid: ['packing', 'shipped', 'refund_requested', 'refunded', 'partly_refunded'],
  packing: ['shipped', 'refund_requested', 'refunded', 'partly_refunded'],
  shipped: ['delivered', 'refund_requested', 'refunded', 'partly_refunded'],
  delivered: ['completed', 'refund_requested', 'refunded', 'partly_refunded'],
  completed: ['refund_requested', 'refunded', 'partly_refunded'],
  refund_requested: ['refunded', 'partly_refunded', 'paid', 'packing', 'shipped', 'delivered', 'completed'],
  partly_refunded: ['refunded', 'refund_requested', 'packing', 'shipped', 'delivered', 'completed'],
  // A payment that arrives too late: the pieces are taken again if they are there, else the money goes back.
  cancelled: ['refunded'],
  expired: ['paid', 'refunded'],
  refunded: [],
} as const satisfies Record<string, readonly string[]>;

export type OrderState = keyof typeof ORDER_MOVES;
export const ORDER_STATES = Object.keys(ORDER_MOVES) as OrderState[];

export function mayMove(from: OrderState, to: OrderState): boolean {
  return (ORDER_MOVES[from] as readonly string[]).includes(to);
}

/** States that no move leads to: a mistake in the table, looked for when the orders are built. */
export function unreachableStates(moves: Record<string, readonly string[]>, start: string): string[] {
  const seen = new Set([start]);
  for (const state of seen) for (const next of moves[state] ?? []) seen.add(next);
  return Object.keys(moves).filter((state) => !seen.has(state));
}

/** What buyers look for in their list: what they still have to do, or wait for. */
export const ORDER_GROUPS = {
  pay: ['awaiting_payment'],
  send: ['paid', 'packing'],
  receive: ['shipped'],
  refund: ['refund_requested', 'refunded', 'partly_refunded'],
} as const satisfies Record<string, readonly OrderState[]>;

export type OrderGroup = keyof typeof ORDER_GROUPS;

export function inGroup(state: OrderState, group: OrderGroup): boolean {
  return (ORDER_GROUPS[group] as readonly OrderState[]).includes(state);
}

export interface HistoryEntry {
  at: Date;
  from: OrderState | null;
  to: OrderState;
  by: string;
  why: string;
}

export interface Priced {
  qty: number;
  priceFen: number;
}

export function totalFen(lines: readonly Priced[]): number {
  return lines.reduce((sum, { qty, priceFen }) => sum + qty * priceFen, 0);
}

/** Everything is taken off, and it is known where it goes: there is nothing to wait for. */
export function owesNothing(order: { state: OrderState; totalFen: number; address: object | null }): boolean {
  return order.state === 'awaiting_payment' && order.totalFen === 0 && order.address !== null;
}

/** A buyer's name as strangers may see it: the first character and stars. */
export function maskName(name: string): string {
  const [first] = name.trim();
  return first === undefined ? '' : `${first}**`;
}

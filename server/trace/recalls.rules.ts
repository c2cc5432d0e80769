/** A recall goes on until somebody says that everything has come back, or that nothing was wrong. */
export const RECALL_MOVES = {
  running: ['ended', 'false_alarm'],
  ended: [],
  false_alarm: [],
} as const satisfies Record<string, readonly string[]>;
export type RecallState = keyof typeof RECALL_MOVES;
export const RECALL_STATES = Object.keys(RECALL_MOVES) as RecallState[];
export type RecallOutcome = Exclude<RecallState, 'running'>;

/** Where the refund of one order's pieces is. `nothing`: their money has gone back already, or none was paid. */
export const CASE_REFUNDS = ['none', 'asked', 'nothing', 'refused'] as const;
export type CaseRefund = (typeof CASE_REFUNDS)[number];

/** What a recall looks at in an order. */
export interface Recallable {
  lines: readonly {
    qty: number;
    sku: string;
    cooperative: string;
    lots: readonly { lot: string; qty: number }[];
  }[];
  parcels: readonly { code: string; state: string; items: readonly { line: number; qty: number }[] }[];
  refunds: readonly {
    state: string;
    items: readonly { line: number; qty: number }[];
    restock: readonly { line: number; qty: number; lots: readonly { lot: string; qty: number }[] }[];
  }[];
}

/** Pieces of a lot in a line of an order, without those that went back on the shelf. */
export interface HeldPieces {
  line: number;
  qty: number;
}

export function piecesHeld(order: Recallable, lot: string): HeldPieces[] {
  const standing = order.refunds.filter(({ state }) => state !== 'failed');
  return order.lines.flatMap(({ lots }, line) => {
    const sold = lots.filter((one) => one.lot === lot).reduce((sum, { qty }) => sum + qty, 0);
    const back = standing
      .flatMap(({ restock }) => restock)
      .filter((one) => one.line === line)
      .flatMap((one) => one.lots)
      .filter((one) => one.lot === lot)
      .reduce((sum, { qty }) => sum + qty, 0);
    return sold - back > 0 ? [{ line, qty: sold - back }] : [];
  });
}

/** Of those, the pieces whose money has not been sent back. */
export function piecesToRefund(order: Recallable, lot: string): HeldPieces[] {
  const standing = order.refunds.filter(({ state }) => state !== 'failed');
  return piecesHeld(order, lot).flatMap(({ line, qty }) => {
    const refunded = standing
      .flatMap(({ items }) => items)
      .reduce((sum, item) => (item.line === line ? sum + item.qty : sum), 0);
    const left = Math.min(qty, order.lines[line]!.qty - refunded);
    return left > 0 ? [{ line, qty: left }] : [];
  });
}

/**
 * Pieces that lie on the shelf still and go back into their lot's book with the money, so that nobody packs them. Only
 * where a line is of one lot: otherwise nobody knows which lot's pieces are in a box.
 */
export function piecesToShelf(order: Recallable, lot: string): HeldPieces[] {
  return piecesToRefund(order, lot).flatMap(({ line, qty }) => {
    const of = order.lines[line]!;
    if (new Set(of.lots.map((one) => one.lot)).size !== 1) return [];
    const packed = order.parcels
      .flatMap(({ items }) => items)
      .reduce((sum, item) => (item.line === line ? sum + item.qty : sum), 0);
    const held = piecesHeld(order, lot).find((one) => one.line === line)?.qty ?? 0;
    const onShelf = Math.min(qty, held - packed);
    return onShelf > 0 ? [{ line, qty: onShelf }] : [];
  });
}

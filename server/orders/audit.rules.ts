import { isBalanced, sumLedger, type Lot, type Movement } from '../stock/index.ts';
import type { OrderState } from './orders.rules.ts';

export interface Difference {
  /** What does not agree, as a stable name. */
  kind:
    | 'lot_unbalanced'
    | 'ledger_differs'
    | 'ledger_gap'
    | 'held_differs'
    | 'sold_differs'
    | 'order_without_pieces'
    | 'move_differs';
  lot?: string;
  order?: string;
  detail: string;
}

interface AuditedOrder {
  _id: string;
  state: OrderState;
  owes: string | null;
  lines: readonly { sku: string; qty: number; lots: readonly { lot: string; qty: number }[] }[];
  history: readonly { to: OrderState }[];
  refunds: readonly {
    state: string;
    restock: readonly { line: number; lots: readonly { lot: string; qty: number }[] }[];
  }[];
}

/** Orders whose pieces are held: they await payment, or what a move left to be done with them is not done yet. */
function holds({ state, owes }: AuditedOrder): boolean {
  return state === 'awaiting_payment' || owes !== null;
}

/** Orders whose pieces were sold: they have been paid once, and the pieces were counted so. */
function sold({ history, owes }: AuditedOrder): boolean {
  return owes === null && history.some(({ to }) => to === 'paid');
}

/** A lot against its own ledger. */
export function auditLot(lot: Lot, ledger: readonly Movement[]): Difference[] {
  const differences: Difference[] = [];
  if (!isBalanced(lot)) {
    differences.push({ kind: 'lot_unbalanced', lot: lot.code, detail: JSON.stringify(balancesOf(lot)) });
  }
  const gap = ledger.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0)
    differences.push({ kind: 'ledger_gap', lot: lot.code, detail: `movement ${gap + 1} is missing` });
  const sum = sumLedger(ledger);
  for (const [name, value] of Object.entries(sum)) {
    const kept = lot[name as keyof typeof sum];
    if (kept !== value) {
      differences.push({
        kind: 'ledger_differs',
        lot: lot.code,
        detail: `${name}: ledger ${value}, lot ${kept}`,
      });
    }
  }
  return differences;
}

/** The pieces that lots hold and have sold against the orders that hold and have bought them. */
export function auditPieces(lots: readonly Lot[], orders: readonly AuditedOrder[]): Difference[] {
  const differences: Difference[] = [];
  const held = new Map<string, number>();
  const bought = new Map<string, number>();
  for (const order of orders) {
    for (const [place, line] of order.lines.entries()) {
      const pieces = line.lots.reduce((sum, { qty }) => sum + qty, 0);
      if (order.state !== 'opening' && pieces !== line.qty) {
        const detail = `${line.sku}: ${line.qty} ordered, ${pieces} in lots`;
        differences.push({ kind: 'order_without_pieces', order: order._id, detail });
      }
      if (holds(order)) count(held, line.lots);
      if (sold(order)) count(bought, keptOf(order, place));
    }
  }
  for (const lot of lots) {
    for (const [kind, mine, theirs] of [
      ['held_differs', lot.held, held.get(lot._id) ?? 0],
      ['sold_differs', lot.sold, bought.get(lot._id) ?? 0],
    ] as const) {
      if (mine === theirs) continue;
      differences.push({ kind, lot: lot.code, detail: `orders say ${theirs}, the lot says ${mine}` });
    }
  }
  return differences;
}

/**
 * Pieces that went from one lot to another: what has left has arrived, or is written down on the lot that it left as
 * still on its way there.
 */
export function auditMoves(books: readonly { lot: Lot; ledger: readonly Movement[] }[]): Difference[] {
  const sums = new Map<string, { lot: string; qty: number; onWay: number }>();
  for (const { lot, ledger } of books) {
    for (const { kind, ref, qty } of ledger) {
      if (kind !== 'moved') continue;
      const sum = sums.get(ref) ?? { lot: lot.code, qty: 0, onWay: 0 };
      const onWay = qty < 0 ? (lot.moving?.find((one) => one.ref === ref)?.qty ?? 0) : 0;
      sums.set(ref, { ...sum, qty: sum.qty + qty, onWay: sum.onWay + onWay });
    }
  }
  return [...sums].flatMap(([ref, { lot, qty, onWay }]) => {
    if (qty === 0 || qty + onWay === 0) return [];
    return [{ kind: 'move_differs' as const, lot, detail: `${ref}: ${qty} pieces are nowhere` }];
  });
}

function count(sums: Map<string, number>, lots: readonly { lot: string; qty: number }[]) {
  for (const { lot, qty } of lots) sums.set(lot, (sums.get(lot) ?? 0) + qty);
}

/** The pieces of a line that did not come back with a refund. */
function keptOf(order: AuditedOrder, place: number): { lot: string; qty: number }[] {
  const kept = (order.lines[place]?.lots ?? []).map((entry) => ({ ...entry }));
  for (const refund of order.refunds) {
    if (refund.state !== 'done') continue;
    for (const { line, lots } of refund.restock) {
      if (line !== place) continue;
      for (const { lot, qty } of lots) {
        const from = kept.find((entry) => entry.lot === lot);
        if (from) from.qty -= qty;
      }
    }
  }
  return kept;
}

function balancesOf({ available, held, sold, writtenOff, received, adjusted, moved }: Lot) {
  return { available, held, sold, writtenOff, received, adjusted, moved };
}

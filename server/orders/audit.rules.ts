import { isBalanced, sumLedger, type Lot, type Movement } from '../stock/index.ts';
import type { OrderState } from './orders.rules.ts';

export interface Difference {
  /** What does not agree, as a stable name. */
  kind: 'lot_unbalanced' | 'ledger_differs' | 'ledger_gap' | 'held_differs' | 'order_without_pieces';
  lot?: string;
  order?: string;
  detail: string;
}

interface AuditedOrder {
  _id: string;
  state: OrderState;
  owes: string | null;
  lines: readonly { sku: string; qty: number; lots: readonly { lot: string; qty: number }[] }[];
}

/** Orders whose pieces are held: they await payment, or their hold has ended and was not given back yet. */
function holds({ state, owes }: AuditedOrder): boolean {
  return state === 'awaiting_payment' || owes === 'release';
}

/** A lot against its own ledger. */
export function auditLot(lot: Lot, ledger: readonly Movement[]): Difference[] {
  const differences: Difference[] = [];
  if (!isBalanced(lot)) {
    differences.push({ kind: 'lot_unbalanced', lot: lot.code, detail: JSON.stringify(balancesOf(lot)) });
  }
  const gap = ledger.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0) differences.push({ kind: 'ledger_gap', lot: lot.code, detail: `movement ${gap + 1} is missing` });
  const sum = sumLedger(ledger);
  for (const [name, value] of Object.entries(sum)) {
    const kept = lot[name as keyof typeof sum];
    if (kept !== value) {
      differences.push({ kind: 'ledger_differs', lot: lot.code, detail: `${name}: ledger ${value}, lot ${kept}` });
    }
  }
  return differences;
}

/** The pieces that lots hold against the orders that hold them. */
export function auditHolds(lots: readonly Lot[], orders: readonly AuditedOrder[]): Difference[] {
  const differences: Difference[] = [];
  const held = new Map<string, number>();
  for (const order of orders) {
    for (const line of order.lines) {
      const pieces = line.lots.reduce((sum, { qty }) => sum + qty, 0);
      if (order.state !== 'opening' && pieces !== line.qty) {
        const detail = `${line.sku}: ${line.qty} ordered, ${pieces} in lots`;
        differences.push({ kind: 'order_without_pieces', order: order._id, detail });
      }
      if (!holds(order)) continue;
      for (const { lot, qty } of line.lots) held.set(lot, (held.get(lot) ?? 0) + qty);
    }
  }
  for (const lot of lots) {
    const byOrders = held.get(lot._id) ?? 0;
    if (byOrders === lot.held) continue;
    const detail = `orders hold ${byOrders}, the lot says ${lot.held}`;
    differences.push({ kind: 'held_differs', lot: lot.code, detail });
  }
  return differences;
}

function balancesOf({ available, held, sold, writtenOff, received, adjusted, moved }: Lot) {
  return { available, held, sold, writtenOff, received, adjusted, moved };
}

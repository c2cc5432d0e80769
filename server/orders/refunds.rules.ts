import type { OrderDoc, OrderRefund } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';

type Refundable = Pick<OrderDoc, 'state' | 'payment' | 'refunds' | 'lines' | 'shippingFen' | 'cooperatives'>;

/** States in which money that was paid may be sent back on request. */
const REFUNDABLE: readonly OrderState[] = [
  'paid',
  'packing',
  'shipped',
  'delivered',
  'completed',
  'refund_requested',
  'partly_refunded',
];

export function mayRefund(order: Refundable): boolean {
  return REFUNDABLE.includes(order.state) && refundableFen(order) > 0;
}

/** May the buyer ask? Once at a time, while something is left to be sent back. */
export function mayAskRefund(order: Refundable): boolean {
  return mayRefund(order) && order.state !== 'refund_requested';
}

/** What was paid and is neither sent back nor asked to be. */
export function refundableFen({ payment, refunds }: Pick<Refundable, 'payment' | 'refunds'>): number {
  return payment.paidFen - committedFen(refunds);
}

function committedFen(refunds: readonly OrderRefund[]): number {
  return refunds.reduce((sum, { state, fen }) => (state === 'failed' ? sum : sum + fen), 0);
}

/**
 * The most that members of a cooperative may send back: its own lines, with the shipping when nobody else sends. Only
 * an admin sends back another cooperative's money.
 */
export function refundLimitFen(order: Refundable, cooperatives: readonly string[] | 'all'): number {
  const left = refundableFen(order);
  if (cooperatives === 'all') return left;
  const own = order.lines
    .filter((line) => cooperatives.includes(line.cooperative))
    .reduce((sum, { qty, priceFen }) => sum + qty * priceFen, 0);
  const alone = order.cooperatives.every((id) => cooperatives.includes(id));
  return Math.min(left, own + (alone ? order.shippingFen : 0));
}

/** Where an order stands once a refund has gone through. */
export function stateAfterRefund(order: Pick<Refundable, 'payment'>, fen: number): OrderState {
  return order.payment.refundedFen + fen >= order.payment.paidFen ? 'refunded' : 'partly_refunded';
}

/** Where an order goes back to when its request is declined: where it came from. */
export function stateBeforeRequest(history: OrderDoc['history']): OrderState {
  const request = history.findLast(({ to }) => to === 'refund_requested');
  return request?.from ?? 'paid';
}

/** Pieces of lines that may come back to stock: no more than were sold and have not come back yet. */
export function restockable(order: Pick<Refundable, 'lines' | 'refunds'>, line: number): number {
  const back = order.refunds
    .filter(({ state }) => state !== 'failed')
    .flatMap(({ restock }) => restock)
    .reduce((sum, entry) => (entry.line === line ? sum + entry.qty : sum), 0);
  return (order.lines[line]?.qty ?? 0) - back;
}

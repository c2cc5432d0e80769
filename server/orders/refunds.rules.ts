import { spread } from './coupons.rules.ts';
import type { OrderDoc, OrderRefund } from './orders.model.ts';
import type { HistoryEntry, OrderState } from './orders.rules.ts';
import { packed } from './packing.rules.ts';

/** Why a late payment went back, as the order's history has it. */
export const TOO_LATE = {
  pieces: 'paid too late, the pieces are gone',
  discount: 'paid too late, the discount is gone',
  cancelled: 'paid after it was cancelled',
} as const;

export type Refundable = Pick<
  OrderDoc,
  'state' | 'payment' | 'refunds' | 'lines' | 'shipping' | 'shippingFen' | 'cooperatives' | 'parcels'
>;
type Line = OrderDoc['lines'][number];
type Lots = Line['lots'];

/** Whose part of an order somebody may send back. */
export type Purse = readonly string[] | 'all';

/** States in which money that was paid may be sent back on request; of `refunded` what a bank has turned down. */
const REFUNDABLE: readonly OrderState[] = [
  'paid',
  'packing',
  'shipped',
  'delivered',
  'completed',
  'refund_requested',
  'partly_refunded',
  'refunded',
];

/** An order that cost nothing may be called off, too: no money moves, but its pieces come back. */
export function mayRefund(order: Refundable): boolean {
  if (!REFUNDABLE.includes(order.state)) return false;
  return refundableFen(order) > 0 || (order.payment.paidFen === 0 && order.state !== 'refunded');
}

/** May the buyer ask? Once at a time, while something is left to be sent back. */
export function mayAskRefund(order: Refundable): boolean {
  return mayRefund(order) && order.state !== 'refund_requested' && order.state !== 'refunded';
}

/** What was paid and is neither sent back nor asked to be. */
export function refundableFen({ payment, refunds }: Pick<Refundable, 'payment' | 'refunds'>): number {
  return payment.paidFen - standing(refunds).reduce((sum, { fen }) => sum + fen, 0);
}

function standing(refunds: readonly OrderRefund[]): OrderRefund[] {
  return refunds.filter(({ state }) => state !== 'failed');
}

/** What was paid for a line: its goods, less its part of the discount. */
export function lineFen({
  qty,
  priceFen,
  discountFen,
}: Pick<Line, 'qty' | 'priceFen' | 'discountFen'>): number {
  return qty * priceFen - discountFen;
}

/** What was paid for sending a cooperative's goods. */
export function shippingFenOf(
  { shipping, shippingFen, cooperatives }: Pick<Refundable, 'shipping' | 'shippingFen' | 'cooperatives'>,
  cooperative: string,
): number {
  if (shipping.length === 0) return cooperatives.length === 1 ? shippingFen : 0;
  return shipping.reduce((sum, part) => (part.cooperative === cooperative ? sum + part.fen : sum), 0);
}

/** What each cooperative gets of an order: its goods and the sending of them. Together the total. */
export function stakesOf(
  order: Pick<Refundable, 'lines' | 'shipping' | 'shippingFen' | 'cooperatives'>,
): { cooperative: string; fen: number }[] {
  return order.cooperatives.map((cooperative) => ({
    cooperative,
    fen: order.lines
      .filter((line) => line.cooperative === cooperative)
      .reduce((sum, line) => sum + lineFen(line), shippingFenOf(order, cooperative)),
  }));
}

/** What was paid to each cooperative and has not been sent back. */
function leftByCooperative(order: Refundable): Map<string, number> {
  const left = new Map(stakesOf(order).map(({ cooperative, fen }) => [cooperative, fen]));
  const add = (id: string, fen: number) => left.set(id, (left.get(id) ?? 0) + fen);
  for (const { shares } of standing(order.refunds))
    for (const { cooperative, fen } of shares) add(cooperative, -fen);
  return left;
}

/** The most that members of a cooperative may send back: what was paid for its goods and for sending them. */
export function refundLimitFen(order: Refundable, purse: Purse): number {
  const own = [...leftByCooperative(order)].filter(([id]) => isIn(purse, id));
  const sum = own.reduce((all, [, fen]) => all + Math.max(0, fen), 0);
  return Math.max(0, Math.min(refundableFen(order), sum));
}

export function isIn(purse: Purse, cooperative: string): boolean {
  return purse === 'all' || purse.includes(cooperative);
}

/** Pieces of a line whose money has not been sent back. */
export function piecesToRefund(order: Pick<Refundable, 'lines' | 'refunds'>, line: number): number {
  return (
    (order.lines[line]?.qty ?? 0) -
    countIn(
      standing(order.refunds).flatMap(({ items }) => items),
      line,
    )
  );
}

/**
 * What sending back so many more pieces of a line comes to. Worked out from what all pieces so far come to, so that
 * piece by piece is to the fen what the whole line would be.
 */
export function piecesFen(order: Pick<Refundable, 'lines' | 'refunds'>, line: number, qty: number): number {
  const of = order.lines[line];
  if (!of) return 0;
  const before = of.qty - piecesToRefund(order, line);
  const upTo = (pieces: number) => Math.floor((lineFen(of) * pieces) / of.qty);
  return upTo(before + qty) - upTo(before);
}

/** What is asked to be sent back: pieces and shipping, or a plain sum. */
export interface RefundAsk {
  fen: number | undefined;
  items: readonly { line: number; qty: number }[];
  /** With what was paid for sending them. */
  shipping: boolean;
}

export interface RefundParts {
  fen: number;
  shares: { cooperative: string; fen: number }[];
  items: { line: number; qty: number }[];
  /** Cooperatives whose shipping goes back with it. */
  shipping: string[];
}

export type RefundRefusal = 'more_than_paid' | 'more_than_sold' | 'required';

/** Shipping that has not gone back, of the cooperatives in the purse. */
export function shippingToRefund(order: Refundable, purse: Purse): { cooperative: string; fen: number }[] {
  const gone = new Set(standing(order.refunds).flatMap(({ shipping }) => shipping));
  return order.cooperatives.flatMap((cooperative) => {
    const fen = shippingFenOf(order, cooperative);
    return isIn(purse, cooperative) && !gone.has(cooperative) && fen > 0 ? [{ cooperative, fen }] : [];
  });
}

/** Works out a refund to the fen, and whose money it is. */
export function refundParts(order: Refundable, ask: RefundAsk, purse: Purse): RefundParts | RefundRefusal {
  const left = leftByCooperative(order);
  const own = [...left].filter(([id, fen]) => isIn(purse, id) && fen > 0);
  if (ask.items.length > 0 || ask.shipping) return partsByPiece(order, ask, { purse, left });
  if (ask.fen === undefined || (ask.fen === 0 && order.payment.paidFen > 0)) return 'required';
  if (ask.fen > refundLimitFen(order, purse)) return 'more_than_paid';
  const parts = spread(
    ask.fen,
    own.map(([, fen]) => fen),
  );
  const shares = own.map(([cooperative], index) => ({ cooperative, fen: parts[index] ?? 0 }));
  return { fen: ask.fen, shares: shares.filter(({ fen }) => fen > 0), items: [], shipping: [] };
}

/** The first line of which more pieces are asked for than this person may send back. */
export function lineBeyond(
  order: Pick<Refundable, 'lines' | 'refunds'>,
  items: RefundAsk['items'],
  purse: Purse,
): number | undefined {
  return items.find(({ line, qty }) => {
    const of = order.lines[line];
    return !of || !isIn(purse, of.cooperative) || qty > piecesToRefund(order, line);
  })?.line;
}

function partsByPiece(
  order: Refundable,
  ask: RefundAsk,
  { purse, left }: { purse: Purse; left: ReadonlyMap<string, number> },
): RefundParts | RefundRefusal {
  if (lineBeyond(order, ask.items, purse) !== undefined) return 'more_than_sold';
  const sums = new Map<string, number>();
  const add = (id: string, fen: number) => sums.set(id, (sums.get(id) ?? 0) + fen);
  for (const { line, qty } of ask.items) {
    add(order.lines[line]?.cooperative ?? '', piecesFen(order, line, qty));
  }
  const sending = ask.shipping ? shippingToRefund(order, purse) : [];
  for (const { cooperative, fen } of sending) add(cooperative, fen);
  // Where a plain sum has gone back before, the last pieces bring what is left of the money.
  const shares = [...sums].flatMap(([cooperative, fen]) => {
    const share = Math.min(fen, Math.max(0, left.get(cooperative) ?? 0));
    return share > 0 ? [{ cooperative, fen: share }] : [];
  });
  const fen = shares.reduce((sum, share) => sum + share.fen, 0);
  if (fen > refundableFen(order)) return 'more_than_paid';
  return { fen, shares, items: [...ask.items], shipping: sending.map(({ cooperative }) => cooperative) };
}

/** Where an order stands once a refund has gone through. What was given up is not packed for a part of its money. */
export function stateAfterRefund(order: Pick<Refundable, 'state' | 'payment'>, fen: number): OrderState {
  if (order.state === 'refunded') return 'refunded';
  return order.payment.refundedFen + fen >= order.payment.paidFen ? 'refunded' : 'partly_refunded';
}

/**
 * What stands in the place of a refund that a bank has turned down: its money is still to go back. Pieces that were
 * counted in with it are on the shelf all the same, and stay under its key.
 */
export function turnedDown(refund: OrderRefund): OrderRefund[] {
  const failed = { ...refund, state: 'failed' as const, restock: [] };
  if (refund.restock.length === 0) return [failed];
  const pieces = { ...refund, state: 'done' as const, fen: 0, items: [], shipping: [], shares: [] };
  return [pieces, { ...failed, key: `${refund.key}:money` }];
}

/** Where an order goes back to when its request is declined: where it came from. */
export function stateBeforeRequest(history: OrderDoc['history']): OrderState {
  const request = history.findLast(({ to }) => to === 'refund_requested');
  return request?.from ?? 'paid';
}

/** A request that went neither back to the buyer nor on: it was turned down. */
export function isDeclined({ from, to }: Pick<HistoryEntry, 'from' | 'to'>): boolean {
  return from === 'refund_requested' && to !== 'refunded' && to !== 'partly_refunded';
}

/** Why the last request for a refund was turned down, while nothing has come after it. */
export function declinedWhy(history: readonly HistoryEntry[]): string | undefined {
  const last = history.findLast((entry) => entry.from === 'refund_requested' || ASKED.has(entry.to));
  return last && isDeclined(last) ? last.why : undefined;
}

const ASKED: ReadonlySet<OrderState> = new Set(['refund_requested', 'refunded', 'partly_refunded']);

/**
 * Pieces of a line that may come back to stock: they lie on the shelf still. What is in a box or on its way is not
 * sold again; where it comes back and is as good as new, it is counted in by hand. So is what an order left that is over.
 */
export function restockable(
  order: Pick<Refundable, 'state' | 'lines' | 'refunds' | 'parcels'>,
  line: number,
): number {
  if (order.state === 'refunded') return 0;
  const back = countIn(
    standing(order.refunds).flatMap(({ restock }) => restock),
    line,
  );
  return Math.max(0, (order.lines[line]?.qty ?? 0) - back - packed(order, line));
}

/** The lots of a line without the pieces that went back on the shelf. */
export function lotsKept(order: Pick<Refundable, 'lines' | 'refunds'>, line: number): Lots {
  const kept = (order.lines[line]?.lots ?? []).map((entry) => ({ ...entry }));
  for (const { restock } of standing(order.refunds)) {
    for (const back of restock) {
      if (back.line !== line) continue;
      for (const { lot, qty } of back.lots) {
        const from = kept.find((entry) => entry.lot === lot);
        if (from) from.qty -= qty;
      }
    }
  }
  return kept.filter(({ qty }) => qty > 0);
}

/** From which lots pieces go back: boxes are filled from the first on, so these come from the last. */
export function lotsToRestock(order: Pick<Refundable, 'lines' | 'refunds'>, line: number, qty: number): Lots {
  const lots: Lots = [];
  let left = qty;
  for (const { lot, qty: there } of lotsKept(order, line).reverse()) {
    const part = Math.min(left, there);
    left -= part;
    if (part > 0) lots.push({ lot, qty: part });
  }
  return lots;
}

function countIn(entries: readonly { line: number; qty: number }[], line: number): number {
  return entries.reduce((sum, entry) => (entry.line === line ? sum + entry.qty : sum), 0);
}

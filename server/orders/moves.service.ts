import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { tryEach } from '../platform/each.ts';
import { AppError } from '../platform/errors.ts';
import type { LotMove, Stock } from '../stock/index.ts';
import type { OrderFact } from './orders.facts.ts';
import { lateBatch } from './offers.rules.ts';
import type { Debt, OrderDoc } from './orders.model.ts';
import { mayMove, type OrderState } from './orders.rules.ts';
import type { OrderStore } from './orders.store.ts';
import type { Claim } from './claiming.rules.ts';

export interface MoveChange {
  by: string;
  why: string;
  /** What the move leaves to be done with the pieces; `payDebts` does it. */
  owes?: Debt;
  /** Fields written together with the new state. */
  set?: Record<string, unknown>;
  /** What else must still be so. */
  where?: Record<string, unknown>;
}

export type Moves = ReturnType<typeof createMoves>;

/** How an order gets from one state to another: by compare-and-set, in its history, and then told. */
export function createMoves(deps: {
  store: OrderStore;
  stock: Stock;
  claims: readonly Claim[];
  bus: Bus;
  clock: Clock;
}) {
  const { store, stock, claims, bus, clock } = deps;

  /** What one claim got again is of no use without the others. Sealed first, so that nobody slow gets it once more. */
  async function giveUp(order: OrderDoc): Promise<void> {
    for (const claim of claims) {
      await claim.seal(lateBatch(order._id), [order]);
      await claim.giveBackAgain(order);
    }
  }

  /** Does with the pieces what moves have left to be done. Each piece exactly once, however often this is called. */
  async function payDebts(orders: readonly OrderDoc[]): Promise<void> {
    const lapsed = orders.filter(({ owes }) => owes === 'release');
    const again = orders.filter(({ owes }) => owes === 'release_again');
    const paid = orders.filter(({ owes }) => owes === 'sell');
    if (lapsed.length > 0) {
      await stock.release(
        lapsed.flatMap((order) => piecesOf(order, `${order._id}:release`)),
        'hold ended',
      );
      for (const claim of claims) await claim.giveBack(lapsed);
      await store.settle(codesOf(lapsed), 'release');
    }
    if (again.length > 0) {
      await stock.release(
        again.flatMap((order) => piecesOf(order, `${order._id}:again:back`)),
        'too late after all',
      );
      for (const order of again) await giveUp(order);
      await store.settle(codesOf(again), 'release_again');
    }
    if (paid.length > 0) {
      await stock.sell(
        paid.flatMap((order) => piecesOf(order, `${order._id}:sell`)),
        'paid',
      );
      await store.settle(codesOf(paid), 'sell');
    }
  }

  return {
    /**
     * @returns the order after the move; null when it was somewhere else already
     * @throws AppError `conflict` for a move that the table does not have
     */
    async move(order: OrderDoc, to: OrderState, change: MoveChange): Promise<OrderDoc | null> {
      if (!mayMove(order.state, to)) throw new AppError('conflict');
      const entry = { at: clock.now(), from: order.state, to, by: change.by, why: change.why };
      const moved = await store.move({ code: order._id, from: order.state, entry, ...change });
      if (moved) bus.tell('order.moved', { ...factOf(moved), from: order.state, to });
      return moved;
    },

    payDebts,

    /** The same where one that cannot be done holds up no other. @throws AggregateError of those */
    async payEach(orders: readonly OrderDoc[]): Promise<void> {
      await payDebts(orders).catch(() => tryEach(orders, (order) => payDebts([order])));
    },
  };
}

function codesOf(orders: readonly OrderDoc[]): string[] {
  return orders.map(({ _id }) => _id);
}

/** The pieces of an order, lot by lot. */
function piecesOf(order: OrderDoc, ref: string): LotMove[] {
  const moves = new Map<string, LotMove>();
  for (const line of order.lines) {
    for (const { lot, qty } of line.lots) {
      const known = moves.get(lot);
      if (known) known.qty += qty;
      else moves.set(lot, { lot, sku: line.sku, qty, ref });
    }
  }
  return [...moves.values()];
}

export function factOf(order: OrderDoc): OrderFact {
  return {
    code: order._id,
    buyer: order.buyer,
    buyerName: order.buyerName,
    live: order.live,
    cooperatives: order.cooperatives,
    lines: order.lines.map(({ sku, qty }) => ({ sku, qty })),
    totalFen: order.totalFen,
  };
}

import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import type { Payments } from '../payments/index.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { money, type Money } from '../platform/money.ts';
import type { LotMove, Stock } from '../stock/index.ts';
import { factOf, type Moves } from './moves.service.ts';
import type { OrderDoc, OrderRefund } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import {
  mayAskRefund,
  mayRefund,
  refundLimitFen,
  restockable,
  stateAfterRefund,
  stateBeforeRequest,
} from './refunds.rules.ts';

export type Refunds = ReturnType<typeof createRefunds>;

export interface RefundCommand {
  fen: number;
  why: string;
  restock: { line: number; qty: number }[];
}

export interface RefundStaff {
  id: string;
  /** Whose money may be sent back. */
  cooperatives: readonly string[] | 'all';
}

export function createRefunds(deps: {
  store: OrderStore;
  stock: Stock;
  moves: Moves;
  payments: Payments;
  bus: Bus;
  clock: Clock;
}) {
  const { store, stock, moves, payments, bus, clock } = deps;

  /** Asks the payment side for every refund of an order that is not through. Asking twice is asking once. */
  async function askAgain(order: OrderDoc): Promise<void> {
    for (const { key, fen, state, why } of order.refunds) {
      if (state !== 'asked') continue;
      await payments.refund({ ref: order._id, key, amount: money(fen), reason: why });
    }
  }

  return {
    askAgain,

    /** A buyer asks for their money. @throws AppError `conflict` */
    async request(order: OrderDoc, by: string, why: string): Promise<OrderDoc> {
      if (!mayAskRefund(order)) throw new AppError('conflict');
      const moved = await moves.move(order, 'refund_requested', { by, why });
      if (!moved) throw new AppError('conflict');
      return moved;
    },

    /** @throws AppError `conflict` */
    async decline(order: OrderDoc, by: string, why: string): Promise<OrderDoc> {
      if (order.state !== 'refund_requested') throw new AppError('conflict');
      const moved = await moves.move(order, stateBeforeRequest(order.history), { by, why });
      if (!moved) throw new AppError('conflict');
      return moved;
    },

    /**
     * Sends money back, whole or in part, and takes pieces back to stock if they are named. Written into the order
     * first; the payment side is asked until it has answered.
     *
     * @throws AppError `conflict`, `invalid` for more than may go back
     */
    async refund(order: OrderDoc, command: RefundCommand, staff: RefundStaff): Promise<OrderDoc> {
      if (!mayRefund(order)) throw new AppError('conflict');
      if (command.fen > refundLimitFen(order, staff.cooperatives)) {
        throw new AppError('invalid', { fields: { amount: 'more_than_paid' } });
      }
      checkRestock(order, command, staff);
      const refund: OrderRefund = {
        key: newId(),
        ...command,
        by: staff.id,
        at: clock.now(),
        state: 'asked',
      };
      const written = await store.addRefund(order, refund);
      if (!written) throw new AppError('conflict');
      await askAgain(written);
      return written;
    },

    /** Money has gone back. @returns when pieces and state have followed */
    async done(code: string, key: string, amount: Money): Promise<void> {
      for (;;) {
        const order = await store.byCode(code);
        const refund = order?.refunds.find((entry) => entry.key === key);
        // A payment that never became an order's has no refund here.
        if (!order || !refund || refund.state === 'done') return;
        await takeBack(order, refund);
        const to = stateAfterRefund(order, amount.amount);
        const entry = { at: clock.now(), from: order.state, to, by: refund.by, why: refund.why };
        const moved = await store.finishRefund(order, { key, fen: amount.amount, entry });
        if (!moved) continue;
        if (order.state !== to) bus.tell('order.moved', { ...factOf(moved), from: order.state, to });
        return;
      }
    },

    async failed(code: string, key: string): Promise<void> {
      await store.failRefund(code, key);
    },

    /** Refunds whose asking was lost with a process. */
    async recover(): Promise<void> {
      for (const order of await store.withAskedRefunds(100)) await askAgain(order);
    },
  };

  async function takeBack(order: OrderDoc, refund: OrderRefund): Promise<void> {
    const back = refund.restock.flatMap(({ line, qty }) =>
      lotsOf(order, { line, qty, ref: `refund:${refund.key}:${line}` }),
    );
    if (back.length > 0) await stock.takeBack(back, refund.by, refund.why);
  }
}

function checkRestock(order: OrderDoc, { restock }: RefundCommand, staff: RefundStaff) {
  for (const { line, qty } of restock) {
    const own =
      staff.cooperatives === 'all' || staff.cooperatives.includes(order.lines[line]?.cooperative ?? '');
    if (!own || qty > restockable(order, line)) {
      throw new AppError('invalid', { fields: { restock: 'more_than_sold' } });
    }
  }
}

/** Pieces go back to the lots they came from, the first first, after those that have come back already. */
function lotsOf(order: OrderDoc, back: { line: number; qty: number; ref: string }): LotMove[] {
  const line = order.lines[back.line];
  const moves: LotMove[] = [];
  let passed = order.refunds
    .filter(({ state }) => state === 'done')
    .flatMap(({ restock }) => restock)
    .reduce((sum, entry) => (entry.line === back.line ? sum + entry.qty : sum), 0);
  let left = back.qty;
  for (const { lot, qty: there } of line?.lots ?? []) {
    const gone = Math.min(passed, there);
    passed -= gone;
    const part = Math.min(left, there - gone);
    left -= part;
    if (part > 0) moves.push({ lot, sku: line?.sku ?? '', qty: part, ref: back.ref });
  }
  return moves;
}

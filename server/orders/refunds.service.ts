import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import type { Payments } from '../payments/index.ts';
import { tryEach } from '../platform/each.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { money, type Money } from '../platform/money.ts';
import type { Stock } from '../stock/index.ts';
import { factOf, type Moves } from './moves.service.ts';
import type { OrderDoc, OrderRefund } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';
import type { OrderStore } from './orders.store.ts';
import { statesToFollow } from './packing.rules.ts';
import {
  isIn,
  lineBeyond,
  lotsToRestock,
  mayAskRefund,
  mayRefund,
  refundParts,
  restockable,
  stateAfterRefund,
  stateBeforeRequest,
  turnedDown,
  type Purse,
  type RefundAsk,
  type RefundRefusal,
} from './refunds.rules.ts';

export type Refunds = ReturnType<typeof createRefunds>;

export interface RefundCommand extends RefundAsk {
  /** Minted when the form is drawn: the same form sent twice sends money back once. */
  commandId?: string | undefined;
  /** How many refunds the form showed: what somebody else has sent back meanwhile is not sent back again. */
  seen?: number | undefined;
  why: string;
  restock: readonly { line: number; qty: number }[];
}

export interface RefundStaff {
  id: string;
  /** Whose money may be sent back. */
  cooperatives: Purse;
}

/** Said beside the field that is wrong: the sum, or the pieces of the line. */
function refusal(reason: RefundRefusal, line: number | undefined): AppError {
  switch (reason) {
    case 'more_than_paid':
      return new AppError('invalid', { fields: { amount: 'more_than_paid' } });
    case 'more_than_sold': {
      const field = line === undefined ? 'amount' : `refund_${line}`;
      return new AppError('invalid', { fields: { [field]: 'more_than_sold' } });
    }
    case 'required':
      return new AppError('invalid', { fields: { amount: 'required' } });
  }
}

/** Somebody else's change is in the way at most this often in a row; each time somebody has got something done. */
const TRIES = 20;
const PER_PAGE = 100;

/** What the history says of a step that parcels have taken before. */
const FOLLOWED: Partial<Record<OrderState, string>> = {
  packing: 'parcel.packed',
  shipped: 'parcel.shipped',
  delivered: 'parcel.delivered',
};

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
      // Where nothing was paid there is nobody to ask.
      if (fen === 0) await done(order._id, key, money(0));
      else await payments.refund({ ref: order._id, key, amount: money(fen), reason: why });
    }
  }

  /** Money has gone back. @returns when pieces and state have followed */
  async function done(code: string, key: string, amount: Money): Promise<void> {
    for (;;) {
      const order = await store.byCode(code);
      const refund = order?.refunds.find((entry) => entry.key === key);
      // A payment that never became an order's has no refund here.
      if (!order || !refund || refund.state === 'done') return;
      if (refund.state === 'failed') {
        // The bank has changed its mind meanwhile; pieces may have been counted in by then.
        if (refund.restock.length === 0) return;
        await takeBack(order, refund);
        if (await store.turnDown(order, refund, turnedDown(refund))) return;
        continue;
      }
      await takeBack(order, refund);
      const to = stateAfterRefund(order, amount.amount);
      const entry = { at: clock.now(), from: order.state, to, by: refund.by, why: refund.why };
      const moved = await store.finishRefund(order, { key, fen: amount.amount, entry });
      if (!moved) continue;
      if (order.state !== to) bus.tell('order.moved', { ...factOf(moved), from: order.state, to });
      return;
    }
  }

  async function takeBack(order: OrderDoc, refund: OrderRefund): Promise<void> {
    const back = refund.restock.flatMap(({ line, lots }) =>
      lots.map(({ lot, qty }) => ({
        lot,
        sku: order.lines[line]?.sku ?? '',
        qty,
        // A recall's refunds have one key in all its orders.
        ref: `${order._id}:refund:${refund.key}:${line}`,
      })),
    );
    if (back.length > 0) await stock.takeBack(back, refund.by, refund.why);
  }

  function newRefund(order: OrderDoc, key: string, command: RefundCommand, staff: RefundStaff): OrderRefund {
    if (!mayRefund(order)) throw new AppError('conflict');
    if (command.seen !== undefined && command.seen !== order.refunds.length) throw new AppError('conflict');
    const parts = refundParts(order, command, staff.cooperatives);
    if (typeof parts === 'string') {
      throw refusal(parts, lineBeyond(order, command.items, staff.cooperatives));
    }
    const restock = command.restock.map(({ line, qty }) => {
      const of = order.lines[line];
      if (!of || !isIn(staff.cooperatives, of.cooperative) || qty > restockable(order, line)) {
        const field = `restock_${line}`;
        throw new AppError('invalid', { fields: { [field]: 'more_than_shelved' } });
      }
      return { line, qty, lots: lotsToRestock(order, line, qty) };
    });
    return { key, ...parts, why: command.why, by: staff.id, at: clock.now(), state: 'asked', restock };
  }

  return {
    askAgain,
    done,

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
      let now = await moves.move(order, stateBeforeRequest(order.history), { by, why });
      if (!now) throw new AppError('conflict');
      // Its boxes have gone on meanwhile, and no box may be left that would take the order along.
      for (const to of statesToFollow(now)) {
        const followed = await moves.move(now, to, { by: 'clock', why: FOLLOWED[to] ?? '' });
        if (!followed) break;
        now = followed;
      }
      return now;
    },

    /**
     * Sends money back, by the piece, for the shipping or as a plain sum, and takes pieces back to stock that are in
     * no box yet. Written into the order first, once by the command's id; the payment side is asked until it has
     * answered.
     *
     * @throws AppError `conflict`, also when somebody else has sent money back meanwhile; `invalid` for more than
     *   may go back
     */
    async refund(order: OrderDoc, command: RefundCommand, staff: RefundStaff): Promise<OrderDoc> {
      const key = command.commandId ?? newId();
      let now: OrderDoc | null = order;
      for (let turn = 0; now && turn < TRIES; turn += 1) {
        if (now.refunds.some((refund) => refund.key === key)) return now;
        const written = await store.addRefund(now, newRefund(now, key, command, staff));
        if (written) {
          await askAgain(written);
          return written;
        }
        now = await store.byCode(order._id);
      }
      throw new AppError('conflict');
    },

    /** Money has not gone back, or has come back from the bank. It may be sent again, with another key. */
    async failed(code: string, key: string): Promise<void> {
      for (;;) {
        const order = await store.byCode(code);
        const refund = order?.refunds.find((entry) => entry.key === key);
        if (!order || !refund || refund.state === 'failed') return;
        if (refund.state === 'asked') {
          if (await store.failRefund(code, key)) return;
        } else if (refund.fen === 0 || (await store.turnDown(order, refund, turnedDown(refund)))) return;
      }
    },

    /**
     * Refunds whose asking was lost with a process; those that banks take days for are among them, however many.
     *
     * @throws AggregateError of what could not be asked for; the others are
     */
    async recover(): Promise<void> {
      const failures: unknown[] = [];
      for (let after = ''; ;) {
        const orders = await store.withAskedRefunds(after, PER_PAGE);
        await tryEach(orders, askAgain).catch((error: unknown) => failures.push(error));
        if (orders.length < PER_PAGE) break;
        after = orders.at(-1)!._id;
      }
      if (failures.length > 0) throw new AggregateError(failures, 'refunds that could not be asked for');
    },
  };
}

import type { OpenPayment, PaymentEvent, Payments } from '../payments/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { money, type Money } from '../platform/money.ts';
import { allocate, type Stock } from '../stock/index.ts';
import type { Moves } from './moves.service.ts';
import type { OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import type { Refunds } from './refunds.service.ts';

export interface SettlementDeps {
  store: OrderStore;
  stock: Stock;
  moves: Moves;
  refunds: Refunds;
  payments: Payments;
  clock: Clock;
  log: Log;
}

export type Settlement = ReturnType<typeof createSettlement>;

interface Received {
  ref: string;
  intentId: string;
  amount: Money;
}

/** An order may move while its payment is being written down; nobody's order moves so often. */
const TRIES = 8;

/**
 * Where money meets orders. Payments tell what has happened at least once and in any order; here each event has its
 * effect once, because every effect is a compare-and-set on the order.
 */
export function createSettlement(deps: SettlementDeps) {
  const { store, stock, moves, refunds, payments, clock, log } = deps;

  async function hear(event: PaymentEvent): Promise<void> {
    switch (event.kind) {
      case 'succeeded':
        return succeeded(event);
      case 'refunded':
        return refunds.done(event.ref, event.refundKey, event.amount);
      case 'refund_failed':
        return refunds.failed(event.ref, event.refundKey);
      case 'disputed':
        return void (await store.setDisputed(event.ref));
      case 'failed':
        return; // the buyer sees it at the till and may try again while the pieces are held
    }
  }
  payments.handle(hear);

  async function succeeded(received: Received): Promise<void> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      const order = await store.byCode(received.ref);
      if (!order) {
        log.error({ ref: received.ref }, 'a payment without an order goes back');
        return sendBack(received, 'orphan');
      }
      if (order.payment.intent === received.intentId) return;
      if (await settle(order, received)) return;
    }
    throw new Error(`order ${received.ref} does not hold still`);
  }

  /** @returns false when the order has moved meanwhile: look again */
  async function settle(order: OrderDoc, received: Received): Promise<boolean> {
    switch (order.state) {
      case 'awaiting_payment':
        if (received.amount.amount === order.totalFen) return pay(order, received);
        await sendBack(received, 'wrong-amount');
        return true;
      case 'expired':
        return payLate(order, received);
      case 'cancelled':
        return returnMoney(order, received, 'paid after it was cancelled');
      default:
        // Another payment was quicker: this one is one too many.
        await sendBack(received, 'double');
        return true;
    }
  }

  async function pay(order: OrderDoc, received: Received, lots?: Record<string, unknown>): Promise<boolean> {
    const paid = await moves.move(order, 'paid', {
      by: 'payment',
      why: lots ? 'paid late, pieces were still there' : 'paid',
      owes: 'sell',
      // An address that was given at this very moment has made it another total.
      where: { totalFen: order.totalFen },
      set: { ...paymentOf(received), ...lots },
    });
    if (!paid) return false;
    await moves.payDebts([paid]);
    return true;
  }

  function paymentOf({ intentId, amount }: Received) {
    return {
      'payment.intent': intentId,
      'payment.paidFen': amount.amount,
      'payment.paidAt': clock.now(),
    };
  }

  /** The hold had run out: the pieces are taken again if they are there, else the money goes back by itself. */
  async function payLate(order: OrderDoc, received: Received): Promise<boolean> {
    if (order.owes) {
      await moves.payDebts([order]);
      return false;
    }
    const ref = `${order._id}:again`;
    const takes = await stock.takeOnce(ref, new Map(order.lines.map(({ sku, qty }) => [sku, qty])));
    const { granted, rest } = allocate([{ id: order._id, lines: order.lines }], takes);
    const lots = granted.get(order._id);
    if (lots) {
      const set = Object.fromEntries(lots.map((ofLine, index) => [`lines.${index}.lots`, ofLine]));
      return pay(order, received, set);
    }
    await stock.release(
      rest.map((take) => ({ ...take, ref: `${ref}:rest` })),
      'too few for a late payment',
    );
    return returnMoney(order, received, 'paid too late, the pieces are gone');
  }

  /** The order never came about; its money goes back, whole. */
  async function returnMoney(order: OrderDoc, received: Received, why: string): Promise<boolean> {
    const refund = {
      key: `late-${received.intentId}`,
      fen: received.amount.amount,
      why,
      by: 'payment',
      at: clock.now(),
      state: 'asked' as const,
      restock: [],
    };
    const moved = await moves.move(order, 'refunded', {
      by: 'payment',
      why,
      set: { ...paymentOf(received), refunds: [...order.refunds, refund] },
    });
    if (!moved) return false;
    await refunds.askAgain(moved);
    return true;
  }

  async function sendBack({ ref, intentId, amount }: Received, why: string): Promise<void> {
    await payments.refund({ ref, key: `${why}-${intentId}`, amount, reason: why });
  }

  return {
    settle: hear,

    /**
     * Opens (or finds) the payment of an order.
     *
     * @throws AppError `expired`, `conflict` when it does not await payment, `invalid` without an address
     */
    async open(order: OrderDoc, description: string, returnUrl: string): Promise<OpenPayment> {
      if (order.state === 'expired' || order.expiresAt <= clock.now()) throw new AppError('expired');
      if (order.state !== 'awaiting_payment') throw new AppError('conflict');
      if (!order.address) throw new AppError('invalid', { fields: { address: 'required' } });
      return payments.open({ ref: order._id, amount: money(order.totalFen), description, returnUrl });
    },
  };
}

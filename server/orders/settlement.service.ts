import type { OpenPayment, PaymentEvent, Payments } from '../payments/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { money, type Money } from '../platform/money.ts';
import { allocate, type LineLots, type Stock } from '../stock/index.ts';
import type { Moves } from './moves.service.ts';
import type { OrderDoc, OrderRefund } from './orders.model.ts';
import { owesNothing } from './orders.rules.ts';
import type { OrderStore } from './orders.store.ts';
import type { Refunds } from './refunds.service.ts';
import { stakesOf, TOO_LATE } from './refunds.rules.ts';
import type { Claim } from './claiming.rules.ts';

export interface SettlementDeps {
  store: OrderStore;
  stock: Stock;
  moves: Moves;
  refunds: Refunds;
  claims: readonly Claim[];
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
  const { store, stock, moves, refunds, claims, payments, clock, log } = deps;

  async function hear(event: PaymentEvent): Promise<void> {
    switch (event.kind) {
      case 'succeeded':
        return succeeded(event);
      case 'refunded':
        return refunds.done(event.ref, event.refundKey, event.amount);
      case 'refund_failed': {
        const { ref, refundKey, reason } = event;
        log.error({ ref, refund: refundKey, reason }, 'money did not go back: somebody has to send it again');
        return refunds.failed(ref, refundKey);
      }
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
    if (isOfAnotherSum(order, received)) {
      if (!(await store.returnPayment(order, received.intentId))) return false;
      await sendBack(received, 'wrong-amount');
      return true;
    }
    switch (order.state) {
      case 'awaiting_payment':
        return pay(order, received);
      case 'expired':
        return payLate(order, received);
      case 'cancelled':
        return returnMoney(order, received, TOO_LATE.cancelled);
      default:
        // Another payment was quicker: this one is one too many.
        await sendBack(received, 'double');
        return true;
    }
  }

  async function pay(order: OrderDoc, received: Received, lots?: LineLots): Promise<boolean> {
    const paid = await moves.move(order, 'paid', {
      by: 'payment',
      why: lots ? 'paid late, pieces were still there' : 'paid',
      owes: 'sell',
      // An address that was given at this very moment has made it another total.
      where: { totalFen: order.totalFen, ...notReturned(received) },
      set: { ...paymentOf(received), ...setLots(lots) },
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

  /**
   * The hold had run out. What was paid is the price with its discount, so the order stands only when everything that
   * it stood on is there once more: the pieces, and the coupon or the place in the offer. Else the money goes back by
   * itself, all of it. Both answers are the same for whoever asks again after a crash or at the same moment.
   */
  async function payLate(order: OrderDoc, received: Received): Promise<boolean> {
    if (order.owes) {
      await moves.payDebts([order]);
      return false;
    }
    const ref = `${order._id}:again`;
    const takes = await stock.takeOnce(ref, new Map(order.lines.map(({ sku, qty }) => [sku, qty])));
    const { granted, rest } = allocate([{ id: order._id, lines: order.lines }], takes);
    // Two who look at the same shelf at once may take more than either needs.
    await stock.release(
      rest.map((take) => ({ ...take, ref: `${ref}:rest` })),
      'not needed by a late payment',
    );
    const lots = granted.get(order._id);
    if (lots) {
      if (await claimAgain(order)) return pay(order, received, lots);
      return returnMoney(order, received, TOO_LATE.discount, lots);
    }
    return returnMoney(order, received, TOO_LATE.pieces);
  }

  async function claimAgain(order: OrderDoc): Promise<boolean> {
    for (const claim of claims) if (!(await claim.claimAgain(order))) return false;
    return true;
  }

  /** The order never came about; its money goes back, whole, and so do pieces that were taken again for it. */
  async function returnMoney(
    order: OrderDoc,
    received: Received,
    why: string,
    lots?: LineLots,
  ): Promise<boolean> {
    const refund: OrderRefund = {
      key: `late-${received.intentId}`,
      fen: received.amount.amount,
      why,
      by: 'payment',
      at: clock.now(),
      state: 'asked',
      restock: [],
      items: [],
      shipping: order.shipping.map(({ cooperative }) => cooperative),
      shares: stakesOf(order),
    };
    const moved = await moves.move(order, 'refunded', {
      by: 'payment',
      why,
      ...(lots ? { owes: 'release_again' } : {}),
      where: notReturned(received),
      set: { ...paymentOf(received), ...setLots(lots), refunds: [...order.refunds, refund] },
    });
    if (!moved) return false;
    await moves.payDebts([moved]);
    await refunds.askAgain(moved);
    return true;
  }

  async function sendBack({ ref, intentId, amount }: Received, why: string): Promise<void> {
    await payments.refund({ ref, key: `${why}-${intentId}`, amount, reason: why });
  }

  /**
   * Where a discount takes off everything there is nothing to pay: the order is paid the moment that it knows where it
   * goes. Once, whoever sees it first: the till, the buyer's next look, or the job after a crash.
   */
  async function payNothing(order: OrderDoc): Promise<OrderDoc> {
    if (!owesNothing(order)) return order;
    const paid = await moves.move(order, 'paid', {
      by: 'till',
      why: 'nothing to pay',
      owes: 'sell',
      where: { totalFen: 0, address: { $ne: null } },
      set: { 'payment.paidFen': 0, 'payment.paidAt': clock.now() },
    });
    if (!paid) return (await store.byCode(order._id)) ?? order;
    await moves.payDebts([paid]);
    return paid;
  }

  return {
    settle: hear,
    payNothing,

    /**
     * Opens (or finds) the payment of an order.
     *
     * @throws AppError `expired`, `conflict` when it does not await payment, `invalid` without an address
     */
    async open(order: OrderDoc, description: string, returnUrl: string): Promise<OpenPayment> {
      if (order.state === 'expired' || order.expiresAt <= clock.now()) throw new AppError('expired');
      if (order.state !== 'awaiting_payment' || owesNothing(order)) throw new AppError('conflict');
      if (!order.address) throw new AppError('invalid', { fields: { address: 'required' } });
      return payments.open({ ref: order._id, amount: money(order.totalFen), description, returnUrl });
    },
  };
}

/** Once it has gone back, it is none of the order's for good: an address may have made the sum the right one again. */
function isOfAnotherSum({ state, totalFen, payment }: OrderDoc, { intentId, amount }: Received): boolean {
  if (payment.returned?.includes(intentId)) return true;
  const isPaid = state !== 'awaiting_payment' && state !== 'expired' && state !== 'cancelled';
  return !isPaid && amount.amount !== totalFen;
}

function notReturned({ intentId }: Received) {
  return { 'payment.returned': { $ne: intentId } };
}

function setLots(lots: LineLots | undefined): Record<string, unknown> {
  return Object.fromEntries((lots ?? []).map((ofLine, index) => [`lines.${index}.lots`, ofLine]));
}

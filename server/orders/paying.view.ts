import { money } from '../platform/money.ts';
import { mayAskRefund, mayRefund, refundLimitFen, restockable } from './refunds.rules.ts';
import type { Order } from './orders.service.ts';
import type { OrderReader } from './orders.view.ts';

/** The money of an order: how its total came about, and what may be done about it. */
export function presentMoney(order: Order, reader: OrderReader) {
  const { t } = reader;
  const rows = [{ label: t('orders.money.goods'), value: money(order.goodsFen) }];
  if (order.discountFen > 0) {
    const label = t('orders.money.discount', { code: order.coupon ?? '' });
    rows.push({ label, value: money(-order.discountFen) });
  }
  if (order.address) rows.push({ label: t('orders.money.shipping'), value: money(order.shippingFen) });
  return {
    rows,
    shippingOpen: order.state === 'awaiting_payment' && !order.address,
    refunded: order.payment.refundedFen > 0 ? money(order.payment.refundedFen) : undefined,
  };
}

export function presentAddress({ address, note, email }: Order) {
  if (!address) return undefined;
  const { name, phone, province, city, county, street } = address;
  return { name, phone, place: [province, city, county, street].join(' '), note, email };
}

/** What the buyer may do about the money. */
export function presentBuyerChoices(order: Order) {
  return {
    canPay: order.state === 'awaiting_payment' && order.address !== null,
    needsAddress: order.state === 'awaiting_payment' && order.address === null,
    canAskRefund: mayAskRefund(order),
  };
}

/** The staff's view beside it: refunds, who did what, the payment's traces. */
export function presentStaffSide(order: Order, cooperatives: readonly string[] | 'all', reader: OrderReader) {
  const limit = refundLimitFen(order, cooperatives);
  return {
    canRefund: mayRefund(order) && limit > 0,
    canDecline: order.state === 'refund_requested',
    limit: money(Math.max(0, limit)),
    limitYuan: (Math.max(0, limit) / 100).toFixed(2),
    disputed: order.payment.disputed,
    paidAt: order.payment.paidAt,
    intent: order.payment.intent,
    refunds: order.refunds.map(({ fen, why, at, state }) => ({
      amount: money(fen),
      why,
      at,
      state,
      stateLabel: reader.t(`orders.refund.state.${state}`),
    })),
    lines: order.lines.flatMap((line, place) => {
      const own = cooperatives === 'all' || cooperatives.includes(line.cooperative);
      const most = restockable(order, place);
      return own && most > 0 ? { place, name: line.name[reader.lang], most } : [];
    }),
    history: order.history.map(({ at, to, by, why }) => ({
      at,
      label: reader.t(`orders.state.${to}`),
      by: /^(till|clock|payment)$/.test(by) ? by : reader.t('orders.staff.person'),
      why,
    })),
  };
}

import { money } from '../platform/money.ts';
import {
  declinedWhy,
  isDeclined,
  isIn,
  lineFen,
  mayAskRefund,
  mayRefund,
  piecesToRefund,
  refundLimitFen,
  restockable,
  shippingToRefund,
  TOO_LATE,
  type Purse,
} from './refunds.rules.ts';
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
  // A municipality is its own province.
  const place = [province, city === province ? '' : city, county, street].filter(Boolean).join(' ');
  return { name, phone, place, note, email };
}

/** What the buyer may do about the money. */
export function presentBuyerChoices(order: Order) {
  return {
    canPay: order.state === 'awaiting_payment' && order.address !== null && order.totalFen > 0,
    needsAddress: order.state === 'awaiting_payment' && order.address === null,
    canAskRefund: mayAskRefund(order),
    declined: declinedWhy(order.history),
  };
}

/** A form that came back: what was in it, and what was wrong with it. */
interface Refused {
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** The staff's view beside it: refunds, who did what, the payment's traces. */
export function presentStaffSide(
  order: Order,
  {
    desks,
    names,
    refused,
  }: { desks: Purse; names: ReadonlyMap<string, string>; refused?: Refused | undefined },
  reader: OrderReader,
) {
  const { t, lang } = reader;
  const limit = refundLimitFen(order, desks);
  const typed = (name: string) => {
    const value = refused?.values[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    canRefund: mayRefund(order) && (limit > 0 || order.payment.paidFen === 0),
    canDecline: order.state === 'refund_requested',
    asked: order.state === 'refund_requested' ? order.history.at(-1)?.why : undefined,
    limit: money(limit),
    refused,
    seen: order.refunds.length,
    amount: typed('amount'),
    why: typed('why'),
    paidAt: order.payment.paidAt,
    intent: order.payment.intent,
    refunds: order.refunds.map(({ fen, why, at, state }) => ({
      amount: money(fen),
      why,
      at,
      state,
      stateLabel: t(`orders.refund.state.${state}`),
    })),
    shipping: shippingToRefund(order, desks).map(({ cooperative, fen }) => ({
      name: names.get(cooperative) ?? '',
      fen: money(fen),
    })),
    withShipping: typed('shipping') === 'yes',
    lines: order.lines.flatMap((line, place) => {
      const most = piecesToRefund(order, place);
      const shelved = restockable(order, place);
      if (!isIn(desks, line.cooperative) || (most === 0 && shelved === 0)) return [];
      return [
        {
          place,
          name: line.name[lang],
          variant: line.variant[lang],
          paid: money(lineFen(line)),
          qty: line.qty,
          refund: { most, value: typed(`refund_${place}`) || '0', error: refused?.fields[`refund_${place}`] },
          restock: {
            most: shelved,
            value: typed(`restock_${place}`) || '0',
            error: refused?.fields[`restock_${place}`],
          },
        },
      ];
    }),
    history: order.history.map((entry) => ({
      at: entry.at,
      label: t(isDeclined(entry) ? 'orders.refund.declined' : `orders.state.${entry.to}`),
      by: t(`orders.staff.by.${whoseMove(order, entry)}`),
      why: STORED_WORDS.has(entry.why) ? '' : entry.why,
    })),
  };
}

/** A buyer who has signed in since has another id: only buyers ask, and only they cancel. */
function whoseMove(order: Order, { to, by }: Order['history'][number]): 'shop' | 'buyer' | 'staff' {
  if (/^(till|clock|payment)$/.test(by)) return 'shop';
  return by === order.buyer || to === 'refund_requested' || to === 'cancelled' ? 'buyer' : 'staff';
}

/** The shop's own notes in a history say what the state says; what people wrote is shown. */
const STORED_WORDS: ReadonlySet<string> = new Set([
  'placed',
  'paid',
  'nothing to pay',
  'paid late, pieces were still there',
  'not paid in time',
  'cancelled by buyer',
  'parcel.packed',
  'parcel.unpacked',
  'parcel.shipped',
  'parcel.delivered',
  'completed',
  'prize',
  'prize not claimed',
  ...Object.values(TOO_LATE),
]);

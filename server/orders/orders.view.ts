import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money, timesMoney } from '../platform/money.ts';
import type { Translate } from '../platform/views/index.ts';
import { inGroup, ORDER_GROUPS, type OrderGroup, type OrderState } from './orders.rules.ts';
import type { Order } from './orders.service.ts';
import { isDeclined, TOO_LATE } from './refunds.rules.ts';

export interface OrderReader {
  lang: Lang;
  t: Translate;
  media: Media;
}

/** The contract's order: for acks and JSON. */
export function presentReceipt(order: Order) {
  return {
    code: order._id,
    state: order.state,
    total: money(order.totalFen),
    expiresAt: order.expiresAt.toISOString(),
    payUrl: `/orders/${order._id}`,
  };
}

export function presentOrderJson(order: Order, reader: OrderReader) {
  return {
    ...presentReceipt(order),
    placedAt: order.createdAt.toISOString(),
    liveId: order.live,
    lines: presentLines(order, reader).map(({ sku, name, variant, qty, price, total, shipsBy }) => ({
      ...{ sku, name, variant, qty, price, total },
      shipsBy: shipsBy ?? null,
    })),
  };
}

function presentLines(order: Order, { lang, media }: OrderReader) {
  return order.lines.map((line) => ({
    sku: line.sku,
    name: line.name[lang],
    variant: line.variant[lang],
    qty: line.qty,
    price: money(line.priceFen),
    total: timesMoney(money(line.priceFen), line.qty),
    picture: media.picture(line.image),
    href: `/products/${line.product}`,
    shipsBy: line.shipsBy,
  }));
}

export function presentOrderRow(order: Order, reader: OrderReader) {
  return {
    code: order._id,
    href: `/orders/${order._id}`,
    state: order.state,
    stateLabel: reader.t(`orders.state.${order.state}`),
    placedAt: order.createdAt,
    expiresAt: order.state === 'awaiting_payment' ? order.expiresAt.toISOString() : undefined,
    total: money(order.totalFen),
    lines: presentLines(order, reader),
  };
}

/** The ways into a buyer's list; a number where something is to be done or waited for. */
export function presentGroups(orders: readonly Order[], shown: OrderGroup | undefined, { t }: OrderReader) {
  const groups = Object.keys(ORDER_GROUPS) as OrderGroup[];
  return [
    { href: '/orders', label: t('orders.group.all'), active: shown === undefined, count: 0 },
    ...groups.map((group) => ({
      href: `/orders?show=${group}`,
      label: t(`orders.group.${group}`),
      active: shown === group,
      count: group === 'refund' ? 0 : orders.filter(({ state }) => inGroup(state, group)).length,
    })),
  ];
}

const TO_BE_SENT: readonly OrderState[] = ['awaiting_payment', 'paid', 'packing'];

/** Which sentence says how it stands: what has left already, and why money that came too late goes back. */
function aboutOf({ state, history, parcels }: Order): string {
  if (state === 'packing' && parcels.some(({ shippedAt }) => shippedAt)) return 'partly_shipped';
  if (state !== 'refunded') return state;
  if (history.some(({ why }) => why === TOO_LATE.discount)) return 'too_late_discount';
  return history.some(({ why }) => why === TOO_LATE.pieces) ? 'too_late' : state;
}

export function presentOrderPage(
  order: Order,
  reader: OrderReader,
  more: {
    mine: boolean;
    cooperatives: Map<string, string>;
    live: { title: string; href: string } | undefined;
  },
) {
  const awaiting = order.state === 'awaiting_payment';
  return {
    ...presentOrderRow(order, reader),
    lines: presentLines(order, reader).map((line, index) => ({
      ...line,
      cooperative: more.cooperatives.get(order.lines[index]!.cooperative) ?? '',
      // What has gone, or goes nowhere any more, is promised no longer.
      shipsBy: TO_BE_SENT.includes(order.state) ? line.shipsBy : undefined,
    })),
    awaiting,
    about: reader.t(`orders.about.${aboutOf(order)}`),
    canCancel: awaiting && more.mine,
    live: more.live,
    history: order.history.map((entry) => ({
      at: entry.at,
      label: reader.t(isDeclined(entry) ? 'orders.refund.declined' : `orders.state.${entry.to}`),
    })),
  };
}

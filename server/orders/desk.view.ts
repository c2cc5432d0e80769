import { maskName } from './orders.rules.ts';
import type { Product } from '../catalog/index.ts';
import type { Order } from './orders.service.ts';
import type { OrderReader } from './orders.view.ts';

interface OnHand {
  onHand: number;
  available: number;
  held: number;
  sold: number;
}

const NOTHING: OnHand = { onHand: 0, available: 0, held: 0, sold: 0 };
const LOW = 20;

export function presentDeskProduct(product: Product, onHand: Map<string, OnHand>, reader: OrderReader) {
  return {
    slug: product.slug,
    name: product.name[reader.lang],
    href: `/products/${product.slug}`,
    picture: reader.media.picture(product.image),
    variants: product.variants.map(({ sku, name }) => {
      const pieces = onHand.get(sku) ?? NOTHING;
      return { sku, name: name[reader.lang], ...pieces, low: pieces.available < LOW };
    }),
  };
}

/** A cooperative sees its own lines of an order, and no more of the buyer than packing needs. */
export function presentDeskOrder(order: Order, coop: { _id: string; slug: string }, reader: OrderReader) {
  return {
    code: order._id,
    href: `/coop/orders/${order._id}?coop=${coop.slug}`,
    state: order.state,
    stateLabel: reader.t(`orders.state.${order.state}`),
    placedAt: order.createdAt,
    buyer: maskName(order.buyerName) || reader.t('orders.guest'),
    fromLive: order.live !== null,
    lines: order.lines
      .filter((line) => line.cooperative === coop._id)
      .map((line) => ({ name: line.name[reader.lang], variant: line.variant[reader.lang], qty: line.qty })),
  };
}

export function presentDeskStats(onHand: Map<string, OnHand>, reader: OrderReader) {
  const sum = (name: keyof OnHand) => [...onHand.values()].reduce((total, pieces) => total + pieces[name], 0);
  return (['onHand', 'held', 'sold'] as const).map((name) => ({
    key: name,
    label: reader.t(`desk.stat.${name}`),
    value: sum(name),
  }));
}

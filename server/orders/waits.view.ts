import type { Sellable } from '../catalog/index.ts';
import { formatDate } from '../platform/views/index.ts';
import type { Order } from './orders.service.ts';
import type { OrderReader } from './orders.view.ts';
import type { Waiting } from './waits.service.ts';

type Sellables = ReadonlyMap<string, Sellable>;

/** A place in line for programs and for the script of a product's page. */
export function presentWaitJson({ sku, standing, ahead, order }: Waiting, { t, lang }: OrderReader) {
  return {
    sku,
    standing,
    ahead,
    says: t(`waits.says.${standing}`, {
      place: ahead + 1,
      time: order ? formatDate(order.expiresAt, 'time', lang) : '',
    }),
    payUrl: standing === 'offered' && order ? `/orders/${order._id}` : null,
    until: standing === 'offered' && order ? order.expiresAt.toISOString() : null,
  };
}

/** A place in line on somebody's own list. */
export function presentWait(wait: Waiting, sellables: Sellables, reader: OrderReader) {
  const found = sellables.get(wait.sku);
  return {
    ...presentWaitJson(wait, reader),
    isOffered: wait.standing === 'offered',
    isMissed: wait.standing === 'missed',
    since: wait.since,
    name: found?.product.name[reader.lang] ?? reader.t('cart.nameless'),
    variant: found?.variant.name[reader.lang] ?? wait.sku,
    picture: found && reader.media.picture(found.product.image),
    href: found && `/products/${found.product.slug}`,
  };
}

/** What every page says to somebody for whom something is held. */
export function presentOffered(order: Order | undefined) {
  return order && { payUrl: `/orders/${order._id}`, until: order.expiresAt.toISOString() };
}

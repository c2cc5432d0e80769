import { money, timesMoney } from '../platform/money.ts';
import { presentDrawnLine, presentNews } from './checkout.view.ts';
import type { Checkout } from './checkout.service.ts';
import type { OrderReader } from './orders.view.ts';

type Found = Awaited<ReturnType<Checkout['cart']>>;

/** The cart's page: what can be bought by cooperative, and what cannot any more. */
export function presentCart(found: Found, cooperatives: ReadonlyMap<string, string>, reader: OrderReader) {
  const there = found.flatMap(({ now }) => (now && now.available > 0 ? [now] : []));
  const groups = [...new Set(there.map(({ cooperative }) => cooperative))].map((id) => ({
    name: cooperatives.get(id) ?? '',
    lines: there
      .filter(({ cooperative }) => cooperative === id)
      .map((line) => presentDrawnLine(line, reader)),
  }));
  const buyable = there.filter(({ qty, available }) => available >= qty);
  return {
    empty: found.length === 0,
    groups,
    gone: found.flatMap(({ line, now, news }) =>
      now && now.available > 0
        ? []
        : [
            {
              sku: line.sku,
              name: now?.name[reader.lang] ?? reader.t('cart.nameless'),
              variant: now?.variant[reader.lang] ?? line.sku,
              picture: now && reader.media.picture(now.image),
              href: now && `/products/${now.product}`,
              news: presentNews(news.slice(0, 1), 0, reader),
            },
          ],
    ),
    pieces: buyable.reduce((sum, { qty }) => sum + qty, 0),
    total: money(buyable.reduce((sum, { qty, priceFen }) => sum + qty * priceFen, 0)),
    canGoOn: buyable.length > 0,
  };
}

/** The cart for programs: prices of this instant, and what has changed since. */
export function presentCartJson(found: Found, reader: OrderReader) {
  const items = found.map(({ line, now, news }) => {
    const price = now ? money(now.priceFen) : null;
    return {
      sku: line.sku,
      qty: line.qty,
      name: now?.name[reader.lang] ?? null,
      variant: now?.variant[reader.lang] ?? null,
      price,
      total: price && timesMoney(price, line.qty),
      available: now?.available ?? 0,
      news: news.map(({ kind }) => kind),
    };
  });
  return {
    items,
    count: items.reduce((sum, { qty }) => sum + qty, 0),
    total: money(items.reduce((sum, { total }) => sum + (total?.amount ?? 0), 0)),
  };
}

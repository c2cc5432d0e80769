import type { Terms } from '../../server/orders/checkout.rules.ts';
import type { Order } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { HUNAN } from './checkout.ts';
import { Client, until } from './client.ts';
import type { TestShop } from './shop.ts';

/** An order that was paid at the test cashier, with an address and without a discount: its money can go back. */
export async function cashed(
  shop: TestShop,
  { liveId, ...line }: { sku: string; qty: number; liveId?: string },
  buyer: Parameters<TestShop['ctx']['orders']['place']>[1],
): Promise<Order> {
  const terms: Terms = {
    ...{ email: null, note: '', coupon: null },
    settle: (lines) => ({
      ...{ address: HUNAN, discounts: [0], discountFen: 0, shippingFen: 800 },
      shipping: lines.map(({ cooperative }) => ({ cooperative, grams: 1, fen: 800 })),
    }),
  };
  const { order } = await shop.ctx.orders.place(
    { clickId: newId(), lines: [line], ...(liveId ? { liveId } : {}) },
    buyer,
    terms,
  );
  const { payUrl } = await shop.ctx.orders.openPayment(order, 'x', `${shop.url}/orders/${order._id}`);
  const page = new URL(payUrl!, shop.url);
  await new Client(shop.url).form(page.pathname, {
    client_secret: page.searchParams.get('client_secret')!,
    return_url: page.searchParams.get('return_url')!,
    choice: 'pay',
  });
  const paid = await until(
    () => shop.ctx.orders.byCode(order._id),
    (found) => found?.state === 'paid' && found.owes === null,
    15_000,
  );
  return paid!;
}

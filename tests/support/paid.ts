import { createOrderStore, type Order } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { guest } from './checkout.ts';
import type { TestShop } from './shop.ts';

/** An order as it is once its payment has settled: its pieces are sold. */
export async function paidOrder(
  shop: TestShop,
  lines: { sku: string; qty: number }[],
  buyer: Parameters<TestShop['ctx']['orders']['place']>[1] = guest(),
): Promise<Order> {
  const { order } = await shop.ctx.orders.place({ clickId: newId(), lines }, buyer);
  const entry = { at: shop.ctx.clock.now(), from: order.state, to: 'paid', by: 'test', why: 'paid' } as const;
  await createOrderStore(shop.ctx.db).move({ code: order._id, from: order.state, entry, owes: 'sell' });
  await shop.ctx.orders.recover();
  const paid = await shop.ctx.orders.byCode(order._id);
  if (paid?.state !== 'paid') throw new Error(`order ${order._id} is ${paid?.state}`);
  return paid;
}

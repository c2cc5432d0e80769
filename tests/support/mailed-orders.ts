import type { OrderDoc } from '../../server/orders/orders.model.ts';
import type { OrderState } from '../../server/orders/orders.rules.ts';
import { newCode, newId } from '../../server/platform/ids.ts';
import type { MailDoc } from '../../server/platform/mail/index.ts';
import { until } from './client.ts';
import type { TestShop } from './shop.ts';

export const ADDRESS = {
  name: '李秀英',
  phone: '13812345678',
  province: '湖南省',
  city: '邵阳市',
  county: '城步苗族自治县',
  street: '丹口镇太平村7组',
};

/** An order in the database that no process has told anybody of, after these moves of a minute ago. */
export async function insertOrder(
  shop: TestShop,
  path: OrderState[],
  more: Partial<OrderDoc> = {},
): Promise<OrderDoc> {
  const cooperative = more.cooperatives?.[0] ?? (await shop.ctx.cooperatives.list())[0]?._id ?? 'none';
  const now = shop.ctx.clock.now();
  const at = new Date(now.getTime() - 60_000);
  const way: OrderState[] = ['opening', ...path];
  const line: OrderDoc['lines'][0] = {
    sku: 'SKU-1',
    qty: 2,
    priceFen: 6800,
    product: 'chengbu-honey',
    name: { 'zh-CN': '城步土蜂蜜', en: 'Chengbu wild honey' },
    variant: { 'zh-CN': '500克一瓶', en: '500 g jar' },
    image: 'products/honey.svg',
    cooperative,
    grossGrams: 900,
    offer: null,
    discountFen: 0,
    lots: [],
  };
  const doc: OrderDoc = {
    _id: newCode(),
    buyer: newId(),
    buyerName: '',
    clickId: newId(),
    live: null,
    state: way.at(-1)!,
    lines: [line],
    cooperatives: [cooperative],
    goodsFen: 13_600,
    discountFen: 1_000,
    shippingFen: 800,
    totalFen: 13_400,
    shipping: [],
    coupon: null,
    note: '',
    address: ADDRESS,
    email: `${newId()}@example.com`,
    parcels: [],
    payment: { intent: null, paidFen: 0, paidAt: null, refundedFen: 0, disputed: false },
    refunds: [],
    batch: newId(),
    place: 0,
    createdAt: at,
    expiresAt: new Date(now.getTime() + 600_000),
    owes: null,
    history: way.slice(1).map((to, index) => ({ at, from: way[index]!, to, by: 'test', why: 'test' })),
    ...more,
  };
  await shop.ctx.db.collection<OrderDoc>('orders').insertOne(doc);
  return doc;
}

/** The mail, as soon as its sender is through with it. */
export async function endedMail(shop: TestShop, id: string): Promise<MailDoc> {
  const mail = await until(
    () => shop.ctx.outbox.byId(id),
    (found) => found?.endedAt instanceof Date,
  );
  return mail!;
}

/** What was written, as text and as HTML. */
export async function writtenMail(shop: TestShop, id: string) {
  const { content } = await endedMail(shop, id);
  if (!content) throw new Error(`nothing was kept of ${id}`);
  return content;
}

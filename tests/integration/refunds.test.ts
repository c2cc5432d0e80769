import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Terms } from '../../server/orders/checkout.rules.ts';
import { newId } from '../../server/platform/ids.ts';
import { guest, HUNAN } from '../support/checkout.ts';
import { Client, until } from '../support/client.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'MTO-600';
let shop: TestShop;
let beside: TestShop;
let coop: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  beside = await openTestShop({ uri: shop.uri });
  coop = new Client(shop.url);
  await coop.logIn('coop@demo.test');
});
afterAll(async () => {
  await beside.close();
  await shop.close();
});

const order = async (code: string) => (await shop.ctx.orders.byCode(code))!;
const left = async () => (await shop.ctx.stock.availability([SKU])).get(SKU)!;
const agrees = async () => expect(await shop.ctx.orders.audit()).toEqual([]);

/** Paid at the cashier: three pieces with 1 yuan off, and 8 yuan for sending them. */
async function paid(qty = 3, discountFen = 100, shippingFen = 800, sku = SKU) {
  const buyer = guest();
  const terms: Terms = {
    ...{ email: null, note: '', coupon: null },
    settle: (lines) => ({
      address: HUNAN,
      discounts: [discountFen],
      discountFen,
      shipping: lines.map(({ cooperative }) => ({ cooperative, grams: 1, fen: shippingFen })),
      shippingFen,
    }),
  };
  const lines = [{ sku, qty }];
  const made = await shop.ctx.orders.place({ clickId: newId(), lines }, buyer, terms);
  const code = made.order._id;
  const { payUrl } = await shop.ctx.orders.openPayment(made.order, 'x', `${shop.url}/orders/${code}`);
  const page = new URL(payUrl!, shop.url);
  await new Client(shop.url).form(page.pathname, {
    client_secret: page.searchParams.get('client_secret')!,
    return_url: page.searchParams.get('return_url')!,
    choice: 'pay',
  });
  await until(
    () => order(code),
    ({ state, owes }) => state === 'paid' && owes === null,
  );
  return code;
}

const send = (code: string, fields: Record<string, string>, by = coop) =>
  by.form(`/orders/${code}/refund`, { commandId: newId(), why: '少了一件', ...fields });
const settled = (code: string, refundedFen: number) =>
  until(
    async () => (await order(code)).payment.refundedFen,
    (fen) => fen === refundedFen,
  );

describe('money back by the piece', () => {
  test('is what was paid for it, and all pieces and the shipping together are the total', async () => {
    const code = await paid();
    const { lines, totalFen } = await order(code);
    const each = Math.floor((lines[0]!.priceFen * 3 - 100) / 3);
    expect((await send(code, { refund_0: '1', restock_0: '1' })).status).toBe(303);
    await settled(code, each);
    expect((await order(code)).state).toBe('partly_refunded');
    await send(code, { shipping: 'yes' });
    await settled(code, each + 800);
    expect((await send(code, { refund_0: '3' })).status).toBe(422);
    expect((await send(code, { refund_0: '2', amount: '1.00' })).status).toBe(422);
    await send(code, { refund_0: '2', restock_0: '2' });
    await settled(code, totalFen);
    expect((await order(code)).state).toBe('refunded');
    await agrees();
  });

  test('the same form sent many times, to two processes, sends it back once', async () => {
    const code = await paid();
    const before = await left();
    const command = {
      ...{ commandId: newId(), fen: undefined, items: [{ line: 0, qty: 1 }], shipping: false, why: '破了' },
      restock: [{ line: 0, qty: 1 }],
    };
    const staff = { id: 'x', cooperatives: 'all' } as const;
    const read = await order(code);
    await Promise.all(
      Array.from({ length: 10 }, (_item, index) =>
        (index % 2 ? beside : shop).ctx.orders.refund(read, command, staff),
      ),
    );
    const { refunds } = await order(code);
    expect(refunds).toHaveLength(1);
    await settled(code, refunds[0]!.fen);
    expect(await left()).toBe(before + 1);
    await agrees();
  });

  test('of two members with the same page before them, one is told to look again', async () => {
    const code = await paid();
    const answers = await Promise.all([0, 1].map(() => send(code, { amount: '5.00', seen: '0' })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    await settled(code, 500);
    expect(await answers.find(({ status }) => status === 409)!.text()).toContain('value="5.00"');
  });

  test('a sum is no more than was paid: the discount is not paid out', async () => {
    const code = await paid(1, 300, 0);
    const { lines, totalFen } = await order(code);
    const yuan = (fen: number) => (fen / 100).toFixed(2);
    expect((await send(code, { amount: yuan(lines[0]!.priceFen) })).status).toBe(422);
    expect((await send(code, { amount: yuan(totalFen) })).status).toBe(303);
    await settled(code, totalFen);
    expect((await order(code)).state).toBe('refunded');
    await agrees();
  });
});

describe('pieces that go back on the shelf', () => {
  test('and into a box in the same moment go to one of the two', async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      const code = await paid(3);
      const before = await left();
      const { cooperatives } = await order(code);
      const by = { id: 'packer', cooperative: cooperatives[0]! };
      // Being packed already: the state alone tells the two nothing.
      const first = { commandId: newId(), items: [{ line: 0, qty: 1 }] };
      await shop.ctx.packing.pack(code, first, by);
      const pack = (at: TestShop) =>
        at.ctx.packing.pack(code, { commandId: newId(), items: [{ line: 0, qty: 2 }] }, by);
      const refund = (at: TestShop, read: Awaited<ReturnType<typeof order>>) =>
        at.ctx.orders.refund(
          read,
          { fen: 100, items: [], shipping: false, why: '退', restock: [{ line: 0, qty: 1 }] },
          { id: 'x', cooperatives: 'all' },
        );
      // Both have looked at the order before either writes.
      const read = await order(code);
      const packing = turn % 2 ? pack(shop) : pack(beside);
      // Every other time the box is closed before the refund is written.
      if (turn % 4 < 2) await packing;
      const [packed, refunded] = await Promise.allSettled([packing, refund(turn % 2 ? beside : shop, read)]);
      expect([packed.status, refunded.status].sort()).toEqual(['fulfilled', 'rejected']);
      if (refunded.status === 'fulfilled') await settled(code, 100);
      const after = await order(code);
      const boxed = after.parcels.flatMap(({ items }) => items).reduce((sum, { qty }) => sum + qty, 0);
      const back = (await left()) - before;
      expect([boxed, back]).toEqual(packed.status === 'fulfilled' ? [3, 0] : [1, 1]);
      await agrees();
    }
  });

  test('are never those that are packed or on their way', async () => {
    const code = await paid(3);
    const { cooperatives } = await order(code);
    const by = { id: 'packer', cooperative: cooperatives[0]! };
    const boxed = await shop.ctx.packing.pack(code, { commandId: newId(), items: [{ line: 0, qty: 2 }] }, by);
    expect((await send(code, { amount: '1.00', restock_0: '2' })).status).toBe(422);
    const sending = { carrier: 'sf', tracking: 'SF1234567890123', was: '' } as const;
    await shop.ctx.packing.ship(code, boxed.parcels[0]!.code, sending, by);
    expect((await send(code, { amount: '1.00', restock_0: '2' })).status).toBe(422);
    expect((await send(code, { amount: '1.00', restock_0: '1' })).status).toBe(303);
    await settled(code, 100);
    await agrees();
  });

  test('of several refunds at once come back to the lots that they were sold from', async () => {
    const sku = 'MAT-50';
    const { product } = (await shop.ctx.catalog.sellables([sku])).get(sku)!;
    const there = (await shop.ctx.stock.allLots()).filter((lot) => lot.sku === sku && lot.available > 0);
    // Two small lots that expire first: the order takes from both.
    for (const [index, day] of ['2026-12-20', '2026-12-21'].entries()) {
      const code = `B${index}-${newId().slice(0, 8).toUpperCase()}`;
      const first = { sku, code, qty: 2, madeOn: '2026-11-01', bestBefore: day };
      await shop.ctx.stock.receive(first, { id: 'x', cooperatives: [product.cooperative] });
    }
    expect(there.length).toBeGreaterThan(0);
    const code = await paid(4, 0, 0, sku);
    const read = await order(code);
    expect(read.lines[0]!.lots.length).toBeGreaterThan(1);
    const restock = [{ line: 0, qty: 1 }];
    const command = { fen: 1, items: [], shipping: false, why: '退', restock };
    const staff = { id: 'x', cooperatives: 'all' } as const;
    await Promise.all([shop, beside, shop].map(({ ctx }) => ctx.orders.refund(read, command, staff)));
    await settled(code, 3);
    await agrees();
  });
});

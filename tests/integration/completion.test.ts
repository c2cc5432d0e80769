import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { guest } from '../support/checkout.ts';
import { paidOrder } from '../support/paid.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'MTO-600';
const DAY_MS = 24 * 3_600_000;
const clock = movableClock();
let shop: TestShop;
let beside: TestShop;

beforeAll(async () => {
  shop = await openTestShop({
    demo: true,
    clock,
    env: { DELIVER_AFTER_DAYS: '10', COMPLETE_AFTER_DAYS: '5' },
  });
  const env = { DELIVER_AFTER_DAYS: '10', COMPLETE_AFTER_DAYS: '5' };
  beside = await openTestShop({ uri: shop.uri, clock, env });
  await Promise.all([shop.ctx.jobs.stop(), beside.ctx.jobs.stop()]);
});
afterAll(async () => {
  await beside.close();
  await shop.close();
});

/** Both shops' jobs at the same moment, as they may come. */
const turn = () => Promise.all([shop, beside, shop, beside].map(({ ctx }) => ctx.completion.run()));
const order = async (code: string) => (await shop.ctx.orders.byCode(code))!;
const timesInto = async (code: string, state: string) =>
  (await order(code)).history.filter(({ to }) => to === state).length;

async function shipped(qty = 2, packedQty = qty) {
  const buyer = guest();
  const made = await paidOrder(shop, [{ sku: SKU, qty }], buyer);
  const by = { id: 'packer', cooperative: made.cooperatives[0]! };
  const items = [{ line: 0, qty: packedQty }];
  const boxed = await shop.ctx.packing.pack(made._id, { commandId: newId(), items }, by);
  const parcel = boxed.parcels[0]!.code;
  const sending = { carrier: 'sf', tracking: 'SF1234567890123', was: '' } as const;
  await shop.ctx.packing.ship(made._id, parcel, sending, by);
  return { code: made._id, parcel, by, buyer };
}

describe('the end of an order', () => {
  test('comes by the clock: delivered after ten silent days, completed five days later, each once', async () => {
    const { code } = await shipped();
    clock.forward(10 * DAY_MS - 60_000);
    await turn();
    expect((await order(code)).state).toBe('shipped');
    clock.forward(120_000);
    await turn();
    expect((await order(code)).state).toBe('delivered');
    expect(await timesInto(code, 'delivered')).toBe(1);
    clock.forward(5 * DAY_MS - 60_000);
    await turn();
    expect((await order(code)).state).toBe('delivered');
    clock.forward(120_000);
    await turn();
    expect((await order(code)).state).toBe('completed');
    expect(await timesInto(code, 'completed')).toBe(1);
    expect((await order(code)).history.at(-1)?.by).toBe('clock');
  });

  test('counts from the buyer’s word, also when it comes in the same moment as the clock’s', async () => {
    const { code, parcel, buyer } = await shipped();
    clock.forward(10 * DAY_MS + 1000);
    const received = shop.ctx.packing.receive(code, parcel, { id: buyer.id, mine: () => true });
    await Promise.all([received, turn()]);
    expect(await timesInto(code, 'delivered')).toBe(1);
    clock.forward(5 * DAY_MS + 1000);
    await turn();
    expect((await order(code)).state).toBe('completed');
  });

  test('waits for what is not sent yet, and for the last parcel', async () => {
    const { code, by } = await shipped(3, 1);
    clock.forward(11 * DAY_MS);
    await turn();
    clock.forward(6 * DAY_MS);
    await turn();
    expect((await order(code)).state).toBe('packing');
    const rest = [{ line: 0, qty: 2 }];
    const boxed = await shop.ctx.packing.pack(code, { commandId: newId(), items: rest }, by);
    const last = boxed.parcels.at(-1)!.code;
    await shop.ctx.packing.ship(code, last, { carrier: 'zto', tracking: '773412345678901', was: '' }, by);
    await shop.ctx.packing.deliver(code, last, by);
    await turn();
    expect((await order(code)).state).toBe('delivered');
    clock.forward(5 * DAY_MS + 1000);
    await turn();
    expect((await order(code)).state).toBe('completed');
  });

  test('waits while the buyer asks for a refund', async () => {
    const { code, parcel, by, buyer } = await shipped();
    await shop.ctx.packing.deliver(code, parcel, by);
    await shop.ctx.orders.requestRefund(await order(code), buyer.id, '有两个破了');
    clock.forward(6 * DAY_MS);
    await turn();
    expect((await order(code)).state).toBe('refund_requested');
    await shop.ctx.orders.declineRefund(await order(code), 'packer', '照片上是好的');
    await turn();
    expect((await order(code)).state).toBe('completed');
  });
});

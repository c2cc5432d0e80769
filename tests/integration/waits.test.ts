import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { inDatabase, movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const clock = movableClock();
let shops: TestShop[];

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `waits_${newId().slice(0, 8)}`);
  const first = await openTestShop({ demo: true, clock, uri });
  shops = [first, await openTestShop({ clock, uri })];
});
afterAll(() => Promise.all(shops.map((shop) => shop.close())));

async function visitor(turn = 0) {
  const client = new Client(shops[turn % 2]!.url);
  await client.get(`/live/${LIVE}`);
  return { client, socket: await client.socket() };
}

/** Orders what is left, and tells the code of one order of one piece that can be cancelled. */
async function sellOut(sku: string) {
  const { orders, stock } = shops[0]!.ctx;
  const id = newId();
  const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
  const place = async (qty: number) =>
    (await orders.place({ clickId: newId(), lines: [{ sku, qty }] }, buyer)).order._id;
  const codes = [await place(1), await place(1)];
  for (;;) {
    const left = (await stock.availability([sku])).get(sku) ?? 0;
    if (left === 0) break;
    await place(Math.min(99, left));
  }
  return codes.map((code) => () => orders.cancel(code, { id, mine: () => true }));
}

describe('the line for what has run out', () => {
  test('is served in order, with a short hold, and newcomers do not jump it', async () => {
    const sku = (await shops[0]!.ctx.lives.byId(LIVE)).rail[0]!;
    const early = await visitor();
    const tooEarly = await early.socket.emitWithAck('wait:join', { sku, liveId: LIVE });
    expect(tooEarly.ok ? 'ok' : tooEarly.error.code).toBe('conflict');
    const [giveBack, giveBackToo] = await sellOut(sku);
    const nowhere = await early.socket.emitWithAck('wait:join', { sku, liveId: 'no-such-live' });
    expect(nowhere.ok ? 'ok' : nowhere.error.code).toBe('live_not_running');

    const first = await visitor(0);
    const second = await visitor(1);
    const offers: string[] = [];
    first.socket.on('wait:offered', ({ code }) => offers.push(`first ${code}`));
    second.socket.on('wait:offered', ({ code }) => offers.push(`second ${code}`));
    expect(await first.socket.emitWithAck('wait:join', { sku, liveId: LIVE })).toMatchObject({
      ok: true,
      ahead: 0,
    });
    clock.forward(1_000);
    expect(await second.socket.emitWithAck('wait:join', { sku, liveId: LIVE })).toMatchObject({
      ok: true,
      ahead: 1,
    });
    expect(await first.socket.emitWithAck('wait:join', { sku, liveId: LIVE })).toMatchObject({
      ok: true,
      ahead: 0,
    });

    const newcomer = await visitor();
    const jump = () =>
      newcomer.socket.emitWithAck('order:place', { clickId: newId(), liveId: LIVE, sku, qty: 1 });
    const [, jumped] = await Promise.all([giveBack!(), jump()]);
    expect(jumped.ok ? 'ok' : jumped.error.code).toBe('sold_out');
    await until(
      () => offers,
      (list) => list.length === 1,
    );
    const code = offers[0]!.split(' ')[1]!;
    expect(offers[0]).toBe(`first ${code}`);
    const order = await shops[0]!.ctx.orders.byCode(code);
    expect(order?.state).toBe('awaiting_payment');
    expect(order!.expiresAt.getTime() - order!.createdAt.getTime()).toBe(180_000);

    await giveBackToo!();
    await Promise.all(shops.map((shop) => shop.ctx.orders.attendLines()));
    const served = async () =>
      (await shops[0]!.ctx.db.collection('waits').find({ sku }).toArray()).map(
        (wait) => wait['state'] as string,
      );
    expect(await until(served, (states) => states.every((state) => state === 'offered'))).toHaveLength(2);

    const late = await jump();
    expect(late.ok ? 'ok' : late.error.code).toBe('sold_out');
    expect(await shops[0]!.ctx.orders.audit()).toEqual([]);
    for (const { client } of [early, first, second, newcomer]) client.close();
  });

  test('whoever does not pay in time loses the piece to the next, once, over two processes', async () => {
    const sku = (await shops[0]!.ctx.lives.byId(LIVE)).rail[1]!;
    const [giveBack] = await sellOut(sku);
    const people = [await visitor(0), await visitor(1), await visitor(0)];
    for (const { socket } of people) {
      await socket.emitWithAck('wait:join', { sku, liveId: LIVE });
      clock.forward(1_000);
    }
    await people[2]!.socket.emitWithAck('wait:leave', { sku });
    await giveBack!();
    const held = async () =>
      (
        await shops[0]!.ctx.db
          .collection('orders')
          .find({ clickId: new RegExp(`^wait-${sku}-`) })
          .sort({ createdAt: 1 })
          .toArray()
      ).map((order) => order['state'] as string);
    await until(held, ([state, ...others]) => state === 'awaiting_payment' && others.length === 0);
    clock.forward(200_000);
    await Promise.all(shops.map((shop) => shop.ctx.orders.expireHolds()));
    await Promise.all(shops.map((shop) => shop.ctx.orders.attendLines()));
    await until(held, (states) => states.join(' ') === 'expired awaiting_payment');
    await Promise.all(shops.map((shop) => shop.ctx.orders.attendLines()));
    expect(await held()).toHaveLength(2);
    for (const { client } of people) client.close();
  });
});

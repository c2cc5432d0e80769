import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, until } from '../support/client.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const clock = movableClock();
let shop: TestShop;

interface OrderJson {
  code: string;
  state: string;
  total: { amount: number };
  expiresAt: string;
  payUrl: string;
}

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
});
afterAll(() => shop.close());

async function visitor() {
  const client = new Client(shop.url);
  await client.get(`/live/${LIVE}`);
  return client;
}

async function firstItem() {
  const live = await new Client(shop.url).json<{
    rail: { sku: string; price: { amount: number }; available: number }[];
  }>(`/api/lives/${LIVE}`);
  return live.rail[0]!;
}

const left = async (sku: string) => (await shop.ctx.stock.availability([sku])).get(sku);

describe('an order in a live', () => {
  test('is priced by the server, holds its pieces and is acknowledged with what to pay until when', async () => {
    const buyer = await visitor();
    const item = await firstItem();
    const socket = await buyer.socket();
    const answer = await socket.emitWithAck('order:place', {
      clickId: 'click-first-1',
      liveId: LIVE,
      sku: item.sku,
      qty: 2,
    });
    expect(answer).toMatchObject({
      ok: true,
      order: { state: 'awaiting_payment', total: { amount: item.price.amount * 2, currency: 'CNY' } },
    });
    if (!answer.ok) return;
    expect(answer.order.payUrl).toBe(`/orders/${answer.order.code}`);
    expect(new Date(answer.order.expiresAt).getTime() - clock.now().getTime()).toBeGreaterThan(590_000);
    expect(await left(item.sku)).toBe(item.available - 2);
    const stored = await shop.ctx.orders.byCode(answer.order.code);
    expect(stored?.lines[0]?.lots.reduce((sum, { qty }) => sum + qty, 0)).toBe(2);
    buyer.close();
  });

  test('made twice with one click is one order, over socket and HTTP alike', async () => {
    const buyer = await visitor();
    const { sku } = await firstItem();
    const before = await left(sku);
    const socket = await buyer.socket();
    const command = { clickId: 'click-twice-1', liveId: LIVE, sku, qty: 1 };
    const [a, b] = await Promise.all([
      socket.emitWithAck('order:place', command),
      socket.emitWithAck('order:place', command),
    ]);
    const again = await buyer.post<OrderJson>('/api/orders', {
      clickId: 'click-twice-1',
      liveId: LIVE,
      lines: [{ sku, qty: 1 }],
    });
    expect(again.status).toBe(200);
    const codes = [a, b].map((answer) => (answer.ok ? answer.order.code : answer.error.code));
    expect(new Set([...codes, again.body.code]).size).toBe(1);
    expect(await left(sku)).toBe(before! - 1);
    buyer.close();
  });

  test('the same click id of two buyers is two orders', async () => {
    const { sku } = await firstItem();
    const command = { clickId: 'click-shared', liveId: LIVE, lines: [{ sku, qty: 1 }] };
    const [a, b] = [await visitor(), await visitor()];
    const first = await a.post<OrderJson>('/api/orders', command);
    const second = await b.post<OrderJson>('/api/orders', command);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.code).not.toBe(second.body.code);
  });

  test('does not exist for anybody but its buyer and staff', async () => {
    const { sku } = await firstItem();
    const buyer = await visitor();
    const { body } = await buyer.post<OrderJson>('/api/orders', {
      clickId: 'click-private',
      liveId: LIVE,
      lines: [{ sku, qty: 1 }],
    });
    const stranger = await visitor();
    const member = new Client(shop.url);
    await member.logIn('coop@demo.test');
    expect((await buyer.get(`/api/orders/${body.code}`)).status).toBe(200);
    expect((await stranger.get(`/api/orders/${body.code}`)).status).toBe(404);
    expect((await stranger.get(`/orders/${body.code}`)).status).toBe(404);
    expect((await stranger.form(`/orders/${body.code}/cancel`, {})).status).toBe(404);
    expect((await member.get(`/api/orders/${body.code}`)).status).toBe(200);
  });

  test('of a guest stays theirs when they sign in', async () => {
    const { sku } = await firstItem();
    const buyer = await visitor();
    const { body } = await buyer.post<OrderJson>('/api/orders', {
      clickId: 'click-claimed',
      liveId: LIVE,
      lines: [{ sku, qty: 1 }],
    });
    await buyer.post('/api/register', { login: 'claims@test.test', password: 'long enough', name: '试试' });
    expect((await buyer.get(`/api/orders/${body.code}`)).status).toBe(200);
    await buyer.post('/api/logout', {});
    expect((await buyer.get(`/api/orders/${body.code}`)).status).toBe(404);
  });

  test('is refused with its reason where nothing can be sold', async () => {
    const buyer = await visitor();
    const { sku } = await firstItem();
    const place = (liveId: string, what: string, clickId: string) =>
      buyer.post<{ error: { code: string } }>('/api/orders', {
        clickId,
        liveId,
        lines: [{ sku: what, qty: 1 }],
      });
    expect((await place('honey-morning', sku, 'click-refuse-1')).body.error.code).toBe('live_not_running');
    expect((await place('no-such-live', sku, 'click-refuse-2')).body.error.code).toBe('live_not_running');
    expect((await place(LIVE, 'NO-SUCH-SKU', 'click-refuse-3')).body.error.code).toBe('not_found');
    const tooMany = await buyer.post<{ error: { code: string; fields: object } }>('/api/orders', {
      clickId: 'click-refuse-4',
      lines: [{ sku, qty: 1000 }],
    });
    expect(tooMany.body.error).toMatchObject({
      code: 'invalid',
      fields: { 'lines.0.qty': expect.any(String) },
    });
  });

  test('gives its pieces back, once, when it is cancelled or its time is up', async () => {
    const { sku } = await firstItem();
    const before = await left(sku);
    const buyer = await visitor();
    const order = async (clickId: string) =>
      (await buyer.post<OrderJson>('/api/orders', { clickId, liveId: LIVE, lines: [{ sku, qty: 3 }] })).body
        .code;
    const [cancelled, lapsed] = [await order('click-cancel'), await order('click-lapse')];
    expect(await left(sku)).toBe(before! - 6);

    await Promise.all([1, 2, 3].map(() => buyer.form(`/orders/${cancelled}/cancel`, {})));
    expect((await shop.ctx.orders.byCode(cancelled))?.state).toBe('cancelled');
    expect(await left(sku)).toBe(before! - 3);

    clock.forward(11 * 60_000);
    await Promise.all([
      shop.ctx.orders.expireHolds(),
      shop.ctx.orders.expireHolds(),
      shop.ctx.orders.recover(),
    ]);
    await until(
      async () => (await shop.ctx.orders.byCode(lapsed))?.state,
      (state) => state === 'expired',
    );
    await until(
      () => left(sku),
      (n) => n! >= before!,
    );
    const late = await buyer.form(`/orders/${lapsed}/cancel`, {});
    expect(late.status).toBe(409);
  });
});

test('somebody who has hung up before the answer came is not counted as a viewer', async () => {
  const [gone, stays] = [new Client(shop.url), new Client(shop.url)];
  const sockets = [];
  for (const client of [gone, stays]) {
    await client.get(`/live/${LIVE}`);
    sockets.push(await client.socket());
  }
  const [hasty, patient] = sockets;
  const join = async () => {
    const answer = await patient!.emitWithAck('live:join', { liveId: LIVE });
    return answer.ok ? answer.live.viewers : NaN;
  };
  const before = await join();
  hasty!.emit('live:join', { liveId: LIVE }, () => {});
  hasty!.disconnect();
  // Joins of a room are answered in turn: when these are, the one before them is over.
  await join();
  expect(await join()).toBe(before);
  patient!.disconnect();
});

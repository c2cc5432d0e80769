import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { Client, type TestSocket } from '../support/client.ts';
import { startShopProcess, type ShopProcess } from '../support/shop-process.ts';
import { inDatabase, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const BUYERS = 500;
const PIECES = 100;

/** Two processes that sell from one database, and a third party that looks at the books. */
let books: TestShop;
let processes: ShopProcess[] = [];

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `race_${newId().slice(0, 8)}`);
  books = await openTestShop({ demo: true, uri });
  const env = { MONGODB_URI: uri, SESSION_SECRET: 'a secret that both processes share, 32+' };
  processes = await Promise.all([startShopProcess(env), startShopProcess(env)]);
});
afterAll(async () => {
  await Promise.all(processes.map((shop) => shop.stop()));
  await books.close();
});

async function leave(sku: string, pieces: number) {
  const buyer = { id: newId(), guest: true, name: '', roles: [], ids: [] };
  for (;;) {
    const left = (await books.ctx.stock.availability([sku])).get(sku) ?? 0;
    if (left <= pieces) return;
    const lines = [{ sku, qty: Math.min(99, left - pieces) }];
    await books.ctx.orders.place({ clickId: newId(), liveId: LIVE, lines }, { ...buyer, ids: [buyer.id] });
  }
}

async function shoppers(count: number): Promise<{ client: Client; socket: TestSocket }[]> {
  const all: { client: Client; socket: TestSocket }[] = [];
  for (let start = 0; start < count; start += 50) {
    const some = Array.from({ length: Math.min(50, count - start) }, async (_item, index) => {
      const client = new Client(processes[index % processes.length]!.url);
      await client.get(`/live/${LIVE}`);
      return { client, socket: await client.socket() };
    });
    all.push(...(await Promise.all(some)));
  }
  return all;
}

describe('two processes', () => {
  test(`sell ${PIECES} pieces to ${BUYERS} buyers who tap at once: ${PIECES} orders, nobody is lied to`, async () => {
    const live = await books.ctx.lives.byId(LIVE);
    const sku = live.rail[0]!;
    await leave(sku, PIECES);
    const before = (await books.ctx.orders.ofLive(LIVE, 10_000)).length;

    const people = await shoppers(BUYERS);
    const answers = await Promise.all(
      people.map(({ socket }, index) =>
        socket
          .timeout(30_000)
          .emitWithAck('order:place', { clickId: `race-click-${index}`, liveId: LIVE, sku, qty: 1 }),
      ),
    );
    for (const { client } of people) client.close();

    const codes = answers.flatMap((answer) => (answer.ok ? [answer.order.code] : []));
    const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
    expect(codes).toHaveLength(PIECES);
    expect(new Set(codes).size).toBe(PIECES);
    expect(new Set(refusals)).toEqual(new Set(['sold_out']));
    expect((await books.ctx.stock.availability([sku])).get(sku)).toBe(0);
    expect((await books.ctx.orders.ofLive(LIVE, 10_000)).length).toBe(before + PIECES);
    expect(await books.ctx.orders.audit()).toEqual([]);
  });

  test('make one order of one click that reaches both at the same moment', async () => {
    const sku = (await books.ctx.lives.byId(LIVE)).rail[1]!;
    const client = new Client(processes[0]!.url);
    await client.get(`/live/${LIVE}`);
    const other = new Client(processes[1]!.url);
    for (const [name, value] of client.cookies) other.cookies.set(name, value);

    for (let turn = 0; turn < 10; turn += 1) {
      const command = { clickId: `both-${turn}-click`, liveId: LIVE, lines: [{ sku, qty: 1 }] };
      const answers = await Promise.all([
        client.post<{ code: string }>('/api/orders', command),
        other.post<{ code: string }>('/api/orders', command),
      ]);
      expect(new Set(answers.map(({ body }) => body.code)).size).toBe(1);
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 201]);
    }
    expect(await books.ctx.orders.audit()).toEqual([]);
  });

  test('never sell more pieces than there are when quantities differ and lots run out', async () => {
    const sku = (await books.ctx.lives.byId(LIVE)).rail[2]!;
    await leave(sku, 60);
    const people = await shoppers(60);
    const answers = await Promise.all(
      people.map(({ socket }, index) =>
        socket.timeout(30_000).emitWithAck('order:place', {
          clickId: `qty-click-${index}`,
          liveId: LIVE,
          sku,
          qty: (index % 3) + 1,
        }),
      ),
    );
    for (const { client } of people) client.close();
    const sold = answers.reduce((sum, answer, index) => sum + (answer.ok ? (index % 3) + 1 : 0), 0);
    expect(sold).toBeLessThanOrEqual(60);
    expect((await books.ctx.stock.availability([sku])).get(sku)).toBe(60 - sold);
    expect(await books.ctx.orders.audit()).toEqual([]);
  });
});

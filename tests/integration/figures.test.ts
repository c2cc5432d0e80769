import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, until } from '../support/client.ts';
import { LIVE } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'HNY-500';
let shop: TestShop;
const clients: Client[] = [];

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await shop.close();
});

async function visitor(login?: string) {
  const client = new Client(shop.url);
  clients.push(client);
  if (login) await client.logIn(login);
  await client.get(`/live/${LIVE}`);
  return client;
}

type Sender = { emitWithAck: (event: string, input: object) => Promise<{ ok: boolean }> };
const line = async (client: Client) => (await client.socket()) as unknown as Sender;

async function came(client: Client, from = 'direct') {
  const socket = await line(client);
  expect(await socket.emitWithAck('live:came', { liveId: LIVE, from })).toMatchObject({ ok: true });
  return socket;
}

const standing = () => shop.ctx.figures.standing(LIVE);

describe('people', () => {
  test('are counted once, with however many windows, and the host is not one of them', async () => {
    const before = (await standing()).inAll;
    const one = await visitor();
    await came(one, 'card');
    await came(one, 'direct'); // another window
    await came(await visitor(), 'mail');
    await came(await visitor('host@demo.test'));
    expect((await standing()).inAll).toBe(before + 2);
    const { sources } = await shop.ctx.figures.report(LIVE, (await hostPerson())!);
    expect(sources.get('card')).toBe(1);
    expect(sources.get('mail')).toBe(1);
  });

  test('cannot be read back from what is kept', async () => {
    const ids = (await shop.ctx.db.collection('live_visits').find().toArray()).map(({ _id }) => String(_id));
    const sessions = await shop.ctx.db.collection('sessions').find().toArray();
    const people = sessions.map(({ session }) => (session as { person?: { id: string } }).person?.id);
    expect(ids.length).toBeGreaterThan(0);
    for (const person of people) if (person) expect(ids.some((id) => id.includes(person))).toBe(false);
  });

  test('of two processes add up in a minute, and the highest stands', async () => {
    const { figures } = shop.ctx;
    const second = await openTestShop({ uri: shop.uri });
    try {
      await figures.seen(LIVE, ['a', 'b', 'c']);
      await figures.seen(LIVE, ['a']);
      await second.ctx.figures.seen(LIVE, ['d', 'e']);
      expect((await second.ctx.figures.standing(LIVE)).peak).toBe(5);
    } finally {
      await second.close();
    }
  });
});

describe('taps', () => {
  test('are counted for what is on the rail, and nothing else', async () => {
    const before = await standing();
    const socket = await came(await visitor());
    const tap = (sku: string, what: string) => socket.emitWithAck('live:tap', { liveId: LIVE, sku, what });
    await tap(SKU, 'look');
    await tap(SKU, 'look');
    await tap(SKU, 'buy');
    await tap('NOT-THERE', 'buy');
    expect(await tap(SKU, 'steal')).toMatchObject({ ok: false, error: { code: 'invalid' } });
    const { looks, buys } = await standing();
    expect([looks - before.looks, buys - before.buys]).toEqual([2, 1]);
  });
});

describe('the report', () => {
  test('shows what was placed and what was paid, to the cent, and the host of that moment', async () => {
    const buyer = await visitor('shopper@demo.test');
    const host = (await hostPerson())!;
    const before = await shop.ctx.figures.report(LIVE, host);
    const placed = await buyer.post<{ code: string; total: { amount: number } }>('/api/orders', {
      clickId: 'figures-1',
      liveId: LIVE,
      lines: [{ sku: SKU, qty: 2 }],
    });
    expect(placed.status).toBe(201);
    const after = await shop.ctx.figures.report(LIVE, host);
    expect(after.sums.orders).toBe(before.sums.orders + 1);
    expect(after.sums.paidFen).toBe(before.sums.paidFen);
    expect(after.hosts.reduce((sum, { orders }) => sum + orders, 0)).toBe(after.sums.orders);
    const product = after.products.find(({ sku }) => sku === SKU);
    expect(product?.pieces).toBeGreaterThanOrEqual(2);
  });

  test('opens for those behind the table and in parts for a cooperative; it does not exist for others', async () => {
    const path = `/host/live/${LIVE}/report`;
    expect((await (await visitor('host@demo.test')).get(path)).status).toBe(200);
    expect((await (await visitor('admin@demo.test')).get(path)).status).toBe(200);
    expect((await (await visitor('shopper@demo.test')).get(path)).status).toBe(404);
    const coop = await visitor('coop@demo.test');
    const page = await (await coop.get(path)).text();
    expect(page).not.toContain('report-people');
    const member = await shop.ctx.accounts.byLogin('coop@demo.test');
    const own = new Set((await shop.ctx.cooperatives.ofPerson(member!)).map(({ _id }) => _id));
    const { products, hosts, minutes } = await shop.ctx.figures.report(LIVE, member!);
    expect(products.every(({ cooperative }) => own.has(cooperative ?? ''))).toBe(true);
    expect([hosts, minutes]).toEqual([[], []]);
  });

  test('can be taken along as tables, of a kind that exists', async () => {
    const host = await visitor('host@demo.test');
    const file = await host.get(`/host/live/${LIVE}/report.csv?table=products`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await file.text()).toContain(SKU);
    expect((await host.get(`/host/live/${LIVE}/report.csv?table=orders`)).status).toBe(422);
  });
});

describe('the console', () => {
  test('is told the figures while the live goes on', async () => {
    const host = await visitor('host@demo.test');
    const socket = (await host.socket()) as unknown as Sender & {
      on: (event: string, hear: (news: { liveId: string }) => void) => void;
    };
    const heard: { liveId: string }[] = [];
    socket.on('host:figures', (news) => heard.push(news));
    await socket.emitWithAck('live:join', { liveId: LIVE });
    await socket.emitWithAck('host:join', { liveId: LIVE });
    const [news] = await until(
      () => heard,
      ({ length }) => length > 0,
      12_000,
    );
    expect(news).toMatchObject({ liveId: LIVE, inAll: expect.any(Number) as number });
  });
});

function hostPerson() {
  return shop.ctx.accounts.byLogin('host@demo.test');
}

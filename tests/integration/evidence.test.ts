import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { Client, until } from '../support/client.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const clock = movableClock();
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  await shop.ctx.jobs.stop();
});
afterAll(() => shop.close());

interface Shown {
  card?: { name: string; lot: string | null };
  place?: string;
  lines: {
    price: { amount: number };
    regular: { amount: number };
    lowest?: { amount: number };
    offer: { quantity: number } | null;
    lots: string[];
  }[];
}

async function login(who: string) {
  const client = new Client(shop.url);
  await client.logIn(who);
  return client;
}

async function buyer() {
  const client = new Client(shop.url);
  await client.get(`/live/${LIVE}`);
  return { client, socket: await client.socket() };
}

const host = async () => (await shop.ctx.accounts.byLogin('host@demo.test'))!;
const lotsOf = async (sku: string) =>
  ((await shop.ctx.stock.sellingNext([sku])).get(sku) ?? []).map(({ code }) => code);
const railSku = async (place: number) => (await shop.ctx.lives.byId(LIVE)).rail[place]!;

async function order(socket: Awaited<ReturnType<typeof buyer>>['socket'], sku: string, offerId?: string) {
  const answer = await socket.emitWithAck('order:place', {
    ...{ clickId: newId(), liveId: LIVE, sku, qty: 1 },
    ...(offerId ? { offerId } : {}),
  });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.order.code;
}

const evidence = async (client: Client, code: string) => {
  const answer = await client.request(`/orders/${code}/evidence`, {
    headers: { accept: 'application/json' },
  });
  return { status: answer.status, body: (await answer.json()) as Shown };
};

describe('evidence of an order in a live', () => {
  test('tells price, regular price, offer, lots and what lay on the table', async () => {
    const sku = await railSku(2);
    const [lot] = await lotsOf(sku);
    await shop.ctx.lives.pin(LIVE, { sku, lot }, await host());
    const regular = (await shop.ctx.catalog.sellables([sku])).get(sku)!.variant.priceFen;
    const offer = await shop.ctx.offers.open(
      { liveId: LIVE, sku, price: money(700), quantity: 9, perBuyer: 2, seconds: 60, countdown: 0 },
      'host',
    );
    const { client, socket } = await buyer();
    const code = await order(socket, sku, offer._id);
    const { body } = await evidence(client, code);
    const [line] = body.lines;
    expect(line).toMatchObject({
      price: { amount: 700 },
      regular: { amount: regular },
      offer: { quantity: 9 },
    });
    expect(line!.lowest).toBeUndefined();
    const placed = await shop.ctx.orders.byCode(code);
    const kept = await shop.ctx.stock.lots(placed!.lines[0]!.lots.map(({ lot }) => lot));
    expect(line!.lots).toEqual(kept.map(({ code }) => code));
    expect(body.card).toMatchObject({ lot });

    // What comes later is compared with it.
    const later = await order(socket, sku);
    const [second] = (await evidence(client, later)).body.lines;
    expect(second).toMatchObject({ price: { amount: regular }, lowest: { amount: 700 } });
    expect(await (await client.get(`/orders/${code}`)).text()).toContain(`/orders/${code}/evidence`);
    expect((await client.get(`/orders/${code}/evidence`)).status).toBe(200);
  });

  test('stays as it was when the table, the price and the clock have moved on', async () => {
    const sku = await railSku(3);
    const [first, second] = await lotsOf(sku);
    await shop.ctx.lives.pin(LIVE, { sku, lot: first }, await host());
    const { client, socket } = await buyer();
    const code = await order(socket, sku);
    const before = await until(
      () => shop.ctx.evidence.byOrder(code),
      (found) => found !== undefined,
    );
    await shop.ctx.lives.pin(LIVE, { sku, lot: second }, await host());
    clock.forward(3_600_000);
    await shop.ctx.evidence.write([(await shop.ctx.orders.byCode(code))!]);
    expect(await shop.ctx.evidence.byOrder(code)).toEqual(before);
    expect((await evidence(client, code)).body.card).toMatchObject({ lot: first });
  });

  test('is for the buyer and staff; to all others it does not exist', async () => {
    const { client, socket } = await buyer();
    const code = await order(socket, await railSku(0));
    const stranger = await buyer();
    expect((await evidence(client, code)).status).toBe(200);
    expect((await evidence(stranger.client, code)).status).toBe(404);
    expect((await evidence(new Client(shop.url), code)).status).toBe(404);
    expect((await evidence(await login('admin@demo.test'), code)).status).toBe(200);
    expect((await evidence(await login('host@demo.test'), code)).status).toBe(404);
  });

  test('of an order outside of a live there is none', async () => {
    const client = new Client(shop.url);
    await client.get(`/live/${LIVE}`);
    const sku = await railSku(0);
    const { body } = await client.post<{ code: string }>('/api/orders', {
      clickId: newId(),
      lines: [{ sku, qty: 1 }],
    });
    expect((await evidence(client, body.code)).status).toBe(404);
  });

  test('that a process which died did not write is written by the next', async () => {
    const { socket } = await buyer();
    const code = await order(socket, await railSku(0));
    await until(
      () => shop.ctx.evidence.byOrder(code),
      (found) => found !== undefined,
    );
    await shop.ctx.db.collection('moments').deleteMany({ 'orders.code': code });
    expect(await shop.ctx.evidence.recover()).toBe(1);
    expect(await shop.ctx.evidence.byOrder(code)).toMatchObject({ live: LIVE });
    expect(await shop.ctx.evidence.recover()).toBe(0);
  });
});

describe('evidence of a rush', () => {
  test('is one document for all who were rung up together, and each order’s own when it is read', async () => {
    const [sku, other] = [await railSku(4), await railSku(5)];
    const placed = await Promise.all(
      Array.from({ length: 12 }, (_, place) => {
        const id = newId();
        const lines = [{ sku: place % 3 === 0 ? other : sku, qty: 1 }];
        const guest = { id, ids: [id], guest: true, name: '', roles: [] };
        return shop.ctx.orders.place({ clickId: newId(), liveId: LIVE, lines }, guest);
      }),
    );
    const codes = placed.map((rung) => rung.order._id);
    await shop.ctx.evidence.idle();
    const moments = await shop.ctx.db.collection('moments').countDocuments({ 'orders.code': { $in: codes } });
    expect(moments).toBeLessThan(codes.length);
    const told = [];
    for await (const { _id, lines } of shop.ctx.evidence.ofLive(LIVE)) told.push([_id, lines[0]!.sku]);
    for (const [place, code] of codes.entries()) {
      const wanted = place % 3 === 0 ? other : sku;
      expect((await shop.ctx.evidence.byOrder(code))!.lines).toMatchObject([{ sku: wanted, qty: 1 }]);
      expect(told.filter(([known]) => known === code)).toEqual([[code, wanted]]);
    }
  });

  test('that two processes made up for is told once, as it was first', async () => {
    const { socket } = await buyer();
    const code = await order(socket, await railSku(0));
    await shop.ctx.evidence.idle();
    const moments = shop.ctx.db.collection('moments');
    const first = (await moments.findOne({ 'orders.code': code }))!;
    await moments.insertOne({
      ...first,
      ...{ _id: newId() as never, card: null, writtenAt: new Date(first['writtenAt'].getTime() + 1) },
    });
    const told = [];
    for await (const evidence of shop.ctx.evidence.ofLive(LIVE)) {
      if (evidence._id === code) told.push(evidence);
    }
    expect(told).toEqual([await shop.ctx.evidence.byOrder(code)]);
    expect(told[0]!.card).toEqual(first['card']);
  });
});

describe('the records of a live', () => {
  const read = async (client: Client) => {
    const answer = await client.get(`/host/live/${LIVE}/records.jsonl`);
    const text = await answer.text();
    return {
      status: answer.status,
      lines: answer.ok
        ? text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>)
        : [],
    };
  };

  test('are everything that was said and offered, for host and admin only', async () => {
    const shopper = await shop.ctx.accounts.byLogin('shopper@demo.test');
    await shop.ctx.lives.say(LIVE, '这句要留三年', shopper!);
    expect((await read(await login('shopper@demo.test'))).status).toBe(403);
    expect((await read(new Client(shop.url))).status).toBe(401);
    const host = await read(await login('host@demo.test'));
    const admin = await read(await login('admin@demo.test'));
    const said = (lines: Record<string, unknown>[]) => lines.find(({ text }) => text === '这句要留三年')!;
    expect(new Set(host.lines.map(({ kind }) => kind))).toEqual(
      new Set(['live', 'offer', 'chat', 'evidence', 'pin']),
    );
    expect(said(admin.lines)['person']).toBe(shopper!.id);
    expect(JSON.stringify(host.lines)).not.toContain(shopper!.id);
    expect(said(host.lines)['person']).toMatch(/^[0-9a-f]{16}$/);
  });
});

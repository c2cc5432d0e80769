import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { Client, until, type TestSocket } from '../support/client.ts';
import { inDatabase, movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const clock = movableClock();
/** Two processes' worth of shop on one database. */
let shops: TestShop[];

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `offers_${newId().slice(0, 8)}`);
  const first = await openTestShop({ demo: true, clock, uri });
  const second = await openTestShop({ clock, uri });
  shops = [first, second];
});
afterAll(() => Promise.all(shops.map((shop) => shop.close())));

async function hostSocket() {
  const host = new Client(shops[0]!.url);
  await host.logIn('host@demo.test');
  return host.socket();
}

async function visitor(turn = 0) {
  const client = new Client(shops[turn % shops.length]!.url);
  await client.get(`/live/${LIVE}`);
  return client;
}

const skuAt = async (place: number) => (await shops[0]!.ctx.lives.byId(LIVE)).rail[place]!;

async function open(socket: TestSocket, terms: { sku: string; quantity: number; perBuyer: number }) {
  const answer = await socket.emitWithAck('host:offer:open', {
    liveId: LIVE,
    price: money(500),
    seconds: 60,
    ...terms,
  });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.offer;
}

const place = (
  socket: TestSocket,
  command: { sku: string; offerId: string; qty?: number; clickId?: string },
) =>
  socket.timeout(20_000).emitWithAck('order:place', { clickId: newId(), liveId: LIVE, qty: 1, ...command });

describe('a flash offer', () => {
  test('is opened by the host only, below the regular price, and for no more than there is', async () => {
    const socket = await hostSocket();
    const stranger = await (await visitor()).socket();
    const sku = await skuAt(4);
    const terms = { liveId: LIVE, sku, price: money(500), quantity: 10, perBuyer: 2, seconds: 60 };
    const refusal = async (by: TestSocket, change: object) => {
      const answer = await by.emitWithAck('host:offer:open', { ...terms, ...change });
      return answer.ok ? 'ok' : [answer.error.code, ...Object.keys(answer.error.fields ?? {})].join(' ');
    };
    expect(await refusal(stranger, {})).toBe('forbidden');
    expect(await refusal(socket, { price: money(99_999_99) })).toBe('invalid price');
    expect(await refusal(socket, { quantity: 2_000 })).toBe('invalid quantity');
    expect(await refusal(socket, { sku: 'NOT-HERE' })).toBe('not_found');
    expect(await refusal(socket, { liveId: 'honey-morning' })).toBe('live_not_running');
    expect(await refusal(socket, {})).toBe('ok');
    expect(await refusal(socket, {})).toBe('conflict sku');
  });

  test('sells exactly its pieces to 200 people over two processes, and tells the room what is left', async () => {
    const socket = await hostSocket();
    const sku = await skuAt(0);
    const offer = await open(socket, { sku, quantity: 50, perBuyer: 1 });
    const people = await Promise.all(Array.from({ length: 200 }, (_one, turn) => visitor(turn)));
    const sockets = await Promise.all(people.map((client) => client.socket()));
    const watcher = sockets[0]!;
    let left = -1;
    watcher.on('offer:pulse', (news) => (left = news.offers.find(({ id }) => id === offer.id)?.left ?? left));
    await watcher.emitWithAck('live:join', { liveId: LIVE });

    const answers = await Promise.all(sockets.map((one) => place(one, { sku, offerId: offer.id })));
    const won = answers.filter((answer) => answer.ok);
    expect(won).toHaveLength(50);
    expect(won.every((answer) => answer.ok && answer.order.total.amount === 500)).toBe(true);
    expect(new Set(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code)))).toEqual(
      new Set(['ok', 'sold_out']),
    );
    await until(
      () => left,
      (n) => n === 0,
    );
    expect(await shops[0]!.ctx.orders.audit()).toEqual([]);
    for (const client of people) client.close();
  });

  test('holds its limit for each buyer, within one batch, over two processes, and after signing in', async () => {
    const socket = await hostSocket();
    const sku = await skuAt(1);
    const offer = await open(socket, { sku, quantity: 40, perBuyer: 3 });
    const greedy = await visitor();
    const elsewhere = new Client(shops[1]!.url);
    for (const [name, value] of greedy.cookies) elsewhere.cookies.set(name, value);
    const hands = await Promise.all([greedy.socket(), elsewhere.socket()]);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_one, turn) => place(hands[turn % 2]!, { sku, offerId: offer.id })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    expect(answers.flatMap((answer) => (answer.ok ? [] : answer.error.code))).toEqual(
      Array.from({ length: 9 }, () => 'limit_per_buyer'),
    );
    await greedy.post('/api/register', {
      login: `${newId()}@test.test`,
      password: 'long enough',
      name: '贪心',
    });
    const signedIn = await place(await greedy.socket(), { sku, offerId: offer.id });
    expect(signedIn.ok ? 'ok' : signedIn.error.code).toBe('limit_per_buyer');
    greedy.close();
    elsewhere.close();
  });

  test('takes its pieces back from orders that lapse, and sells them again', async () => {
    const socket = await hostSocket();
    const sku = await skuAt(2);
    const offer = await open(socket, { sku, quantity: 1, perBuyer: 1 });
    const [first, second] = [await visitor(), await visitor()];
    const won = await place(await first.socket(), { sku, offerId: offer.id });
    if (!won.ok) throw new Error(won.error.code);
    const hand = await second.socket();
    const late = await place(hand, { sku, offerId: offer.id });
    expect(late.ok ? 'ok' : late.error.code).toBe('sold_out');
    await first.form(`/orders/${won.order.code}/cancel`, {});
    const again = await place(hand, { sku, offerId: offer.id });
    expect(again.ok).toBe(true);
  });

  test('ends with its time, by its host, and with its live: then its price is nobody’s', async () => {
    const socket = await hostSocket();
    const sku = await skuAt(3);
    const offer = await open(socket, { sku, quantity: 5, perBuyer: 5 });
    const buyer = await (await visitor()).socket();
    const closed = new Promise<string>((resolve) =>
      buyer.on('offer:closed', ({ offerId, reason }) => offerId === offer.id && resolve(reason)),
    );
    await buyer.emitWithAck('live:join', { liveId: LIVE });
    await socket.emitWithAck('host:offer:close', { liveId: LIVE, offerId: offer.id });
    expect(await closed).toBe('host');
    const late = await place(buyer, { sku, offerId: offer.id });
    expect(late.ok ? 'ok' : late.error.code).toBe('offer_closed');

    const timed = await open(socket, { sku, quantity: 5, perBuyer: 5 });
    clock.forward(61_000);
    const after = await place(buyer, { sku, offerId: timed.id });
    expect(after.ok ? 'ok' : after.error.code).toBe('offer_closed');
    await shops[0]!.ctx.offers.closeOverdue();
    expect((await shops[0]!.ctx.offers.byId(timed.id))?.closed?.reason).toBe('time');
  });
});

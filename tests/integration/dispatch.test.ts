import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { checkOut, guest, HUNAN } from '../support/checkout.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const DAY_MS = 24 * 3_600_000;
const clock = movableClock();
let shop: TestShop;
let member: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
});
afterAll(() => shop.close());

/** The day in Beijing, so many days on. */
const day = (more = 0) =>
  new Date(clock.now().getTime() + 8 * 3_600_000 + more * DAY_MS).toISOString().slice(0, 10);

/** Ten in the morning of the next day, in Beijing. */
function nextMorning() {
  const here = (clock.now().getTime() + 8 * 3_600_000) % DAY_MS;
  clock.forward(DAY_MS - here + 10 * 3_600_000);
}

async function save(fields: object, who = member) {
  const coop = await shop.ctx.cooperatives.bySlug('huangshaping');
  const { version } = await shop.ctx.dispatch.ofCooperative(coop._id);
  const form = { coop: coop.slug, version: String(version), days: '2', cutOffHour: '16', resumesOn: '' };
  return who.form('/coop/dispatch', { ...form, ...fields });
}

/** A product of the member's cooperative whose only open lot is of this test. */
async function ownSku(): Promise<{ sku: string; slug: string; cooperative: string }> {
  const coop = await shop.ctx.cooperatives.bySlug('huangshaping');
  const [product] = await shop.ctx.catalog.ofCooperative(coop._id);
  const { sku } = product!.variants[0]!;
  for (const lot of (await shop.ctx.stock.allLots()).filter((one) => one.sku === sku)) {
    if (lot.state === 'open') {
      const body = { commandId: newId(), why: '腾地方' };
      expect((await member.form(`/coop/stock/${lot.code}/block`, body)).status).toBe(303);
    }
  }
  return { sku, slug: product!.slug, cooperative: coop._id };
}

async function receive(sku: string, fields: object = {}) {
  const code = `D-${newId().slice(0, 10).toUpperCase()}`;
  const form = {
    commandId: newId(),
    sku,
    code,
    qty: '5',
    madeOn: day(-3),
    bestBefore: day(300),
    readyOn: '',
  };
  return { code, answer: await member.form('/coop/stock/receive', { ...form, ...fields }) };
}

const promised = async (sku: string, qty = 1) => (await shop.ctx.dispatch.of([{ sku, qty }])).get(sku);

async function order(sku: string, qty = 1) {
  const { order: placed } = await shop.ctx.orders.place({ clickId: newId(), lines: [{ sku, qty }] }, guest());
  return placed;
}

describe('what a cooperative promises', () => {
  test('is its members’ to change, once for one picture, and nobody else’s', async () => {
    nextMorning();
    expect((await save({ days: '3' })).status).toBe(303);
    expect((await save({ days: '4', version: '0' })).status).toBe(409);
    const wrong = await save({ days: '99' });
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('value="99"')]);
    const shopper = new Client(shop.url);
    await shopper.logIn('shopper@demo.test');
    expect((await save({ days: '9' }, shopper)).status).toBe(403);
    const foreign = await member.form('/coop/dispatch', {
      ...{ coop: 'tongcha', version: '0', days: '9', cutOffHour: '1', resumesOn: '' },
    });
    expect(foreign.status).toBe(404);
    const coop = await shop.ctx.cooperatives.bySlug('huangshaping');
    const { terms, history } = await shop.ctx.dispatch.ofCooperative(coop._id);
    expect(terms).toEqual({ days: 3, cutOffHour: 16, resumesOn: null });
    expect(history).toHaveLength(1);
  });

  test('is shown before the order, kept on it, and not changed by a later promise', async () => {
    nextMorning();
    expect((await save({ days: '1' })).status).toBe(303);
    const { sku, slug } = await ownSku();
    expect((await receive(sku)).answer.status).toBe(303);
    const by = day(1);
    expect(await promised(sku)).toEqual({ by, presale: false });
    const product = await (await member.get(`/products/${slug}`)).text();
    expect(product).toContain('最晚');
    const json = await member.json<{ variants: { sku: string; shipsBy: string | null }[] }>(
      `/api/products/${slug}`,
    );
    expect(json.variants.find((one) => one.sku === sku)?.shipsBy).toBe(by);

    const buyer = new Client(shop.url);
    await buyer.form('/cart/items', { sku, qty: '1' });
    const page = await checkOut(buyer, { ...HUNAN });
    expect(page.status).toBe(303);
    const code = /orders\/([0-9A-Z]{12})/.exec(page.location ?? '')![1]!;
    expect((await save({ days: '20' })).status).toBe(303);
    expect((await shop.ctx.orders.byCode(code))!.lines[0]!.shipsBy).toBe(by);
    const words = await (await buyer.get(`/orders/${code}`)).text();
    const label = new Intl.DateTimeFormat('zh-CN', { month: 'short', day: 'numeric', timeZone: 'UTC' });
    expect(words).toContain(`最晚${label.format(new Date(by))}发货`);
    expect((await order(sku)).lines[0]!.shipsBy).toBe(day(20));
  });

  test('counts from the next day after the hour, and from the day that packing begins again', async () => {
    nextMorning();
    expect((await save({ days: '0', cutOffHour: '12' })).status).toBe(303);
    const { sku } = await ownSku();
    await receive(sku);
    expect((await order(sku)).lines[0]!.shipsBy).toBe(day());
    clock.forward(2 * 3_600_000);
    expect((await order(sku)).lines[0]!.shipsBy).toBe(day(1));
    expect((await save({ days: '2', resumesOn: day(10) })).status).toBe(303);
    expect((await order(sku)).lines[0]!.shipsBy).toBe(day(12));
  });
});

describe('a lot that cannot be sent yet', () => {
  test('may be sold before it is made, by somebody who says when it will be there', async () => {
    nextMorning();
    await save({ days: '2' });
    const { sku } = await ownSku();
    const ahead = { madeOn: day(10), bestBefore: day(300) };
    expect((await receive(sku, ahead)).answer.status).toBe(422);
    expect((await receive(sku, { ...ahead, readyOn: day(9) })).answer.status).toBe(422);
    expect((await receive(sku, { ...ahead, readyOn: day(12) })).answer.status).toBe(303);
    expect(await promised(sku)).toEqual({ by: day(14), presale: true });
    expect((await order(sku)).lines[0]!.shipsBy).toBe(day(14));
  });

  test('counts for an order that reaches into it, and only for that', async () => {
    nextMorning();
    await save({ days: '2' });
    const { sku } = await ownSku();
    await receive(sku, { qty: '3', bestBefore: day(200) });
    await receive(sku, { qty: '3', bestBefore: day(300), readyOn: day(20) });
    expect([await promised(sku), await promised(sku, 4)]).toEqual([
      { by: day(2), presale: false },
      { by: day(22), presale: true },
    ]);
    expect((await order(sku, 2)).lines[0]!.shipsBy).toBe(day(2));
    expect((await order(sku, 2)).lines[0]!.shipsBy).toBe(day(22));
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('is put off with a reason, once, within its days, and by its own members only', async () => {
    nextMorning();
    await save({ days: '2' });
    const { sku } = await ownSku();
    const { code } = await receive(sku);
    const put = (fields: object, who = member) =>
      who.form(`/coop/stock/${code}/ready`, { commandId: newId(), why: '下雨', readyOn: day(8), ...fields });
    const commandId = newId();
    expect((await put({ commandId })).status).toBe(303);
    expect((await put({ commandId })).status).toBe(303);
    expect(await promised(sku)).toEqual({ by: day(10), presale: true });
    expect((await shop.ctx.stock.byCode(code))!.history).toHaveLength(1);
    expect((await put({ readyOn: day(999) })).status).toBe(422);
    expect((await put({ readyOn: day(-30) })).status).toBe(422);
    const stranger = new Client(shop.url);
    await stranger.logIn('shopper@demo.test');
    expect((await put({}, stranger)).status).toBe(403);
    expect((await put({ readyOn: '' })).status).toBe(303);
    expect(await promised(sku)).toEqual({ by: day(2), presale: false });
  });
});

describe('a live', () => {
  test('shows by when each product is sent, and tells when that changes', async () => {
    nextMorning();
    await save({ days: '2' });
    const { sku } = await ownSku();
    const { code } = await receive(sku);
    const host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
    const { _id: liveId } = await shop.ctx.lives.schedule(
      {
        ...{ title: { 'zh-CN': '试播', en: 'Trial' }, intro: { 'zh-CN': '', en: '' } },
        ...{ poster: 'lives/honey-morning.svg', startsAt: clock.now(), rail: [sku] },
      },
      host,
    );
    await shop.ctx.lives.start(liveId, host);
    const viewer = new Client(shop.url);
    await viewer.get(`/live/${liveId}`);
    const socket = await viewer.socket();
    const heard: { sku: string; by: string; presale: boolean }[] = [];
    socket.on('live:ships', ({ ships }) => void heard.push(...ships));
    const answer = await socket.emitWithAck('live:join', { liveId });
    expect(answer.ok && answer.live.rail[0]!.ships).toEqual({ by: day(2), presale: false });
    await until(
      () => heard,
      (news) => news.length > 0,
    );
    await member.form(`/coop/stock/${code}/ready`, { commandId: newId(), why: '下雨', readyOn: day(8) });
    await until(
      () => heard,
      (news) => news.length > 1,
    );
    expect(heard).toEqual([
      { sku, by: day(2), presale: false },
      { sku, by: day(10), presale: true },
    ]);
  });
});

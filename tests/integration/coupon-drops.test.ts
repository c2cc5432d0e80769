import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createCouponGrants,
  createCoupons,
  createCouponStore,
  createGrantStore,
} from '../../server/orders/index.ts';
import { createCouponDrops, createDropStore } from '../../server/live/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { checkOut, codeOf, guest, HUNAN } from '../support/checkout.ts';
import { supply } from '../support/power-cut.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const clock = movableClock();
let shop: TestShop;
/** Another process on the same database. */
let other: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  other = await openTestShop({ clock, uri: shop.uri });
  await Promise.all([shop, other].map(({ ctx }) => ctx.jobs.stop()));
});
afterAll(() => Promise.all([shop.close(), other.close()]));

const host = async () => (await shop.ctx.accounts.byLogin('host@demo.test'))!;

let made = 0;
async function template(
  total: number,
  more: { held?: boolean; minSpendFen?: number; perPerson?: number } = {},
) {
  made += 1;
  const coupon = await shop.ctx.coupons.make(
    {
      ...{ code: `RAIN${made}`, kind: 'fixed', amountFen: 500, percent: 0, capFen: null, minSpendFen: 0 },
      ...{ cooperative: null, scope: { kind: 'all' }, total, perPerson: 1, held: true },
      ...{ from: new Date(0), until: new Date('2099-01-01') },
      ...more,
    },
    { id: 'admin', admin: true, cooperatives: [] },
  );
  return coupon._id;
}

async function dropped(coupon: string, quantity: number, seconds = 60) {
  const command = { liveId: LIVE, coupon, quantity, seconds, countdown: 0 };
  return shop.ctx.couponDrops.drop(command, await host());
}

const codeOfFailure = (error: unknown) => (error as { code: string }).code;

async function visitor(at = shop) {
  const client = new Client(at.url);
  await client.get(`/live/${LIVE}`);
  return { client, socket: await client.socket() };
}

describe('a coupon that is dropped', () => {
  test('reaches fifty of two thousand who want it, and nobody twice', async () => {
    const coupon = await template(50);
    const drop = await dropped(coupon, 50);
    const takers = Array.from({ length: 2_000 }, guest);
    const results = await Promise.allSettled(
      takers.flatMap((taker, index) =>
        // Everybody taps twice, now in one process, now in the other.
        [shop, other].map((_one, turn) =>
          ((index + turn) % 2 ? shop : other).ctx.couponDrops.take(LIVE, drop._id, taker),
        ),
      ),
    );
    const refusals = results.flatMap((one) => (one.status === 'rejected' ? codeOfFailure(one.reason) : []));
    expect(new Set(refusals)).toEqual(new Set(['coupon_used_up']));
    const held = await Promise.all(takers.map((taker) => shop.ctx.grants.held(taker.ids)));
    expect(held.filter((mine) => mine.length > 0)).toHaveLength(50);
    expect(Math.max(...held.map((mine) => mine.length))).toBe(1);
    expect(await shop.ctx.grants.countTaken(drop._id)).toBe(50);
  });

  test('is in its holder’s pocket and takes its sum off the next order, once', async () => {
    const coupon = await template(5);
    const drop = await dropped(coupon, 5);
    const { socket } = await visitor();
    const before = await socket.emitWithAck('coupon:look', { liveId: LIVE });
    if (!before.ok) throw new Error(before.error.code);
    expect(before).toMatchObject({ taken: [], pocket: [] });
    expect(before.drops.find(({ id }) => id === drop._id)).toMatchObject({ left: 5, quantity: 5 });

    const taken = await socket.emitWithAck('coupon:take', { liveId: LIVE, dropId: drop._id });
    if (!taken.ok) throw new Error(taken.error.code);
    expect(taken.pocket.map(({ code }) => code)).toEqual([coupon]);
    const sku = taken.pocket[0]!.skus[0]!;
    const clickId = newId();
    const place = (click: string) =>
      socket.emitWithAck('order:place', { clickId: click, liveId: LIVE, sku, qty: 1, coupon });
    const first = await place(clickId);
    const again = await place(clickId);
    if (!first.ok || !again.ok) throw new Error('no order');
    expect(again.order.code).toBe(first.order.code);
    const order = await shop.ctx.orders.byCode(first.order.code);
    expect(order).toMatchObject({ coupon, discountFen: 500 });
    expect(order!.totalFen).toBe(order!.goodsFen - 500);
    const second = await place(newId());
    expect(second).toMatchObject({ ok: false, error: { code: 'coupon_limit' } });
    const after = await socket.emitWithAck('coupon:look', { liveId: LIVE });
    expect(after).toMatchObject({ taken: [drop._id], pocket: [] });
  });

  test('can be used at the checkout, by who holds it and by nobody else', async () => {
    const coupon = await template(5);
    const drop = await dropped(coupon, 5);
    const { client, socket } = await visitor();
    await socket.emitWithAck('coupon:take', { liveId: LIVE, dropId: drop._id });
    const fields = { sku: 'HNY-500', qty: '1', coupon, addressId: 'new', ...HUNAN };
    const stranger = await visitor();
    expect(codeOf(await checkOut(stranger.client, fields))).toBe('');
    const code = codeOf(await checkOut(client, fields));
    expect(await shop.ctx.orders.byCode(code)).toMatchObject({ coupon, discountFen: 500 });
  });

  test('goes back into the pocket with an order that is cancelled', async () => {
    const coupon = await template(1);
    const drop = await dropped(coupon, 1);
    const buyer = guest();
    await shop.ctx.couponDrops.take(LIVE, drop._id, buyer);
    const order = async () =>
      shop.ctx.orders.place(
        { clickId: newId(), liveId: LIVE, lines: [{ sku: 'HNY-500', qty: 1 }] },
        buyer,
        await shop.ctx.pocket.terms(coupon, buyer, LIVE),
      );
    const { order: first } = await order();
    expect(await shop.ctx.pocket.of(buyer)).toEqual([]);
    await shop.ctx.orders.cancel(first._id, { id: buyer.id, mine: () => true });
    expect(await shop.ctx.pocket.of(buyer)).toHaveLength(1);
    await expect(order()).resolves.toBeTruthy();
  });

  test('is opened by the host only, for a coupon that is made for it, and for no more than there are', async () => {
    const stranger = await shop.ctx.accounts.byLogin('shopper@demo.test');
    const coupon = await template(10);
    const plain = await template(10, { held: false });
    const by = await host();
    const command = { liveId: LIVE, coupon, quantity: 10, seconds: 60, countdown: 0 };
    const refusal = (change: object, who = by) =>
      shop.ctx.couponDrops.drop({ ...command, ...change }, who).then(() => 'ok', codeOfFailure);
    expect(await refusal({}, stranger)).toBe('forbidden');
    expect(await refusal({ coupon: plain })).toBe('not_found');
    expect(await refusal({ liveId: 'tea-evening' })).toBe('live_not_running');
    expect(await refusal({ quantity: 11 })).toBe('coupon_used_up');
    expect(await refusal({ quantity: 6 })).toBe('ok');
    expect(await refusal({ quantity: 5 })).toBe('coupon_used_up');
    expect(await refusal({ quantity: 4 })).toBe('ok');
    const choices = await shop.ctx.couponDrops.choices(LIVE, by);
    expect(choices.map(({ _id }) => _id)).toContain(coupon);
    expect(choices.map(({ _id }) => _id)).not.toContain(plain);
  });

  test('never gives out more than its owner gave, with many drops at once', async () => {
    const coupon = await template(30);
    const by = await host();
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_item, turn) =>
        (turn % 2 ? shop : other).ctx.couponDrops.drop(
          { liveId: LIVE, coupon, quantity: 10, seconds: 60, countdown: 0 },
          by,
        ),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  test('is over after its time; what nobody took can be dropped again', async () => {
    const coupon = await template(10);
    const drop = await dropped(coupon, 10, 30);
    const [anna, ben] = [guest(), guest()];
    await shop.ctx.couponDrops.take(LIVE, drop._id, anna);
    clock.forward(31_000);
    const late = shop.ctx.couponDrops.take(LIVE, drop._id, ben);
    await expect(late).rejects.toMatchObject({ code: 'expired' });
    await expect(shop.ctx.couponDrops.take(LIVE, drop._id, anna)).resolves.toBeTruthy();
    await Promise.all([shop.ctx.couponDrops.attend(), other.ctx.couponDrops.attend()]);
    expect(await shop.ctx.couponDrops.byId(drop._id)).toMatchObject({ state: 'closed', taken: 1 });
    await expect(dropped(coupon, 10)).rejects.toMatchObject({ code: 'coupon_used_up' });
    await expect(dropped(coupon, 9)).resolves.toMatchObject({ state: 'open' });
  });

  test('that closes while people take is counted to the piece', async () => {
    const coupon = await template(200);
    const drop = await dropped(coupon, 200);
    const takers = Array.from({ length: 150 }, guest);
    const takes = takers.map((taker, index) =>
      (index % 2 ? shop : other).ctx.couponDrops.take(LIVE, drop._id, taker).then(
        () => true,
        () => false,
      ),
    );
    await shop.ctx.couponDrops.close(LIVE, drop._id, await host());
    const got = (await Promise.all(takes)).filter(Boolean).length;
    const closed = await until(
      () => shop.ctx.couponDrops.byId(drop._id),
      (now) => now?.taken !== null,
    );
    expect(closed?.taken).toBe(got);
    expect(await shop.ctx.grants.countTaken(drop._id)).toBe(got);
  });

  test('is told to the room, and what is left of it on its tick', async () => {
    const coupon = await template(3);
    const { socket } = await visitor();
    await socket.emitWithAck('live:join', { liveId: LIVE });
    const falls: string[] = [];
    const left: number[] = [];
    const over: string[] = [];
    socket.on('coupon:dropped', (news) => void falls.push(news.drop.id));
    socket.on(
      'coupon:left',
      (news) => void left.push(...news.drops.filter(({ id }) => id === falls.at(-1)).map((one) => one.left)),
    );
    socket.on('coupon:closed', (news) => void over.push(news.dropId));
    const drop = await dropped(coupon, 3);
    await until(
      () => falls,
      (ids) => ids.includes(drop._id),
    );
    await shop.ctx.couponDrops.take(LIVE, drop._id, guest());
    await until(
      () => left,
      (counts) => counts.includes(2),
    );
    await shop.ctx.couponDrops.close(LIVE, drop._id, await host());
    await until(
      () => over,
      (ids) => ids.includes(drop._id),
    );
  });
});

describe('when the power goes between any two writes of a drop', () => {
  test('nothing of the coupon is lost', async () => {
    const by = await host();
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const coupon = await template(10);
      const power = supply(writes);
      const { db, catalog, lives, bus } = shop.ctx;
      const grants = createCouponGrants({ store: power.wire(createGrantStore(db)), clock });
      const coupons = createCoupons({ store: power.wire(createCouponStore(db)), catalog, clock });
      const drops = createCouponDrops({
        ...{ store: power.wire(createDropStore(db)), lives, coupons, grants, catalog, bus, clock },
      });
      const run = async () => {
        const command = { liveId: LIVE, coupon, quantity: 10, seconds: 60, countdown: 0 };
        const drop = await drops.drop(command, by);
        await drops.take(LIVE, drop._id, guest());
        await drops.close(LIVE, drop._id, by);
      };
      await run().catch(() => (cuts += 1));
      clock.forward(90_000);
      await shop.ctx.couponDrops.attend();
      const now = await shop.ctx.coupons.byCode(coupon);
      const grantsOf = await db.collection('coupon_grants').countDocuments({ coupon, person: { $ne: null } });
      expect(
        (now?.drops ?? []).reduce((sum, { pieces }) => sum + pieces, 0),
        `after ${writes} writes`,
      ).toBe(grantsOf);
      await expect(dropped(coupon, 10 - grantsOf)).resolves.toBeTruthy();
      if (!power.isCut) break;
    }
    expect(cuts).toBeGreaterThan(3);
  });
});

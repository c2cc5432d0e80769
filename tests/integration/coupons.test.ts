import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  couponClaims,
  createCoupons,
  createCouponStore,
  createOrders,
  createOrderStore,
  createWaitStore,
  offerClaims,
} from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { createStock, createStockStore } from '../../server/stock/index.ts';
import { guest } from '../support/checkout.ts';
import { withCoupon, yuanOff } from '../support/coupons.ts';
import { PowerCut, supply } from '../support/power-cut.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'MTO-600';
const clock = movableClock();
let shop: TestShop;
let beside: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  beside = await openTestShop({ uri: shop.uri, clock });
  await Promise.all([shop.ctx.jobs.stop(), beside.ctx.jobs.stop()]);
});
afterAll(async () => {
  await beside.close();
  await shop.close();
});

const coupon = (total: number, perPerson: number) => yuanOff(shop, { total, perPerson });

type Buyer = ReturnType<typeof guest>;
const command = (qty = 1) => ({ clickId: newId(), lines: [{ sku: SKU, qty }] });
const order = (code: string, buyer: Buyer = guest(), at: TestShop = shop) =>
  at.ctx.orders.place(command(), buyer, withCoupon(code));

const reasonOf = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code;
const count = (results: PromiseSettledResult<unknown>[]) => {
  const counts: Record<string, number> = {};
  for (const reason of results.map(reasonOf)) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

const uses = (code: string) =>
  shop.ctx.db.collection('coupon_uses').find({ coupon: code }).sort({ ticket: 1 }).toArray();

/** Uses are what open orders have, one for one. */
async function expectBalanced(code: string) {
  const having = await shop.ctx.db
    .collection<{ _id: string }>('orders')
    .find({ coupon: code, state: { $in: ['awaiting_payment', 'paid'] } })
    .toArray();
  const used = await uses(code);
  expect(used.map((use) => String(use['order'])).sort()).toEqual(having.map(({ _id }) => _id).sort());
}

describe('a coupon', () => {
  test('with 10 tickets for 100 people in two shops at once: 10 orders have it', async () => {
    const code = await coupon(10, 1);
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_item, index) => order(code, guest(), index % 2 ? beside : shop)),
    );
    expect(count(results)).toEqual({ ok: 10, coupon_used_up: 90 });
    expect((await uses(code)).map((use) => use['ticket'] as number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await expectBalanced(code);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('for each person so many times, however they hurry, in both shops', async () => {
    const code = await coupon(50, 3);
    const people = [guest(), guest()];
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_item, index) =>
        order(code, people[index % 2], Math.floor(index / 2) % 2 ? beside : shop),
      ),
    );
    expect(count(results)).toEqual({ ok: 6, coupon_limit: 34 });
    await expectBalanced(code);
  });

  test('counts for a person what they used as the guest that they once were', async () => {
    const code = await coupon(50, 1);
    const before = guest();
    await order(code, before);
    const account = { ...guest(), guest: false };
    const results = await Promise.allSettled([order(code, { ...account, ids: [account.id, before.id] })]);
    expect(count(results)).toEqual({ coupon_limit: 1 });
  });

  test('is claimed once by an order, however often it claims', async () => {
    const code = await coupon(5, 5);
    const user = guest();
    const got = await Promise.all(
      Array.from({ length: 6 }, (_item, index) =>
        (index % 2 ? beside : shop).ctx.coupons.claim(code, 'SAMEORDER', user),
      ),
    );
    expect(new Set(got)).toEqual(new Set(['claimed']));
    expect(await uses(code)).toHaveLength(1);
    const full = await coupon(1, 1);
    expect(await shop.ctx.coupons.claim(full, 'LASTORDER', user)).toBe('claimed');
    expect(await shop.ctx.coupons.claim(full, 'LASTORDER', user)).toBe('claimed');
    expect(await shop.ctx.coupons.claim(full, 'NEXTORDER', guest())).toBe('coupon_used_up');
  });

  test('can be claimed again when an order with it is cancelled or lapses', async () => {
    const code = await coupon(1, 1);
    const [first, second] = [guest(), guest()];
    const one = await order(code, first);
    expect(count(await Promise.allSettled([order(code, second)]))).toEqual({ coupon_used_up: 1 });
    await shop.ctx.orders.cancel(one.order._id, { id: first.id, mine: () => true });
    await order(code, second);
    expect(count(await Promise.allSettled([order(code, first)]))).toEqual({ coupon_used_up: 1 });
    clock.forward(11 * 60_000);
    await Promise.all([shop.ctx.orders.expireHolds(), beside.ctx.orders.expireHolds()]);
    await order(code, first);
    await expectBalanced(code);
  });

  test('is not lost on an order that gets no pieces', async () => {
    const code = await coupon(100, 1);
    const sku = 'MAT-50';
    const left = (await shop.ctx.stock.availability([sku])).get(sku)!;
    const qty = Math.min(99, Math.floor(left / 2));
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        shop.ctx.orders.place({ clickId: newId(), lines: [{ sku, qty }] }, guest(), withCoupon(code)),
      ),
    );
    expect(count(results)['sold_out']).toBeGreaterThanOrEqual(3);
    await expectBalanced(code);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('of a batch that was given up can be claimed by nobody of it any more', async () => {
    const code = await coupon(5, 5);
    expect(await shop.ctx.coupons.seal(['SEALED1', 'SEALED2'])).toEqual(new Set());
    expect(await beside.ctx.coupons.claim(code, 'SEALED1', guest())).toBe('coupon_used_up');
    await shop.ctx.coupons.giveBack(['SEALED1']);
    expect(await beside.ctx.coupons.claim(code, 'SEALED1', guest())).toBe('coupon_used_up');
    expect(await uses(code)).toEqual([]);
    clock.forward(25 * 3_600_000);
    await shop.ctx.coupons.forgetVoids();
    expect(await shop.ctx.db.collection('coupon_uses').countDocuments({ coupon: null })).toBe(0);
  });
});

describe('when the power goes between any two writes', () => {
  function dying(writes: number) {
    const { accounts, db, catalog, offers, bus, metrics, payments, log } = shop.ctx;
    const power = supply(writes);
    const stock = createStock({ store: power.wire(createStockStore(db)), catalog, bus, clock });
    const coupons = createCoupons({ store: power.wire(createCouponStore(db)), catalog, clock });
    // Only its events are of no use to a shop that dies.
    const deaf = { ...payments, handle: () => {} };
    const orders = createOrders({
      ...{ store: power.wire(createOrderStore(db)), stock, catalog, offers, bus, clock, metrics, log },
      payments: deaf,
      claims: [offerClaims(offers, accounts.idsOf), couponClaims(coupons, accounts.idsOf)],
      waits: createWaitStore(db),
      dispatch: shop.ctx.dispatch,
      holdSeconds: 600,
      saleIn: async () => ({ holdSeconds: undefined }),
      standing: async (buyers) => buyers.map(() => undefined),
    });
    return { orders, power };
  }

  async function comeBack() {
    clock.forward(20_000);
    await Promise.all([shop.ctx.orders.recover(), beside.ctx.orders.recover()]);
    await shop.ctx.orders.recover();
  }

  test('no ticket is lost and none is given twice', async () => {
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const code = await coupon(2, 1);
      const { orders, power } = dying(writes);
      const results = await Promise.allSettled(
        Array.from({ length: 4 }, () => orders.place(command(2), guest(), withCoupon(code))),
      );
      const wasCut =
        power.isCut && results.some(({ status, ...rest }) => status === 'rejected' && isCut(rest));
      await comeBack();
      await expectBalanced(code);
      expect(await shop.ctx.orders.audit(), `after ${writes} writes`).toEqual([]);
      for (const result of results) {
        if (result.status !== 'fulfilled') continue;
        expect((await shop.ctx.orders.byCode(result.value.order._id))?.coupon).toBe(code);
      }
      const others = await Promise.allSettled([order(code), order(code)]);
      expect((await uses(code)).length + 0, `after ${writes} writes`).toBe(2);
      expect(others.map(reasonOf).every((reason) => reason === 'ok' || reason === 'coupon_used_up')).toBe(
        true,
      );
      await expectBalanced(code);
      if (!wasCut) break;
      cuts += 1;
    }
    expect(cuts).toBeGreaterThanOrEqual(6);
  });

  test('a cancelled or lapsed order gives its ticket back', async () => {
    for (let writes = 0; writes < 8; writes += 1) {
      const code = await coupon(2, 1);
      const [first, second] = [guest(), guest()];
      const [cancelled] = [await order(code, first), await order(code, second)];
      const { orders } = dying(writes);
      await orders.cancel(cancelled.order._id, { id: first.id, mine: () => true }).catch(() => {});
      clock.forward(700_000);
      await orders.expireHolds().catch(() => {});
      await comeBack();
      await shop.ctx.orders.expireHolds();
      await shop.ctx.orders.recover();
      expect(await uses(code), `after ${writes} writes`).toEqual([]);
      expect(count(await Promise.allSettled([order(code, first), order(code, second)]))).toEqual({ ok: 2 });
      for (const { _id } of await shop.ctx.orders.ofBuyer(second)) {
        await shop.ctx.orders.cancel(_id, { id: '', mine: () => true }).catch(() => {});
      }
      for (const { _id } of await shop.ctx.orders.ofBuyer(first)) {
        await shop.ctx.orders.cancel(_id, { id: '', mine: () => true }).catch(() => {});
      }
    }
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

function isCut(result: object): boolean {
  return 'reason' in result && result.reason instanceof PowerCut;
}

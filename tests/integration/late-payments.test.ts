import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { guest } from '../support/checkout.ts';
import { withCoupon, yuanOff } from '../support/coupons.ts';
import { stoppedAt, supply } from '../support/power-cut.ts';
import { secondTill } from '../support/second-till.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'MTO-600';
const LIVE = 'huangshaping-market';
const clock = movableClock();
let shop: TestShop;
let beside: TestShop;

beforeAll(async () => {
  // The cashier has never seen these payments: what it says to their refunds is of no interest here.
  const env = { LOG_LEVEL: 'fatal' };
  shop = await openTestShop({ demo: true, clock, env });
  beside = await openTestShop({ uri: shop.uri, clock, env });
  await Promise.all([shop.ctx.jobs.stop(), beside.ctx.jobs.stop()]);
});
afterAll(async () => {
  await beside.close();
  await shop.close();
});

const coupon = (total: number, perPerson = 1) => yuanOff(shop, { total, perPerson });

const place = async (code: string, buyer: Person = guest(), qty = 2) =>
  (await shop.ctx.orders.place({ clickId: newId(), lines: [{ sku: SKU, qty }] }, buyer, withCoupon(code)))
    .order;
const order = async (code: string) => (await shop.ctx.orders.byCode(code))!;
const uses = (code: string) => shop.ctx.db.collection('coupon_uses').countDocuments({ coupon: code });
const left = async () => (await shop.ctx.stock.availability([SKU])).get(SKU)!;

async function offered(quantity: number) {
  const offer = await shop.ctx.offers.open(
    {
      ...{ liveId: LIVE, sku: SKU, quantity, perBuyer: 2, seconds: 60, countdown: 0 },
      price: { amount: 100, currency: 'CNY' },
    },
    'host',
  );
  const buy = async (buyer: Person = guest()) => {
    const line = { sku: SKU, qty: 2, offerId: offer._id };
    const command = { clickId: newId(), liveId: LIVE, lines: [line] };
    return (await shop.ctx.orders.place(command, buyer, withCoupon(null, 0))).order;
  };
  const taken = async () => ((await shop.ctx.offers.byId(offer._id))?.takes ?? []).map(({ code }) => code);
  return { id: offer._id, buy, taken };
}

/** An order whose hold has run out while its buyer was paying. */
async function lapsed(code: string, open = place(code)) {
  const { _id, totalFen } = await open;
  const payment = await shop.ctx.orders.openPayment(await order(_id), 'late', `${shop.url}/orders/${_id}`);
  clock.forward(11 * 60_000);
  await Promise.all([shop.ctx.orders.expireHolds(), beside.ctx.orders.expireHolds()]);
  expect((await order(_id)).state).toBe('expired');
  const event = {
    kind: 'succeeded',
    ref: _id,
    intentId: payment.intentId,
    amount: { amount: totalFen, currency: 'CNY' },
  } as const;
  const succeed = () => Promise.all([shop, beside, shop, beside].map(({ ctx }) => ctx.orders.settle(event)));
  return { code: _id, event, succeed };
}

describe('a late payment with a coupon', () => {
  test('gets coupon and pieces again when both are there, once', async () => {
    const code = await coupon(1);
    const late = await lapsed(code);
    expect(await uses(code)).toBe(0);
    const before = await left();
    await late.succeed();
    const paid = await order(late.code);
    expect([paid.state, paid.payment.paidFen]).toEqual(['paid', paid.totalFen]);
    expect([await uses(code), await left()]).toEqual([1, before - 2]);
    expect(paid.history.filter(({ to }) => to === 'paid')).toHaveLength(1);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('is honoured when the coupon’s time is over, but not when it was stopped', async () => {
    const [over, stopped] = [await coupon(1), await coupon(1)];
    const [one, other] = [await lapsed(over), await lapsed(stopped)];
    const coupons = shop.ctx.db.collection<{ _id: string }>('coupons');
    await coupons.updateOne({ _id: over }, { $set: { until: new Date(1) } });
    await shop.ctx.coupons.stop(stopped, { id: 'admin', admin: true, cooperatives: [] });
    await Promise.all([one.succeed(), other.succeed()]);
    expect([(await order(one.code)).state, (await order(other.code)).state]).toEqual(['paid', 'refunded']);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('goes back whole when the coupon is somebody else’s by now; pieces too, and the buyer is told why', async () => {
    const code = await coupon(1);
    const late = await lapsed(code);
    await place(code);
    const before = await left();
    await late.succeed();
    const refunded = await order(late.code);
    expect(refunded.state).toBe('refunded');
    expect(refunded.refunds).toHaveLength(1);
    expect(refunded.refunds[0]?.fen).toBe(refunded.totalFen);
    expect([await uses(code), await left(), refunded.owes]).toEqual([1, before, null]);
    const mail = await shop.ctx.orderMails.compose({ kind: 'refunded', order: late.code }, 'zh-CN');
    expect(mail?.text).toContain('优惠');
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('races the next buyer for the last ticket: one of the two has it', async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      const code = await coupon(1);
      const late = await lapsed(code);
      const [, next] = await Promise.allSettled([late.succeed(), place(code)]);
      const { state } = await order(late.code);
      expect([state, next?.status]).toEqual(
        state === 'paid' ? ['paid', 'rejected'] : ['refunded', 'fulfilled'],
      );
      expect(await uses(code)).toBe(1);
      expect(await shop.ctx.orders.audit()).toEqual([]);
    }
  });
});

describe('a late payment of somebody who has an account by now', () => {
  /** An order by a guest that lapsed, and the account that this guest signed up for while paying. */
  async function signedUp(open: (buyer: Person) => ReturnType<typeof place>, code = '') {
    const buyer = guest();
    const late = await lapsed(code, open(buyer));
    const login = `${newId()}@late.test`;
    const command = { login, password: 'long enough', name: '迟' };
    return { late, person: await shop.ctx.accounts.register(command, { guestId: buyer.id }) };
  }

  test('counts what the account has used of the coupon meanwhile', async () => {
    const code = await coupon(5);
    const { late, person } = await signedUp((buyer) => place(code, buyer), code);
    await place(code, person);
    await late.succeed();
    expect([(await order(late.code)).state, await uses(code)]).toEqual(['refunded', 1]);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('counts what another guest used that the account once was', async () => {
    const code = await coupon(5);
    const other = guest();
    const { late, person } = await signedUp((buyer) => place(code, buyer), code);
    await place(code, other);
    const users = shop.ctx.db.collection<{ _id: string; claims: string[] }>('users');
    await users.updateOne({ _id: person.id }, { $push: { claims: other.id } });
    await late.succeed();
    expect([(await order(late.code)).state, await uses(code)]).toEqual(['refunded', 1]);
  });

  test('leaves the account what is left of its limit, and no more', async () => {
    const code = await coupon(5, 2);
    const { late, person } = await signedUp((buyer) => place(code, buyer), code);
    await place(code, person);
    await late.succeed();
    expect([(await order(late.code)).state, await uses(code)]).toEqual(['paid', 2]);
    await expect(place(code, person)).rejects.toMatchObject({ code: 'coupon_limit' });
  });

  test('races the account’s own next order for its last use: one of the two has it', async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      const code = await coupon(5);
      const { late, person } = await signedUp((buyer) => place(code, buyer), code);
      const [, next] = await Promise.allSettled([late.succeed(), place(code, person)]);
      const { state } = await order(late.code);
      expect([state, next?.status]).toEqual(
        state === 'paid' ? ['paid', 'rejected'] : ['refunded', 'fulfilled'],
      );
      expect(await uses(code)).toBe(1);
    }
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('counts what the account has had of the flash offer', async () => {
    const { id, buy, taken } = await offered(10);
    const { late, person } = await signedUp(buy);
    const own = { code: 'OWNORDER', buyer: person.id, qty: 2, batch: 'b' };
    const offers = shop.ctx.db.collection<{ _id: string }>('offers');
    await offers.updateOne({ _id: id }, { $set: { takes: [own] } as never });
    await late.succeed();
    expect([(await order(late.code)).state, await taken()]).toEqual(['refunded', ['OWNORDER']]);
    await shop.ctx.offers.closeOverdue();
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

describe('a late payment whose coupon is given back in that very moment', () => {
  test('has one answer in all processes, and no ticket is left with an order that went back', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const code = await coupon(1);
      const late = await lapsed(code);
      const other = await place(code);
      const cancel = () => beside.ctx.orders.cancel(other._id, { id: '', mine: () => true });
      await Promise.all(turn % 2 ? [late.succeed(), cancel()] : [cancel(), late.succeed()]);
      const { state } = await order(late.code);
      expect([state, await uses(code)]).toEqual(state === 'paid' ? ['paid', 1] : ['refunded', 0]);
      expect(await shop.ctx.orders.audit()).toEqual([]);
    }
  });
});

test('an order that was told there is no ticket for it gets none any more, whoever asks', async () => {
  const code = await coupon(1);
  const other = await place(code);
  const user = guest();
  expect(await shop.ctx.coupons.claimAgain(code, 'LATEORDER', user)).toBe(false);
  await shop.ctx.orders.cancel(other._id, { id: '', mine: () => true });
  expect(await beside.ctx.coupons.claimAgain(code, 'LATEORDER', user)).toBe(false);
  expect(await beside.ctx.coupons.claimAgain(code, 'OTHERORDER', user)).toBe(true);
  expect(await shop.ctx.coupons.claimAgain(code, 'OTHERORDER', user)).toBe(true);
  await shop.ctx.coupons.giveBack(['OTHERORDER']);
});

describe('a late payment for a flash offer', () => {
  test('has its place again, also when the offer is over, once', async () => {
    const { id, buy, taken } = await offered(2);
    const late = await lapsed('', buy());
    expect(await taken()).toEqual([]);
    await shop.ctx.offers.closeOverdue();
    expect((await shop.ctx.offers.byId(id))?.closed).not.toBeNull();
    await late.succeed();
    expect([(await order(late.code)).state, await taken()]).toEqual(['paid', [late.code]]);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('goes back when the offer has no pieces left for it', async () => {
    const { id, buy, taken } = await offered(2);
    const late = await lapsed('', buy());
    const offers = shop.ctx.db.collection<{ _id: string }>('offers');
    const other = { code: 'SOMEBODYELSE', buyer: 'x', qty: 2, batch: 'b' };
    await offers.updateOne({ _id: id }, { $set: { takes: [other] } as never });
    await late.succeed();
    expect([(await order(late.code)).state, await taken()]).toEqual(['refunded', ['SOMEBODYELSE']]);
    await shop.ctx.offers.closeOverdue();
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

test('two who take the pieces again at the same moment keep no more than was paid for', async () => {
  const late = await lapsed(await coupon(1));
  const before = await left();
  // Another process has looked at the same shelf, and is quicker at its first lot but not at the next.
  const overtaken = stoppedAt('record', async (write) => {
    await write();
    return write();
  });
  await secondTill(shop, clock, { between: overtaken }).settle(late.event);
  expect([(await order(late.code)).state, await left()]).toEqual(['paid', before - 2]);
  expect(await shop.ctx.orders.audit()).toEqual([]);
});

describe('when the power goes between any two writes of it', () => {
  function dying(writes: number) {
    const power = supply(writes);
    const payments = { ...shop.ctx.payments, handle: () => {} };
    const orders = secondTill(shop, clock, { between: power, payments });
    return { orders, power };
  }

  test.each(['free', 'gone'])('the coupon being %s, the end is the same', async (is) => {
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const code = await coupon(1);
      const late = await lapsed(code);
      const other = is === 'gone' ? await place(code) : undefined;
      const before = await left();
      const { orders } = dying(writes);
      const [result] = await Promise.allSettled([orders.settle(late.event)]);
      // What stood in the way goes away: the answer stays what it was, or is given now.
      if (other && writes > 3) await shop.ctx.orders.cancel(other._id, { id: '', mine: () => true });
      const freed = other && writes > 3 ? 2 : 0;
      await Promise.all([shop.ctx.orders.settle(late.event), beside.ctx.orders.settle(late.event)]);
      await Promise.all([shop.ctx.orders.recover(), beside.ctx.orders.recover()]);
      const { state, owes, refunds } = await order(late.code);
      expect([state, owes], `after ${writes} writes`).toEqual([is === 'gone' ? 'refunded' : 'paid', null]);
      expect(refunds).toHaveLength(is === 'gone' ? 1 : 0);
      expect(await left(), `after ${writes} writes`).toBe(before + freed - (is === 'gone' ? 0 : 2));
      expect(await uses(code)).toBe(freed > 0 ? 0 : 1);
      expect(await shop.ctx.orders.audit(), `after ${writes} writes`).toEqual([]);
      if (result.status === 'fulfilled') break;
      cuts += 1;
    }
    expect(cuts).toBeGreaterThanOrEqual(4);
  });

  test('an order that costs nothing is paid all the same, once', async () => {
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const code = await coupon(5, 5);
      const buyer = guest();
      const price = (await shop.ctx.catalog.sellables([SKU])).get(SKU)!.variant.priceFen;
      const command = { clickId: newId(), lines: [{ sku: SKU, qty: 1 }] };
      const { orders } = dying(writes);
      const [result] = await Promise.allSettled([orders.place(command, buyer, withCoupon(code, price))]);
      clock.forward(20_000);
      await Promise.all([shop.ctx.orders.recover(), beside.ctx.orders.recover()]);
      await shop.ctx.orders.recover();
      const [mine] = await shop.ctx.orders.ofBuyer(buyer);
      if (mine) {
        expect([mine.state, mine.totalFen, mine.owes], `after ${writes} writes`).toEqual(['paid', 0, null]);
        expect(mine.history.filter(({ to }) => to === 'paid')).toHaveLength(1);
        expect(await shop.ctx.payments.of(mine._id)).toBeUndefined();
      }
      expect(await uses(code)).toBe(mine ? 1 : 0);
      expect(await shop.ctx.orders.audit(), `after ${writes} writes`).toEqual([]);
      if (result.status === 'fulfilled') break;
      cuts += 1;
    }
    expect(cuts).toBeGreaterThanOrEqual(5);
  });
});

describe('an order that costs nothing', () => {
  const nothing = async (buyer = guest()) => {
    const code = await coupon(5, 5);
    const price = (await shop.ctx.catalog.sellables([SKU])).get(SKU)!.variant.priceFen;
    const command = { clickId: newId(), liveId: LIVE, lines: [{ sku: SKU, qty: 1 }] };
    const at = (where: TestShop) => where.ctx.orders.place(command, buyer, withCoupon(code, price));
    return { at, buyer };
  };

  test('is paid at once, once for the same tap twice, and counts as one of the live’s', async () => {
    const sums = async () =>
      (await shop.ctx.orders.sumsOfLive(LIVE)).find(({ _id }) => _id === 'paid') ?? { orders: 0, fen: 0 };
    const before = await sums();
    const { at } = await nothing();
    const [one, other] = await Promise.all([at(shop), at(beside), at(shop)]);
    expect(one.order._id).toBe(other.order._id);
    const paid = await order(one.order._id);
    expect(paid.history.filter(({ to }) => to === 'paid')).toHaveLength(1);
    expect(await shop.ctx.payments.of(paid._id)).toBeUndefined();
    const after = await sums();
    expect([after.orders - before.orders, after.fen - before.fen]).toEqual([1, 0]);
    const mail = (kind: string) => shop.ctx.orderMails.compose({ kind, order: paid._id }, 'zh-CN');
    expect(await mail('placed')).toBeUndefined();
    expect((await mail('paid'))?.text).toContain('¥0.00');
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('may be called off: no money moves, and its pieces come back', async () => {
    const { at } = await nothing();
    const { order: paid } = await at(shop);
    const before = await left();
    const command = {
      fen: 0,
      items: [],
      shipping: false,
      why: '买家改了主意',
      restock: [{ line: 0, qty: 1 }],
    };
    await shop.ctx.orders.refund(await order(paid._id), command, { id: 'x', cooperatives: 'all' });
    expect([(await order(paid._id)).state, await left()]).toEqual(['refunded', before + 1]);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

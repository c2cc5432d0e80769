import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Orders } from '../../server/orders/index.ts';
import type { PaymentEvent } from '../../server/payments/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { createStockStore } from '../../server/stock/index.ts';
import { guest } from '../support/checkout.ts';
import { withCoupon, yuanOff } from '../support/coupons.ts';
import { stoppedAt } from '../support/power-cut.ts';
import { secondTill, straight } from '../support/second-till.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'MTO-600';
const LIVE = 'huangshaping-market';
const STAFF = { id: 'x', cooperatives: 'all' } as const;
const clock = movableClock();
let shop: TestShop;
/** A till whose bank says nothing by itself. */
let till: Orders;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock, env: { LOG_LEVEL: 'fatal' } });
  await shop.ctx.jobs.stop();
  till = secondTill(shop, clock, { between: straight });
});
afterAll(() => shop.close());

const order = async (code: string) => (await shop.ctx.orders.byCode(code))!;
const left = async () => (await shop.ctx.stock.availability([SKU])).get(SKU)!;
const uses = (code: string) => shop.ctx.db.collection('coupon_uses').countDocuments({ coupon: code });
const agrees = async () => expect(await shop.ctx.orders.audit()).toEqual([]);

const place = async (coupon: string | null = null, qty = 2) => {
  const terms = withCoupon(coupon, coupon ? 100 : 0);
  return (await till.place({ clickId: newId(), lines: [{ sku: SKU, qty }] }, guest(), terms)).order;
};
const succeeded = (ref: string, fen: number, intentId = `pi_${ref}`): PaymentEvent => ({
  ...{ kind: 'succeeded', ref, intentId, amount: money(fen) },
});
const refunded = (ref: string, refundKey: string, fen: number): PaymentEvent => ({
  ...{ kind: 'refunded', ref, refundKey, amount: money(fen) },
});
const bounced = (ref: string, refundKey: string): PaymentEvent => ({
  ...{ kind: 'refund_failed', ref, refundKey, reason: 'expired_or_canceled_card' },
});

/** @returns its code */
async function paid(qty = 2): Promise<string> {
  const { _id, totalFen } = await place(null, qty);
  await till.settle(succeeded(_id, totalFen));
  expect((await order(_id)).state).toBe('paid');
  return _id;
}

/** Sends money back; the bank has not answered yet. @returns the refund's key */
async function asked(
  code: string,
  fen: number,
  restock: { line: number; qty: number }[] = [],
  commandId = newId(),
) {
  const command = { commandId, fen, items: [], shipping: false, why: '退款', restock };
  await till.refund(await order(code), command, STAFF);
  return commandId;
}

describe('somebody who ends a hold slowly', () => {
  test('does not give away the coupon that a late payment has got again meanwhile', async () => {
    const code = await yuanOff(shop, { total: 1 });
    const { _id, totalFen } = await place(code);
    clock.forward(11 * 60_000);
    const slow = stoppedAt('removeUses', async (write) => {
      await till.settle(succeeded(_id, totalFen));
      expect([(await order(_id)).state, await uses(code)]).toEqual(['paid', 1]);
      return write();
    });
    await secondTill(shop, clock, { between: slow }).expireHolds();
    expect([(await order(_id)).state, await uses(code)]).toEqual(['paid', 1]);
    await agrees();
  });

  test('does not give away the place in the flash offer either', async () => {
    const offer = await shop.ctx.offers.open(
      {
        ...{ liveId: LIVE, sku: SKU, quantity: 2, perBuyer: 2, seconds: 60, countdown: 0 },
        price: money(100),
      },
      'host',
    );
    const line = { sku: SKU, qty: 2, offerId: offer._id };
    const command = { clickId: newId(), liveId: LIVE, lines: [line] };
    const { _id, totalFen } = (await till.place(command, guest(), withCoupon(null, 0))).order;
    const takes = async () => ((await shop.ctx.offers.byId(offer._id))?.takes ?? []).map(({ code }) => code);
    clock.forward(11 * 60_000);
    const slow = stoppedAt('giveBack', async (write) => {
      await till.settle(succeeded(_id, totalFen));
      expect([(await order(_id)).state, await takes()]).toEqual(['paid', [_id]]);
      return write();
    });
    await secondTill(shop, clock, { between: slow }).expireHolds();
    expect([(await order(_id)).state, await takes()]).toEqual(['paid', [_id]]);
    await agrees();
  });
});

describe('a payment of another sum than the order’s', () => {
  test('goes back also when it is late, and changes no order', async () => {
    const { _id, totalFen } = await place();
    clock.forward(11 * 60_000);
    await till.expireHolds();
    const sent: unknown[] = [];
    const at = secondTill(shop, clock, { between: straight, payments: bank(sent) });
    await at.settle(succeeded(_id, totalFen - 100));
    expect((await order(_id)).state).toBe('expired');
    expect(sent).toEqual([{ ref: _id, key: `wrong-amount-pi_${_id}`, fen: totalFen - 100 }]);
    await agrees();
  });

  test('that has gone back pays nothing any more, whatever the order comes to cost, and told however late', async () => {
    for (const isLate of [false, true]) {
      const { _id, totalFen } = await place();
      const sent: unknown[] = [];
      const at = secondTill(shop, clock, { between: straight, payments: bank(sent) });
      await at.settle(succeeded(_id, totalFen - 100));
      // The buyer has gone back to the address that the payment was opened with.
      const orders = shop.ctx.db.collection<{ _id: string }>('orders');
      await orders.updateOne({ _id }, { $set: { totalFen: totalFen - 100 } });
      if (isLate) {
        clock.forward(11 * 60_000);
        await till.expireHolds();
      }
      await at.settle(succeeded(_id, totalFen - 100));
      expect((await order(_id)).state).toBe(isLate ? 'expired' : 'awaiting_payment');
      const back = { ref: _id, key: `wrong-amount-pi_${_id}`, fen: totalFen - 100 };
      expect(sent).toEqual([back, back]);
    }
  });

  test('is not taken while another process sends it back', async () => {
    const { _id, totalFen } = await place();
    const orders = shop.ctx.db.collection<{ _id: string }>('orders');
    const sent: unknown[] = [];
    const slow = stoppedAt('returnPayment', async (write) => {
      await orders.updateOne({ _id }, { $set: { totalFen: totalFen - 100 } });
      await till.settle(succeeded(_id, totalFen - 100));
      return write();
    });
    const at = secondTill(shop, clock, { between: slow, payments: bank(sent) });
    await at.settle(succeeded(_id, totalFen - 100));
    expect([(await order(_id)).state, sent]).toEqual(['paid', []]);
  });
});

/** Payments that only write down what is sent back. */
function bank(sent: unknown[]) {
  const refund = ({ ref, key, amount }: { ref: string; key: string; amount: { amount: number } }) => {
    sent.push({ ref, key, fen: amount.amount });
    return Promise.resolve();
  };
  return { ...shop.ctx.payments, handle: () => {}, refund };
}

describe('two refunds that come through at the same moment', () => {
  test('add up: what has gone back whole is refunded', async () => {
    const code = await paid();
    const { totalFen } = await order(code);
    await till.settle(refunded(code, await asked(code, 100), 100));
    const [one, other] = [await asked(code, 200), await asked(code, totalFen - 300)];
    const slow = stoppedAt('finishRefund', async (write) => {
      await till.settle(refunded(code, other, totalFen - 300));
      return write();
    });
    await secondTill(shop, clock, { between: slow }).settle(refunded(code, one, 200));
    const { state, payment } = await order(code);
    expect([state, payment.refundedFen]).toEqual(['refunded', totalFen]);
    await agrees();
  });
});

test('two orders that a recall refunds under one key both give their pieces back', async () => {
  const [one, other] = [await paid(2), await paid(2)];
  const before = await left();
  const key = `recall-${newId()}`;
  for (const code of [one, other]) {
    await asked(code, 100, [{ line: 0, qty: 2 }], key);
    await till.settle(refunded(code, key, 100));
  }
  expect(await left()).toBe(before + 4);
  await agrees();
});

describe('a refund that a bank turns down', () => {
  test('before its success is told here is over: nobody tries for ever', async () => {
    const code = await paid();
    const key = await asked(code, 100);
    await till.settle(bounced(code, key));
    await till.settle(refunded(code, key, 100));
    const { state, refunds, payment } = await order(code);
    expect([state, refunds[0]?.state, payment.refundedFen]).toEqual(['paid', 'failed', 0]);
  });

  test('after it was done is money that is still to go back; pieces that are on the shelf stay there', async () => {
    const code = await paid(2);
    const before = await left();
    const { totalFen } = await order(code);
    const key = await asked(code, totalFen, [{ line: 0, qty: 2 }]);
    await till.settle(refunded(code, key, totalFen));
    expect([(await order(code)).state, await left()]).toEqual(['refunded', before + 2]);
    await Promise.all([till.settle(bounced(code, key)), till.settle(bounced(code, key))]);
    await till.settle(refunded(code, key, totalFen));
    const failed = await order(code);
    expect([failed.payment.refundedFen, failed.state]).toEqual([0, 'refunded']);
    expect(failed.refunds.filter(({ state }) => state === 'failed').map(({ fen }) => fen)).toEqual([
      totalFen,
    ]);
    await agrees();

    // Again, with another key: to the fen, and without the pieces, which are there already.
    await expect(asked(code, totalFen + 1)).rejects.toMatchObject({ code: 'invalid' });
    await expect(asked(code, totalFen, [{ line: 0, qty: 1 }])).rejects.toMatchObject({ code: 'invalid' });
    const again = await asked(code, totalFen - 100);
    await till.settle(refunded(code, again, totalFen - 100));
    expect((await order(code)).state).toBe('refunded');
    await till.settle(refunded(code, await asked(code, 100), 100));
    const done = await order(code);
    expect([done.state, done.payment.refundedFen, await left()]).toEqual(['refunded', totalFen, before + 2]);
    await expect(asked(code, 1)).rejects.toMatchObject({ code: 'conflict' });
    await agrees();
  });

  test('while its pieces are being counted in leaves them on the shelf, once', async () => {
    const code = await paid(2);
    const before = await left();
    const key = await asked(code, 100, [{ line: 0, qty: 1 }]);
    const slow = stoppedAt('finishRefund', async (write) => {
      await till.settle(bounced(code, key));
      return write();
    });
    await secondTill(shop, clock, { between: slow }).settle(refunded(code, key, 100));
    const { state, payment } = await order(code);
    expect([state, payment.refundedFen, await left()]).toEqual(['paid', 0, before + 1]);
    await agrees();
    await asked(code, 100, [{ line: 0, qty: 1 }]);
    await expect(asked(code, 100, [{ line: 0, qty: 1 }])).rejects.toMatchObject({ code: 'invalid' });
  });

  test('of a payment that came too late can be asked for again, and packs nothing', async () => {
    const { _id, totalFen } = await place();
    await till.cancel(_id, { id: '', mine: () => true });
    await till.settle(succeeded(_id, totalFen));
    const [late] = (await order(_id)).refunds;
    await till.settle(bounced(_id, late!.key));
    await expect(asked(_id, totalFen, [{ line: 0, qty: 1 }])).rejects.toMatchObject({ code: 'invalid' });
    await till.settle(refunded(_id, await asked(_id, 100), 100));
    expect((await order(_id)).state).toBe('refunded');
    await till.settle(refunded(_id, await asked(_id, totalFen - 100), totalFen - 100));
    const { state, payment } = await order(_id);
    expect([state, payment.refundedFen]).toEqual(['refunded', totalFen]);
    await agrees();
  });
});

describe('a request for a refund that is turned down', () => {
  test('leaves the order where its boxes are by then, also when one arrives in that very moment', async () => {
    for (const isEarly of [true, false]) {
      const code = await paid(1);
      const by = { id: 'packer', cooperative: (await order(code)).cooperatives[0]! };
      const items = [{ line: 0, qty: 1 }];
      const [box] = (await shop.ctx.packing.pack(code, { commandId: newId(), items }, by)).parcels;
      const sending = { carrier: 'sf', tracking: 'SF1234567890123', was: '' } as const;
      await shop.ctx.packing.ship(code, box!.code, sending, by);
      await till.requestRefund(await order(code), 'buyer', '想退');
      const arrive = () => shop.ctx.packing.deliver(code, box!.code, by);
      if (isEarly) await arrive();
      const slow = stoppedAt('move', async (write) => {
        if (!isEarly) await arrive();
        return write();
      });
      await secondTill(shop, clock, { between: slow }).declineRefund(await order(code), 'staff', '不退');
      expect((await order(code)).state).toBe('delivered');
    }
  });
});

describe('what cannot be finished', () => {
  test('holds up neither the pieces nor the money of others', async () => {
    const code = await paid();
    const orders = shop.ctx.db.collection<{ _id: string }>('orders');
    const key = await asked(code, 100);
    const { _id: held } = await place();
    await orders.updateOne({ _id: held }, { $set: { state: 'cancelled', owes: 'release' } });
    // One owes pieces to a lot that there is not, and one batch cannot be sealed.
    const { _id: broken } = await place();
    const before = await left();
    const nowhere = { lot: 'NOWHERE', qty: 2 };
    await orders.updateOne(
      { _id: broken },
      { $set: { state: 'cancelled', owes: 'release', 'lines.0.lots': [nowhere] } as never },
    );
    const batches = shop.ctx.db.collection<{ _id: string }>('batches');
    const stuck = { _id: newId(), at: new Date(0), skus: [SKU], codes: [newId()], clicks: [], offer: null };
    await batches.insertOne({ ...stuck, withCoupon: [] } as never);

    const sent: unknown[] = [];
    const dead = stoppedAt('seal', () => Promise.reject(new Error('not this one')));
    const at = secondTill(shop, clock, { between: dead, payments: bank(sent) });
    await expect(at.recover()).rejects.toThrow('could not be done');
    expect([(await order(held)).owes, await left()]).toEqual([null, before + 2]);
    expect(sent).toContainEqual({ ref: code, key, fen: 100 });

    await orders.deleteOne({ _id: broken });
  });
});

describe('a line that does not fit into the ledger', () => {
  test('stays in its lot, and holds up no other lot', async () => {
    const { stock, db } = shop.ctx;
    const [lot, other] = (await stock.allLots()).filter(({ sku }) => sku !== SKU);
    await stock.archiveTails();
    // The ledger has that cause already, under another number.
    const movements = db.collection<{ _id: string }>('movements');
    const ref = `twice-${newId()}`;
    await movements.insertOne({ _id: ref, lot: lot!._id, seq: 99_999, ref } as never);
    const store = createStockStore(db);
    const today = '2026-01-01';
    for (const { _id, sku } of [lot!, other!]) {
      const asking = { lot: _id, sku, qty: 1, ref, at: clock.now(), today };
      expect((await store.take(asking)).qty).toBe(1);
    }
    await expect(stock.archiveTails()).rejects.toThrow('could not be done');
    await movements.deleteOne({ _id: ref });
    const lines = async (id: string) => (await stock.ledger(id)).filter((line) => line.ref === ref).length;
    expect([await lines(lot!._id), await lines(other!._id)]).toEqual([1, 1]);
    const tails = (await stock.lots([lot!._id, other!._id])).map(({ _id, tail }) => [_id, tail.length]);
    expect(new Map(tails as [string, number][])).toEqual(
      new Map([
        [lot!._id, 1],
        [other!._id, 0],
      ]),
    );
    await stock.archiveTails();
    expect(await lines(lot!._id)).toBe(1);
  });
});

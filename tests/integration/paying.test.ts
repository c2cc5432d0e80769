import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
const clock = movableClock();
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
});
afterAll(() => shop.close());

const ADDRESS = {
  name: '周小满',
  phone: '13812345678',
  province: '湖南省',
  city: '长沙市',
  county: '岳麓区',
  street: '麓山路 1 号',
};

async function buyerWithOrder(place = 0, qty = 2) {
  const client = new Client(shop.url);
  await client.get(`/live/${LIVE}`);
  const sku = (await shop.ctx.lives.byId(LIVE)).rail[place]!;
  const { body } = await client.post<{ code: string }>('/api/orders', {
    clickId: newId(),
    liveId: LIVE,
    lines: [{ sku, qty }],
  });
  return { client, code: body.code, sku };
}

const order = async (code: string) => (await shop.ctx.orders.byCode(code))!;
const state = async (code: string) => (await order(code)).state;

/** Goes to the cashier as a buyer would, and makes one of its choices. */
async function atTheCashier(client: Client, code: string, choice: string) {
  const sent = await client.form(`/orders/${code}/pay`, {});
  const page = new URL(sent.headers.get('location') ?? '', shop.url);
  return client.form(page.pathname, {
    client_secret: page.searchParams.get('client_secret') ?? '',
    return_url: page.searchParams.get('return_url') ?? `/orders/${code}`,
    choice,
  });
}

async function ready(place = 0, qty = 2) {
  const made = await buyerWithOrder(place, qty);
  const answer = await made.client.form(`/orders/${made.code}/address`, ADDRESS);
  expect(answer.status).toBe(303);
  return made;
}

async function paidOrder(place = 0, qty = 2) {
  const made = await ready(place, qty);
  await atTheCashier(made.client, made.code, 'pay');
  await until(
    () => state(made.code),
    (now) => now === 'paid',
  );
  await until(
    async () => (await order(made.code)).owes,
    (owes) => owes === null,
  );
  return made;
}

async function staff(login: string) {
  const client = new Client(shop.url);
  await client.logIn(login);
  return client;
}

const left = async (sku: string) => (await shop.ctx.stock.availability([sku])).get(sku)!;
const agrees = async () => expect(await shop.ctx.orders.audit()).toEqual([]);

describe('an order at the cashier', () => {
  test('asks for the address first, then is paid to the fen, and its pieces go from held to sold', async () => {
    const { client, code } = await buyerWithOrder();
    expect((await client.form(`/orders/${code}/pay`, {})).status).toBe(422);
    await client.form(`/orders/${code}/address`, ADDRESS);
    const before = await order(code);
    expect(before.totalFen).toBe(before.goodsFen + before.shippingFen);
    await atTheCashier(client, code, 'pay');
    await until(
      () => state(code),
      (now) => now === 'paid',
    );
    expect((await order(code)).payment).toMatchObject({ paidFen: before.totalFen, refundedFen: 0 });
    await until(
      async () => (await order(code)).owes,
      (owes) => owes === null,
    );
    await agrees();
  });

  test.each(['twice', 'wrong_order', 'late'])('is paid once when the news comes %s', async (choice) => {
    const { client, code } = await ready();
    await atTheCashier(client, code, choice);
    clock.forward(60_000);
    await until(
      () => state(code),
      (now) => now === 'paid',
      15_000,
    );
    const { history, payment, totalFen } = await order(code);
    expect(history.filter(({ to }) => to === 'paid')).toHaveLength(1);
    expect(payment.paidFen).toBe(totalFen);
    await until(
      async () => (await order(code)).owes,
      (owes) => owes === null,
    );
    await agrees();
  });

  test('is found by asking when its webhook never comes', async () => {
    const { client, code } = await ready();
    await atTheCashier(client, code, 'lost');
    expect(await state(code)).toBe('awaiting_payment');
    clock.forward(6 * 60_000);
    await until(
      async () => {
        await shop.ctx.payments.reconcile();
        return state(code);
      },
      (now) => now === 'paid',
    );
  });

  test('may be tried again after the card was declined', async () => {
    const { client, code } = await ready();
    await atTheCashier(client, code, 'decline');
    expect(await state(code)).toBe('awaiting_payment');
    await atTheCashier(client, code, 'pay');
    await until(
      () => state(code),
      (now) => now === 'paid',
    );
  });

  test('is nobody else’s to pay', async () => {
    const { code } = await ready();
    const stranger = new Client(shop.url);
    await stranger.get(`/live/${LIVE}`);
    expect((await stranger.form(`/orders/${code}/pay`, {})).status).toBe(404);
  });
});

describe('a payment that comes too late', () => {
  /** The buyer is at the cashier's when the hold runs out; the payment goes through all the same. */
  async function late(place: number) {
    const { client, code, sku } = await ready(place, 2);
    const open = await shop.ctx.orders.openPayment(await order(code), 'late', `${shop.url}/orders/${code}`);
    clock.forward(11 * 60_000);
    await shop.ctx.orders.expireHolds();
    expect(await state(code)).toBe('expired');
    const succeed = () =>
      shop.ctx.orders.settle({
        kind: 'succeeded',
        ref: code,
        intentId: open.intentId,
        amount: { amount: totals.get(code)!, currency: 'CNY' },
      });
    totals.set(code, (await order(code)).totalFen);
    return { client, code, sku, succeed };
  }
  const totals = new Map<string, number>();

  test('takes the pieces again when they are there', async () => {
    const { code, sku, succeed } = await late(3);
    const before = await left(sku);
    await Promise.all([succeed(), succeed()]);
    expect(await state(code)).toBe('paid');
    expect(await left(sku)).toBe(before - 2);
    await agrees();
  });

  test('goes back by itself when they are gone, and the order says so', async () => {
    const { code, sku, succeed } = await late(4);
    for (let there = await left(sku); there > 1; there = await left(sku)) {
      const id = newId();
      const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
      const lines = [{ sku, qty: Math.min(99, there - 1) }];
      await shop.ctx.orders.place({ clickId: newId(), lines }, buyer);
    }
    await Promise.all([succeed(), succeed()]);
    const refunded = await order(code);
    expect(refunded.state).toBe('refunded');
    expect(refunded.refunds).toHaveLength(1);
    expect(refunded.refunds[0]?.fen).toBe(refunded.payment.paidFen);
    expect(await left(sku)).toBe(1);
    await agrees();
  });
});

describe('money that goes back', () => {
  test('in part and then whole, to the fen, with pieces back in stock', async () => {
    const { client, code, sku } = await paidOrder(0, 3);
    const before = await left(sku);
    const { totalFen, lines } = await order(code);
    const coop = await staff('coop@demo.test');
    const yuan = (fen: number) => (fen / 100).toFixed(2);
    const one = lines[0]!.priceFen;
    await coop.form(`/orders/${code}/refund`, { amount: yuan(one), why: '少发一件', restock_0: '1' });
    await until(
      () => state(code),
      (now) => now === 'partly_refunded',
    );
    expect((await order(code)).payment.refundedFen).toBe(one);
    expect(await left(sku)).toBe(before + 1);

    const tooMuch = await coop.form(`/orders/${code}/refund`, { amount: yuan(totalFen), why: '再退' });
    expect(tooMuch.status).toBe(422);
    await client.form(`/orders/${code}/refund-request`, { why: '不想要了' });
    expect(await state(code)).toBe('refund_requested');
    const rest = { amount: yuan(totalFen - one), why: '同意', restock_0: '2' };
    await Promise.all([coop.form(`/orders/${code}/refund`, rest), coop.form(`/orders/${code}/refund`, rest)]);
    await until(
      () => state(code),
      (now) => now === 'refunded',
    );
    expect((await order(code)).payment.refundedFen).toBe(totalFen);
    expect(await left(sku)).toBe(before + 3);
    await agrees();
  });

  test('only by staff of a cooperative in the order; a declined request leaves the order where it was', async () => {
    const { client, code } = await paidOrder(3, 1);
    const other = await staff('coop@demo.test');
    expect((await other.form(`/orders/${code}/refund`, { amount: '1', why: '试试' })).status).toBe(404);
    expect((await client.form(`/orders/${code}/refund`, { amount: '1', why: '试试' })).status).toBe(404);
    await client.form(`/orders/${code}/refund-request`, { why: '改主意了' });
    const admin = await staff('admin@demo.test');
    await admin.form(`/orders/${code}/decline-refund`, { why: '已经发货' });
    expect(await state(code)).toBe('paid');
  });
});

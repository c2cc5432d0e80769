import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureOf } from '../../server/payments/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { openPaymentsHouse, type PaymentsHouse } from '../support/payments-house.ts';

let house: PaymentsHouse;

beforeAll(async () => {
  house = await openPaymentsHouse();
});
afterAll(() => house.close());

const toldOf = (ref: string) => house.toldOf(ref);
const stored = () => house.db.collection('payment_events').countDocuments();

function eventOf(intentId: string, more: { id?: string; type?: string; amount?: number } = {}) {
  const { id = `evt_${newId()}`, type = 'payment_intent.succeeded', amount = 100 } = more;
  const object = { id: intentId, object: 'payment_intent', currency: 'cny', amount, amount_received: amount };
  return JSON.stringify({ id, object: 'event', type, created: 1_700_000_000, data: { object } });
}

async function post(body: string, signature: string | undefined) {
  const headers = {
    'content-type': 'application/json',
    ...(signature ? { 'stripe-signature': signature } : {}),
  };
  const response = await fetch(house.webhookUrl, { method: 'POST', body, headers });
  await response.arrayBuffer();
  return response.status;
}

const signed = (body: string, secret = house.keys.webhookSecret, at = house.clock.now()) =>
  signatureOf(body, secret, at);

describe('the webhook', () => {
  test('takes in nothing without a fitting, fresh signature on the very bytes', async () => {
    const { intentId, ref } = await house.open(100);
    const body = eventOf(intentId);
    const before = await stored();
    const old = new Date(house.clock.now().getTime() - 6 * 60_000);
    const statuses = [
      await post(body, undefined),
      await post(body, 't=1,v1=00'),
      await post(body, 'nonsense'),
      await post(body, signed(body, 'whsec_another')),
      await post(body, signed(body, house.keys.webhookSecret, old)),
      await post(body.replace('"amount":100', '"amount":999'), signed(body)),
      await post(`${body} `, signed(body)),
      await post('', signed('')),
    ];
    expect(statuses).toEqual(statuses.map(() => 400));
    expect(await stored()).toBe(before);
    expect(toldOf(ref)).toEqual([]);
    expect(await post(body, signed(body))).toBe(200);
    await house.until(
      () => toldOf(ref),
      (events) => events.length === 1,
    );
  });

  test('acknowledges types that it does not know and stores nothing of them', async () => {
    const before = await stored();
    for (const type of ['customer.created', 'constructor', '__proto__']) {
      const body = eventOf('pi_x', { type });
      expect(await post(body, signed(body))).toBe(200);
    }
    expect(await stored()).toBe(before);
  });

  test('handles an event once, however often it comes at the same time', async () => {
    const { intentId, ref } = await house.open(100);
    const body = eventOf(intentId);
    const statuses = await Promise.all(Array.from({ length: 12 }, () => post(body, signed(body))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await house.settled();
    expect(toldOf(ref)).toHaveLength(1);
  });

  test('tells nobody of payments that are not ours', async () => {
    const before = house.told.length;
    const body = eventOf('pi_of_another_shop');
    expect(await post(body, signed(body))).toBe(200);
    await house.settled();
    expect(house.told).toHaveLength(before);
  });

  test('keeps no client secret, neither in the database nor in the log', async () => {
    const { intentId, ref } = await house.open(100);
    const found = await house.cashier.intent(intentId);
    const secret = found.ok ? found.object.client_secret : '';
    expect(secret).toMatch(/_secret_/);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa_chargeDeclined');
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await house.payments.cancel(ref);
    await house.settled();
    for (const name of ['payments', 'payment_events']) {
      const documents = await house.db.collection(name).find().toArray();
      expect(JSON.stringify(documents)).not.toContain('_secret_');
    }
    expect(house.logged()).not.toContain('_secret_');
    expect(house.logged().length).toBeGreaterThan(0);
  });
});

describe('an event that was stored', () => {
  test('is handled again when the handler failed, until it resolves', async () => {
    const { intentId, ref } = await house.open(100);
    house.failHandler(2);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await house.settled();
    expect(toldOf(ref)).toEqual([]);
    expect(await house.payments.redeliver()).toBe(0);
    expect(await house.payments.redeliver()).toBe(1);
    expect(toldOf(ref)).toMatchObject([{ kind: 'succeeded', ref, intentId }]);
    expect(await house.payments.redeliver()).toBe(0);
  });

  test('waits longer each time when the handler goes on failing', async () => {
    const { intentId, ref } = await house.open(100);
    house.failHandler(3);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await house.settled();
    for (let turn = 0; turn < 3; turn += 1) await house.payments.redeliver();
    expect(toldOf(ref)).toEqual([]);
    house.clock.forward(10_000);
    expect(await house.payments.redeliver()).toBe(1);
    expect(toldOf(ref)).toHaveLength(1);
  });

  test('is handled after a crash between storing and handling', async () => {
    const { intentId, ref } = await house.open(100);
    // A process that stores and dies: nobody handles there.
    const dying = house.another({ handles: false });
    const body = eventOf(intentId);
    await dying.receive(Buffer.from(body), signed(body));
    await dying.idle();
    expect(toldOf(ref)).toEqual([]);
    expect(await house.payments.redeliver()).toBe(1);
    expect(toldOf(ref)).toHaveLength(1);
  });

  test('is taken in hand by one of two processes that look at the same moment', async () => {
    const { intentId, ref } = await house.open(100);
    const body = eventOf(intentId);
    await house.another({ handles: false }).receive(Buffer.from(body), signed(body));
    const other = house.another();
    const done = await Promise.all([
      house.payments.redeliver(),
      other.redeliver(),
      house.payments.redeliver(),
    ]);
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(toldOf(ref)).toHaveLength(1);
  });

  test('is handled after a crash in the middle of handling, when its claim has lapsed', async () => {
    const { intentId, ref } = await house.open(100);
    const dying = house.another({ handles: 'forever' });
    const body = eventOf(intentId);
    await dying.receive(Buffer.from(body), signed(body));
    await house.until(
      () => house.payments.of(ref),
      (view) => view?.state === 'succeeded',
    );
    expect(await house.payments.redeliver()).toBe(0);
    house.clock.forward(31_000);
    expect(await house.payments.redeliver()).toBe(1);
    expect(toldOf(ref)).toHaveLength(1);
  });
});

describe('reconciling', () => {
  test('finds a payment whose news was lost, and brings it once', async () => {
    const { intentId, ref } = await house.open(4321);
    await house.cashier.choose(intentId, 'lost');
    await house.settled();
    expect(await house.payments.of(ref)).toMatchObject({ state: 'open' });
    house.clock.forward(31_000);
    expect(await house.payments.reconcile()).toBe(1);
    expect(toldOf(ref)).toEqual([{ kind: 'succeeded', ref, intentId, amount: money(4321) }]);
    house.clock.forward(3_600_000);
    expect(await house.payments.reconcile()).toBe(0);
  });

  test('fetches events that could not be delivered: disputes, too', async () => {
    const { intentId, ref } = await house.open(100);
    house.listening = false;
    await house.cashier.confirmIntent(intentId, 'pm_card_createDispute');
    await house.settled();
    expect(await house.payments.reconcile()).toBeGreaterThanOrEqual(2);
    expect(new Set(toldOf(ref).map(({ kind }) => kind))).toEqual(new Set(['succeeded', 'disputed']));
    house.listening = true;
  });

  test('asks about one payment at once when its buyer comes back', async () => {
    const { intentId, ref } = await house.open(100);
    await house.cashier.choose(intentId, 'late');
    await house.payments.check(ref);
    await house.payments.idle();
    expect(toldOf(ref)).toMatchObject([{ kind: 'succeeded' }]);
  });

  test('does not stumble over a peer that does not answer', async () => {
    const { intentId, ref } = await house.open(100);
    await house.cashier.choose(intentId, 'lost');
    house.clock.forward(31_000);
    house.spoil(/^GET \/v1\/payment_intents/, 'hang', 99);
    await house.payments.reconcile();
    expect(toldOf(ref)).toEqual([]);
    await house.calm();
    house.clock.forward(3_600_000);
    await house.payments.reconcile();
    expect(toldOf(ref)).toHaveLength(1);
  });

  test('looks at no payment that is over', async () => {
    const { intentId, ref } = await house.open(100);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await house.until(
      () => toldOf(ref),
      (events) => events.length === 1,
    );
    house.clock.forward(7_200_000);
    await house.payments.reconcile();
    house.asked.length = 0;
    house.clock.forward(7_200_000);
    await house.payments.reconcile();
    expect(house.asked).not.toContain(`GET /v1/payment_intents/${intentId}`);
  });
});

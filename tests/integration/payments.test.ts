import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCode } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { openPaymentsHouse, type PaymentsHouse } from '../support/payments-house.ts';

let house: PaymentsHouse;

beforeAll(async () => {
  house = await openPaymentsHouse();
});
afterAll(() => house.close());

const toldOf = (ref: string) => house.toldOf(ref);
const kindsOf = (ref: string) => toldOf(ref).map(({ kind }) => kind);

describe('opening a payment', () => {
  const request = (ref: string, fen: number, description = 'an order') => ({
    ref,
    amount: money(fen),
    description,
    returnUrl: `/orders/${ref}`,
  });

  test('gives the same intent for the same again, also in another language and another process', async () => {
    const ref = newCode();
    const first = await house.payments.open(request(ref, 6800));
    const again = await house.payments.open(request(ref, 6800, 'eine Bestellung'));
    const elsewhere = await house.another().open(request(ref, 6800));
    expect(again).toEqual(first);
    expect(elsewhere).toEqual(first);
    expect(first.payUrl).toMatch(/^\/cashier\/pay\/pi_\w+\?client_secret=pi_/);
    expect(await house.cashier.intent(first.intentId)).toMatchObject({
      object: { amount: 6800, currency: 'cny', status: 'requires_payment_method', metadata: { ref } },
    });
  });

  test('at the same moment makes one intent', async () => {
    const ref = newCode();
    const opened = await Promise.all([1, 2, 3, 4].map(() => house.payments.open(request(ref, 100))));
    expect(new Set(opened.map(({ intentId }) => intentId)).size).toBe(1);
  });

  test('for another amount cancels the open one first, and back again makes a third', async () => {
    const ref = newCode();
    const intents = [];
    for (const fen of [500, 700, 500]) intents.push((await house.payments.open(request(ref, fen))).intentId);
    expect(new Set(intents).size).toBe(3);
    const states = await Promise.all(intents.map((id) => house.cashier.intent(id)));
    expect(states.map((answer) => answer.ok && answer.object.status)).toEqual([
      'canceled',
      'canceled',
      'requires_payment_method',
    ]);
  });

  test('is refused once it is paid, for whatever amount', async () => {
    const { ref } = await house.paid(900);
    await expect(house.payments.open(request(ref, 900))).rejects.toMatchObject({ code: 'conflict' });
    await expect(house.payments.open(request(ref, 901))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('for another amount is refused when the old one was paid in that very moment', async () => {
    house.listening = false;
    const { ref, intentId } = await house.open(300);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await expect(house.payments.open(request(ref, 400))).rejects.toMatchObject({ code: 'conflict' });
    house.listening = true;
    await house.until(
      () => toldOf(ref),
      (events) => events.length === 1,
    );
    expect(toldOf(ref)).toEqual([{ kind: 'succeeded', ref, intentId, amount: money(300) }]);
  });
});

describe('paying', () => {
  test('is told once, with the very fen that were paid', async () => {
    const { ref, intentId } = await house.paid(123_457);
    await house.settled();
    expect(toldOf(ref)).toEqual([{ kind: 'succeeded', ref, intentId, amount: money(123_457) }]);
    expect(await house.payments.of(ref)).toMatchObject({
      ref,
      state: 'succeeded',
      amount: money(123_457),
      intentId,
      refunded: money(0),
    });
  });

  test('that is declined is told with its reason, and can be tried again', async () => {
    const { ref, intentId } = await house.open(400);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa_chargeDeclinedInsufficientFunds');
    await house.until(
      () => toldOf(ref),
      (events) => events.length === 1,
    );
    expect(toldOf(ref)).toEqual([{ kind: 'failed', ref, intentId, reason: 'insufficient_funds' }]);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('succeeded'),
    );
  });

  test('told backwards, a declined try is no news after the payment', async () => {
    const { ref, intentId } = await house.open(500);
    await house.cashier.choose(intentId, 'wrong_order');
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('succeeded'),
    );
    house.clock.forward(60_000);
    await house.cashier.deliverDue();
    await house.settled();
    const types = await house.db.collection('payment_events').find({ 'news.intent': intentId }).toArray();
    expect(types.map(({ type }) => String(type))).toEqual(
      expect.arrayContaining(['payment_intent.succeeded', 'payment_intent.payment_failed']),
    );
    expect(kindsOf(ref)).toEqual(['succeeded']);
  });

  test('whose news comes twice is handled once', async () => {
    const { ref, intentId } = await house.open(600);
    await house.cashier.choose(intentId, 'twice');
    await house.until(
      () => house.arrived.filter((line) => line === `payment_intent.succeeded ${intentId}`).length,
      (count) => count === 2,
    );
    await house.settled();
    expect(kindsOf(ref)).toEqual(['succeeded']);
  });

  test('whose news comes late is open until then', async () => {
    const { ref, intentId } = await house.open(700);
    await house.cashier.choose(intentId, 'late');
    await house.settled();
    expect(await house.payments.of(ref)).toMatchObject({ state: 'open' });
    house.clock.forward(21_000);
    await house.cashier.deliverDue();
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('succeeded'),
    );
  });
});

describe('cancelling', () => {
  test('ends an open payment, as often as it is asked', async () => {
    const { ref, intentId } = await house.open(100);
    await Promise.all([house.payments.cancel(ref), house.payments.cancel(ref)]);
    expect(await house.cashier.intent(intentId)).toMatchObject({ object: { status: 'canceled' } });
    expect(await house.payments.of(ref)).toMatchObject({ state: 'cancelled' });
    expect(await house.cashier.confirmIntent(intentId, 'pm_card_visa')).toMatchObject({
      ok: false,
      status: 400,
    });
    await house.payments.cancel(newCode());
  });

  test('leaves one alone that was paid in that very moment: its money is told', async () => {
    house.listening = false;
    const { ref, intentId } = await house.open(800);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await house.payments.cancel(ref);
    house.listening = true;
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.length > 0,
    );
    expect(new Set(kindsOf(ref))).toEqual(new Set(['succeeded']));
    expect(await house.payments.of(ref)).toMatchObject({ state: 'succeeded' });
    expect(intentId).toBe((await house.payments.of(ref))?.intentId);
  });

  test('is made good later when the peer does not answer', async () => {
    const { ref, intentId } = await house.open(900);
    house.spoil(/^POST .*\/cancel$/, 'status_500', 9);
    await house.payments.cancel(ref);
    expect(await house.cashier.intent(intentId)).toMatchObject({
      object: { status: 'requires_payment_method' },
    });
    await house.calm();
    house.clock.forward(120_000);
    await house.payments.reconcile();
    expect(await house.cashier.intent(intentId)).toMatchObject({ object: { status: 'canceled' } });
  });

  test('before the peer has made the intent leaves nothing to pay', async () => {
    const ref = newCode();
    house.spoil(/^POST \/v1\/payment_intents$/, 'drop_after', 9);
    const request = { ref, amount: money(50), description: '', returnUrl: '/' };
    await expect(house.payments.open(request)).rejects.toMatchObject({ code: 'unavailable' });
    await house.calm();
    await house.payments.cancel(ref);
    expect(await house.payments.of(ref)).toMatchObject({ state: 'cancelled', intentId: undefined });
  });
});

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

describe('refunds', () => {
  const back = (ref: string, key: string, fen: number) => ({
    ref,
    key,
    amount: money(fen),
    reason: 'asked for',
  });
  const refundsAt = async (intent: string) =>
    (await house.cashier.listRefunds({ limit: 100, payment_intent: intent })).data;

  test('in part and in full are each told', async () => {
    const { ref, intentId } = await house.paid(1000);
    await house.payments.refund(back(ref, 'one', 300));
    await house.payments.refund(back(ref, 'two', 700));
    await house.until(
      () => new Set(toldOf(ref).map((event) => event.kind === 'refunded' && event.refundKey)),
      (keys) => keys.has('one') && keys.has('two'),
    );
    expect(toldOf(ref)).toEqual(
      expect.arrayContaining([
        { kind: 'refunded', ref, refundKey: 'one', amount: money(300) },
        { kind: 'refunded', ref, refundKey: 'two', amount: money(700) },
      ]),
    );
    expect(await house.payments.of(ref)).toMatchObject({ refunded: money(1000) });
    expect(await refundsAt(intentId)).toHaveLength(2);
  });

  test('with one key are one refund, from two processes at once', async () => {
    const { ref, intentId } = await house.paid(1000);
    const other = house.another();
    await Promise.all(
      [1, 2, 3].flatMap(() => [house.payments, other].map((one) => one.refund(back(ref, 'k', 400)))),
    );
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refunded'),
    );
    expect(await refundsAt(intentId)).toMatchObject([{ amount: 400 }]);
    await expect(house.payments.refund(back(ref, 'k', 500))).rejects.toMatchObject({ code: 'conflict' });
    await other.idle();
  });

  test('of more than was paid are refused by the peer and told as failed', async () => {
    const { ref, intentId } = await house.paid(1000);
    await house.payments.refund(back(ref, 'too-much', 1001));
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refund_failed'),
    );
    expect(toldOf(ref)).toContainEqual({
      kind: 'refund_failed',
      ref,
      refundKey: 'too-much',
      reason: 'invalid_amount',
    });
    expect(await refundsAt(intentId)).toEqual([]);
    expect(await house.payments.of(ref)).toMatchObject({ refunded: money(0) });
  });

  test('of what was never paid fail; of what nobody knows are not found', async () => {
    const { ref } = await house.open(100);
    await house.payments.refund(back(ref, 'early', 100));
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refund_failed'),
    );
    await expect(house.payments.refund(back(newCode(), 'x', 100))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('whose answer was lost are asked for again and made once', async () => {
    const { ref, intentId } = await house.paid(1000);
    house.listening = false;
    house.spoil(/^POST \/v1\/refunds$/, 'drop_after', 9);
    await house.payments.refund(back(ref, 'lost', 250));
    await house.calm();
    // Stripe forgets idempotency keys after a day; the refund is found by its own mark.
    house.clock.forward(26 * 3_600_000);
    await house.cashier.forgetOldKeys();
    await house.payments.reconcile();
    house.listening = true;
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refunded'),
    );
    expect(await refundsAt(intentId)).toMatchObject([{ amount: 250 }]);
  });

  test('that two processes take up at the same moment are made once', async () => {
    const { ref, intentId } = await house.paid(1000);
    house.spoil(/^POST \/v1\/refunds$/, 'status_500', 9);
    await house.payments.refund(back(ref, 'both', 250));
    await house.calm();
    expect(await refundsAt(intentId)).toEqual([]);
    house.clock.forward(60_000);
    const other = house.another();
    await Promise.all([
      house.payments.reconcile(),
      other.reconcile(),
      house.payments.check(ref),
      other.check(ref),
    ]);
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refunded'),
    );
    expect(await refundsAt(intentId)).toMatchObject([{ amount: 250 }]);
    await other.idle();
  });

  test('that take their time are told when they are done', async () => {
    const { ref } = await house.paid(1000, 'pm_card_pendingRefund');
    await house.payments.refund(back(ref, 'slow', 1000));
    await house.until(
      async () => (await house.payments.of(ref))?.refunds[0]?.state,
      (state) => state === 'pending',
    );
    expect(kindsOf(ref)).toEqual(['succeeded']);
    house.clock.forward(6_000);
    await house.cashier.deliverDue();
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refunded'),
    );
  });

  test('that a bank turns down afterwards are told as failed', async () => {
    const { ref } = await house.paid(1000, 'pm_card_refundFail');
    await house.payments.refund(back(ref, 'bad', 1000));
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refunded'),
    );
    house.clock.forward(6_000);
    await house.cashier.deliverDue();
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refund_failed'),
    );
    expect(await house.payments.of(ref)).toMatchObject({
      refunded: money(0),
      refunds: [{ key: 'bad', state: 'failed', failure: 'expired_or_canceled_card' }],
    });
  });

  test('are told before their payment when the news comes so', async () => {
    house.listening = false;
    const { ref, intentId } = await house.open(500);
    await house.cashier.choose(intentId, 'late');
    house.listening = true;
    await house.payments.refund(back(ref, 'first', 500));
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('refunded'),
    );
    expect(kindsOf(ref)).not.toContain('succeeded');
    house.clock.forward(60_000);
    await house.cashier.deliverDue();
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('succeeded'),
    );
    expect(await house.payments.of(ref)).toMatchObject({ state: 'succeeded', refunded: money(500) });
  });
});

describe('disputes', () => {
  test('are recorded and told, and end as the bank decides', async () => {
    const { ref, intentId } = await house.paid(1000, 'pm_card_createDispute');
    await house.until(
      () => kindsOf(ref),
      (kinds) => kinds.includes('disputed'),
    );
    await house.cashier.dispute(intentId, 'lost');
    await house.until(
      () => toldOf(ref).length,
      (count) => count === 3,
    );
    expect(toldOf(ref)[2]).toEqual({ kind: 'disputed', ref, intentId, amount: money(1000), status: 'lost' });
    expect(await house.payments.of(ref)).toMatchObject({
      disputes: [{ amount: money(1000), status: 'lost' }],
    });
  });
});

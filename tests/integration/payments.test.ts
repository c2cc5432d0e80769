import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCode } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { until } from '../support/client.ts';
import { openPaymentsHouse, type PaymentsHouse } from '../support/payments-house.ts';

let house: PaymentsHouse;

beforeAll(async () => {
  house = await openPaymentsHouse();
});
afterAll(() => house.close());

const toldOf = (ref: string) => house.told.filter((event) => event.ref === ref);
const kindsOf = (ref: string) => toldOf(ref).map(({ kind }) => kind);

async function paid(fen: number, method = 'pm_card_visa') {
  const opened = await house.open(fen);
  await house.cashier.confirmIntent(opened.intentId, method);
  await until(() => kindsOf(opened.ref), (kinds) => kinds.includes('succeeded'));
  return opened;
}

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
    const { ref } = await paid(900);
    await expect(house.payments.open(request(ref, 900))).rejects.toMatchObject({ code: 'conflict' });
    await expect(house.payments.open(request(ref, 901))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('for another amount is refused when the old one was paid in that very moment', async () => {
    house.listening = false;
    const { ref, intentId } = await house.open(300);
    await house.cashier.confirmIntent(intentId, 'pm_card_visa');
    await expect(house.payments.open(request(ref, 400))).rejects.toMatchObject({ code: 'conflict' });
    house.listening = true;
    await until(() => toldOf(ref), (events) => events.length === 1);
    expect(toldOf(ref)).toEqual([{ kind: 'succeeded', ref, intentId, amount: money(300) }]);
  });
});

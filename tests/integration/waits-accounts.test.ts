import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { guest, sellDownTo } from '../support/checkout.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'MTO-600';
const clock = movableClock();
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  await shop.ctx.jobs.stop();
});
afterAll(() => shop.close());

/** The account that a guest signs up for. */
const signedUp = (as: Person) => {
  const command = { login: `${newId()}@wait.test`, password: 'long enough', name: '候' };
  return shop.ctx.accounts.register(command, { guestId: as.id });
};
const wish = { sku: SKU, qty: 1, live: null };

/** Everything is sold; what comes back is one piece. */
async function soldOut() {
  await sellDownTo(shop, SKU, 1);
  const { order } = await shop.ctx.orders.place({ clickId: newId(), lines: [{ sku: SKU, qty: 1 }] }, guest());
  return () => shop.ctx.orders.cancel(order._id, { id: '', mine: () => true });
}

const held = (person: Person) => shop.ctx.orders.offeredTo(person);
async function called(person: Person) {
  await shop.ctx.orders.attendLines();
  return held(person);
}

test('who waited as a guest, missed it, and waits again with an account is called again', async () => {
  const giveBack = await soldOut();
  const before = guest();
  await shop.ctx.orders.joinLine(wish, before);
  await giveBack();
  const missed = await called(before);
  expect(missed?.state).toBe('awaiting_payment');
  const person = await signedUp(before);
  await shop.ctx.orders.joinLine(wish, person);
  clock.forward(31 * 60_000);
  await shop.ctx.orders.expireHolds();
  const again = await called(person);
  expect(again?.state).toBe('awaiting_payment');
  expect(again?._id).not.toBe(missed?._id);
  await shop.ctx.orders.cancel(again!._id, { id: '', mine: () => true });
});

test('who has signed in while waiting keeps the place, and has one', async () => {
  const giveBack = await soldOut();
  const [before, other] = [guest(), guest()];
  await shop.ctx.orders.joinLine(wish, before);
  clock.forward(1_000);
  expect(await shop.ctx.orders.joinLine(wish, other)).toBe(1);
  const person = await signedUp(before);
  expect(await shop.ctx.orders.joinLine(wish, person)).toBe(0);
  expect(await shop.ctx.orders.waitsOf(person)).toHaveLength(1);
  await giveBack();
  const order = await called(person);
  expect([order?.state, order?.buyer]).toEqual(['awaiting_payment', person.id]);
  await shop.ctx.orders.cancel(order!._id, { id: '', mine: () => true });
  expect((await called(other))?.state).toBe('awaiting_payment');
  expect(await held(person)).toBeUndefined();
});

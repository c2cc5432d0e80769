import { describe, expect, test } from 'vitest';
import type Stripe from 'stripe';
import { parseForm } from '../../server/payments/cashier/form.rules.ts';
import { EVENT_TYPES, readEvent, refundNews } from '../../server/payments/inbox.rules.ts';
import {
  ATTEMPT_MOVES,
  attemptsBefore,
  intentKey,
  isUnsettled,
  nextLook,
  REFUND_MOVES,
  refundsBefore,
  retryDelay,
  viewOf,
  type Attempt,
  type Payment,
} from '../../server/payments/payments.rules.ts';

const at = new Date('2026-11-23T10:00:00Z');
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  seq: 0,
  intent: 'pi_1',
  fen: 100,
  description: '',
  state: 'open',
  at,
  ...more,
});
const payment = (more: Partial<Payment> = {}): Payment => ({
  _id: 'ref',
  attempts: [attempt()],
  refunds: [],
  disputes: [],
  ...more,
});

describe('the states', () => {
  test('every one is reached, and money that came in is never forgotten', () => {
    const reached = new Set<string>(Object.values(ATTEMPT_MOVES).flat());
    expect(Object.keys(ATTEMPT_MOVES).filter((state) => !reached.has(state))).toEqual(['making']);
    expect(attemptsBefore('succeeded')).toEqual(['open', 'cancelling', 'cancelled']);
    expect(ATTEMPT_MOVES.succeeded).toEqual([]);
    expect(REFUND_MOVES.failed).toEqual([]);
    expect(refundsBefore('failed')).toEqual(['asked', 'pending', 'done']);
  });

  test('of a payment are unsettled while something is owed', () => {
    const refund = { key: 'k', fen: 1, why: '', id: null, failure: null, at };
    expect(isUnsettled(payment())).toBe(true);
    expect(isUnsettled(payment({ attempts: [attempt({ state: 'succeeded' })] }))).toBe(false);
    const refunding = payment({
      attempts: [attempt({ state: 'succeeded' })],
      refunds: [{ ...refund, state: 'asked' }],
    });
    expect(isUnsettled(refunding)).toBe(true);
    refunding.refunds[0]!.state = 'done';
    expect(isUnsettled(refunding)).toBe(false);
  });
});

test('an amount that comes back is another attempt with another key', () => {
  const keys = [attempt({ seq: 0 }), attempt({ seq: 1, fen: 200 }), attempt({ seq: 2 })].map((one) =>
    intentKey('r', one),
  );
  expect(new Set(keys).size).toBe(3);
});

test('a young payment is looked at soon, an old one hourly', () => {
  const after = (ms: number) =>
    nextLook(payment(), new Date(at.getTime() + ms)).getTime() - at.getTime() - ms;
  expect(after(0)).toBe(30_000);
  expect(after(120_000)).toBe(120_000);
  expect(after(30 * 24 * 3_600_000)).toBe(3_600_000);
});

test('a failing handler is left alone longer and longer, never for more than ten minutes', () => {
  expect([1, 2].map(retryDelay)).toEqual([0, 0]);
  expect(retryDelay(3)).toBeGreaterThan(0);
  expect(retryDelay(4)).toBeGreaterThan(retryDelay(3));
  expect(retryDelay(60)).toBe(600_000);
});

test('staff see the attempt that was paid, and only money that has gone back counts as refunded', () => {
  const refunds = (['done', 'failed', 'asked', 'done'] as const).map((state, index) => ({
    key: String(index),
    fen: 10 + index,
    why: '',
    state,
    id: null,
    failure: null,
    at,
  }));
  const attempts = [
    attempt({ state: 'cancelled' }),
    attempt({ seq: 1, intent: 'pi_2', fen: 300, state: 'succeeded' }),
  ];
  expect(viewOf(payment({ attempts, refunds }))).toMatchObject({
    state: 'succeeded',
    intentId: 'pi_2',
    amount: { amount: 300 },
    refunded: { amount: 23 },
  });
  expect(viewOf(payment({ attempts: [] }))).toBeUndefined();
});

describe('an event is read as news', () => {
  const event = (type: string, object: object) =>
    ({ id: 'evt_1', type, created: 1_700_000_000, data: { object } }) as unknown as Stripe.Event;
  const intent = {
    id: 'pi_1',
    currency: 'cny',
    amount: 500,
    amount_received: 400,
    client_secret: 'pi_1_secret_x',
  };

  test('with what was received, not with what was asked for', () => {
    expect(readEvent(event('payment_intent.succeeded', intent))).toEqual({
      kind: 'intent_succeeded',
      intent: 'pi_1',
      fen: 400,
    });
  });

  test('and without another currency or an unknown type', () => {
    expect(readEvent(event('payment_intent.succeeded', { ...intent, currency: 'jpy' }))).toBeUndefined();
    for (const type of ['charge.refunded', 'toString', '__proto__', '']) {
      expect(readEvent(event(type, intent))).toBeUndefined();
    }
    expect(EVENT_TYPES).toContain('charge.dispute.closed');
  });

  test.each([
    ['succeeded', 'done', null],
    ['pending', 'pending', null],
    ['requires_action', 'pending', null],
    ['failed', 'failed', 'lost_or_stolen_card'],
    ['canceled', 'failed', 'canceled'],
  ])('a refund that is %s is %s', (status, state, failure) => {
    const refund = {
      id: 're_1',
      payment_intent: 'pi_1',
      currency: 'cny',
      amount: 5,
      status,
      metadata: { key: 'k' },
    };
    const reason = status === 'failed' ? { failure_reason: 'lost_or_stolen_card' } : {};
    expect(refundNews({ ...refund, ...reason } as unknown as Stripe.Refund)).toMatchObject({
      state,
      failure,
      key: 'k',
    });
  });
});

describe("Stripe's form encoding", () => {
  test('nests by brackets and counts empty ones', () => {
    expect(
      JSON.parse(JSON.stringify(parseForm('a=1&metadata[ref]=x%20y&types[0]=p&types[1]=q&e[]=1&e[]=2'))),
    ).toEqual({
      a: '1',
      metadata: { ref: 'x y' },
      types: { 0: 'p', 1: 'q' },
      e: { 0: '1', 1: '2' },
    });
  });

  test('touches no prototype', () => {
    parseForm('__proto__[polluted]=1&constructor[prototype][polluted]=1');
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

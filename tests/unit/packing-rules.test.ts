import { describe, expect, test } from 'vitest';
import type { Parcel } from '../../server/orders/orders.model.ts';
import { mayMove, type OrderState } from '../../server/orders/orders.rules.ts';
import {
  CARRIERS,
  deliver,
  isOfOther,
  isTracking,
  leftToPack,
  lotsLeft,
  pack,
  packed,
  parcelsSay,
  ship,
  statesToFollow,
  tidyTracking,
  trackingPage,
  unpack,
  type Packable,
} from '../../server/orders/packing.rules.ts';
import { forSeeds, type Random } from '../support/random.ts';

const NOW = new Date('2026-03-01T08:00:00Z');

function parcel(
  code: string,
  cooperative: string,
  items: Parcel['items'],
  more: Partial<Parcel> = {},
): Parcel {
  return {
    code,
    cooperative,
    items,
    state: 'packed',
    carrier: null,
    tracking: null,
    packedAt: NOW,
    packedBy: 'someone',
    shippedAt: null,
    deliveredAt: null,
    ...more,
  };
}

function order(lines: [string, number][], more: Partial<Packable> = {}): Packable {
  return {
    state: 'paid',
    lines: lines.map(([cooperative, qty]) => ({ cooperative, qty })),
    parcels: [],
    refunds: [],
    ...more,
  };
}

/** What a service does with a decision: parcels and states in one step. */
function settle(before: Packable, decision: ReturnType<typeof pack>): Packable {
  if ('refused' in decision) return before;
  const next = { ...before, parcels: decision.parcels };
  let { state } = before;
  for (const to of statesToFollow(next)) {
    expect(mayMove(state, to), `${state} -> ${to}`).toBe(true);
    state = to;
  }
  return { ...next, state };
}

const sending = { carrier: 'sf', tracking: 'SF1234567890123', was: '', at: NOW } as const;

describe('packing', () => {
  test('takes what is left and no more', () => {
    const two = order([['a', 2]]);
    const once = settle(two, pack(two, parcel('P1', 'a', [{ line: 0, qty: 1 }])));
    expect(leftToPack(once, 0)).toBe(1);
    expect(pack(once, parcel('P2', 'a', [{ line: 0, qty: 2 }]))).toEqual({
      refused: 'too_many',
      line: 0,
      left: 1,
    });
  });

  test('does the same parcel once', () => {
    const two = order([['a', 2]]);
    const box = parcel('P1', 'a', [{ line: 0, qty: 1 }]);
    const once = settle(two, pack(two, box));
    expect(pack(once, box)).toMatchObject({ changed: false, parcels: [box] });
  });

  test("keeps off another cooperative's lines and parcels", () => {
    const both = order([
      ['a', 1],
      ['b', 1],
    ]);
    expect(pack(both, parcel('P1', 'a', [{ line: 1, qty: 1 }]))).toEqual({ refused: 'unknown_line' });
    expect(pack(both, parcel('P1', 'a', [{ line: 7, qty: 1 }]))).toEqual({ refused: 'unknown_line' });
    const once = settle(both, pack(both, parcel('P1', 'a', [{ line: 0, qty: 1 }])));
    expect(ship(once, { code: 'P1', cooperative: 'b' }, sending)).toEqual({ refused: 'unknown_parcel' });
    expect(unpack(once, { code: 'P1', cooperative: 'b' })).toEqual({ refused: 'unknown_parcel' });
    expect(deliver(once, { code: 'P1', cooperative: 'b' }, NOW)).toEqual({ refused: 'unknown_parcel' });
  });

  test.each([
    'awaiting_payment',
    'cancelled',
    'expired',
    'refund_requested',
    'refunded',
    'shipped',
    'delivered',
  ] as const)('is not done in state %s', (state) => {
    expect(pack(order([['a', 1]], { state }), parcel('P1', 'a', [{ line: 0, qty: 1 }]))).toEqual({
      refused: 'not_now',
    });
  });

  test('leaves out pieces whose money goes back and that go back on the shelf', () => {
    const refund = (state: 'asked' | 'done' | 'failed') => ({ state, restock: [{ line: 0, qty: 2 }] });
    expect(leftToPack(order([['a', 3]], { refunds: [refund('asked')] }), 0)).toBe(1);
    expect(leftToPack(order([['a', 3]], { refunds: [refund('done')] }), 0)).toBe(1);
    expect(leftToPack(order([['a', 3]], { refunds: [refund('failed')] }), 0)).toBe(3);
  });
});

describe("an order's state", () => {
  const boxes = (...states: Parcel['state'][]) =>
    states.map((state, line) => parcel(`P${line}`, 'a', [{ line, qty: 1 }], { state }));

  test.each([
    [[], 'paid'],
    [boxes('packed'), 'packing'],
    [boxes('shipped'), 'packing'],
    [boxes('shipped', 'packed'), 'packing'],
    [boxes('shipped', 'shipped'), 'shipped'],
    [boxes('delivered', 'shipped'), 'shipped'],
    [boxes('delivered', 'delivered'), 'delivered'],
  ] as [Parcel[], string][])('follows from %j', (parcels, says) => {
    expect(
      parcelsSay(
        order(
          [
            ['a', 1],
            ['b', 1],
          ],
          { parcels },
        ),
      ),
    ).toBe(says);
  });

  test('goes every step of its way, forward only', () => {
    const parcels = boxes('delivered', 'delivered');
    const of = (state: OrderState) =>
      statesToFollow(
        order(
          [
            ['a', 1],
            ['b', 1],
          ],
          { parcels, state },
        ),
      );
    expect(of('packing')).toEqual(['shipped', 'delivered']);
    expect(of('partly_refunded')).toEqual(['delivered']);
    for (const state of ['refund_requested', 'refunded', 'delivered', 'completed'] as const)
      expect(of(state)).toEqual([]);
    expect(statesToFollow(order([['a', 1]], { parcels: [], state: 'packing' }))).toEqual([]);
  });
});

/** Anything anybody might do next, sensible or not. */
function anyStep(now: Packable, random: Random, turn: number): ReturnType<typeof pack> {
  const cooperative = random.pick(['a', 'b']);
  const code = now.parcels.length > 0 ? random.pick(now.parcels).code : 'none';
  switch (random.int(0, 4)) {
    case 0:
    case 1: {
      const line = random.int(0, now.lines.length);
      return pack(now, parcel(`P${turn}`, cooperative, [{ line, qty: random.int(1, 4) }]));
    }
    case 2:
      return ship(now, { code, cooperative }, sending);
    case 3:
      return deliver(now, random.int(0, 1) ? { code } : { code, cooperative }, NOW);
    default:
      return unpack(now, { code, cooperative });
  }
}

const RANK: readonly OrderState[] = ['paid', 'packing', 'shipped', 'delivered'];

test('whatever anybody does, no more is packed than was ordered, and the state is where the parcels are', () => {
  const reached = new Set<OrderState>();
  forSeeds(300, (random) => {
    let now = order(
      Array.from(
        { length: random.int(1, 4) },
        () => [random.pick(['a', 'b']), random.int(1, 5)] as [string, number],
      ),
    );
    for (let turn = 0; turn < 60; turn += 1) {
      const next = settle(now, anyStep(now, random, turn));
      expect(RANK.indexOf(next.state)).toBeGreaterThanOrEqual(RANK.indexOf(now.state));
      now = next;
      now.lines.forEach(({ qty, cooperative }, line) => {
        expect(packed(now, line)).toBeLessThanOrEqual(qty);
        const owners = now.parcels.filter(({ items }) => items.some((item) => item.line === line));
        expect(owners.every((one) => one.cooperative === cooperative)).toBe(true);
      });
      const says = parcelsSay(now);
      // A box that is opened again takes nobody back to `paid`.
      if (says !== 'paid') expect(now.state).toBe(says);
      reached.add(now.state);
    }
  });
  expect([...reached].sort()).toEqual([...RANK].sort());
});

describe('from which lots', () => {
  const lots = [
    { lot: 'x', qty: 2 },
    { lot: 'y', qty: 3 },
  ];
  test.each([
    [
      0,
      5,
      [
        { lot: 'x', qty: 2 },
        { lot: 'y', qty: 3 },
      ],
    ],
    [
      1,
      4,
      [
        { lot: 'x', qty: 1 },
        { lot: 'y', qty: 3 },
      ],
    ],
    [3, 2, [{ lot: 'y', qty: 2 }]],
    [
      1,
      2,
      [
        { lot: 'x', qty: 1 },
        { lot: 'y', qty: 1 },
      ],
    ],
    [5, 0, []],
  ])('%i packed, %i left', (gone, left, expected) => {
    expect(lotsLeft({ lots }, { packed: gone, left })).toEqual(expected);
  });
});

describe('a tracking number', () => {
  test('is read as people write it', () => {
    expect(tidyTracking(' sf 1234-5678 90123 ')).toBe('SF1234567890123');
  });
  test.each(['SF1234567890123', '773412345678901', 'YT8812345678901', 'EA123456789CN', 'JDVA00012345678'])(
    '%s is one',
    (text) => {
      expect(isTracking(text)).toBe(true);
    },
  );
  test.each(['', '1234567', 'HELLOWORLD', 'SF12345', '1'.repeat(31), '1234567890<', '１２３４５６７８９'])(
    '%s is none',
    (text) => {
      expect(isTracking(text)).toBe(false);
    },
  );
  test('is not taken for another carrier', () => {
    expect(isOfOther('zto', 'SF1234567890123')).toBe(true);
    expect(isOfOther('jt', 'JDVA00012345678')).toBe(true);
    expect(isOfOther('sf', 'SF1234567890123')).toBe(false);
    expect(isOfOther('other', 'SF1234567890123')).toBe(false);
    expect(isOfOther('zto', '773412345678901')).toBe(false);
  });
  test('leads to the page of its carrier where there is one', () => {
    expect(trackingPage('zto', '773412345678901')).toBe(
      'https://www.zto.com/express/expressCheck.html?txtBill=773412345678901',
    );
    expect(trackingPage('yunda', '773412345678901')).toBeUndefined();
    expect(trackingPage('sf', null)).toBeUndefined();
    expect(trackingPage('no such', '1')).toBeUndefined();
    for (const { page } of Object.values(CARRIERS)) if (page) expect(page).toMatch(/^https:.*\{n\}$/);
  });
  test('is corrected only by whoever saw the one before', () => {
    const sent = settle(
      order([['a', 1]], { state: 'packing', parcels: [parcel('P', 'a', [{ line: 0, qty: 1 }])] }),
      ship(
        order([['a', 1]], { state: 'packing', parcels: [parcel('P', 'a', [{ line: 0, qty: 1 }])] }),
        { code: 'P' },
        sending,
      ),
    );
    const other = { ...sending, tracking: 'SF9999999999999' };
    expect(ship(sent, { code: 'P' }, sending)).toMatchObject({ changed: false });
    expect(ship(sent, { code: 'P' }, other)).toEqual({ refused: 'not_now' });
    expect(ship(sent, { code: 'P' }, { ...other, was: sending.tracking })).toMatchObject({ changed: true });
  });
});

import { describe, expect, test } from 'vitest';
import type { OrderRefund, Parcel } from '../../server/orders/orders.model.ts';
import {
  declinedWhy,
  lotsToRestock,
  mayRefund,
  piecesFen,
  refundLimitFen,
  refundParts,
  restockable,
  stakesOf,
  type Purse,
  type Refundable,
  type RefundAsk,
} from '../../server/orders/refunds.rules.ts';
import type { OrderState } from '../../server/orders/orders.rules.ts';
import { forSeeds, type Random } from '../support/random.ts';

type Line = Refundable['lines'][number];

function line(cooperative: string, qty: number, priceFen: number, discountFen = 0): Line {
  return {
    ...{ sku: 'X', product: 'x', image: '', grossGrams: 1, offer: null },
    ...{ name: { 'zh-CN': '', en: '' }, variant: { 'zh-CN': '', en: '' } },
    ...{ cooperative, qty, priceFen, discountFen, lots: [{ lot: 'L1', qty }] },
  };
}

function order(lines: Line[], shipping: Record<string, number> = {}): Refundable {
  const cooperatives = [...new Set(lines.map(({ cooperative }) => cooperative))];
  const parts = cooperatives.map((id) => ({ cooperative: id, grams: 1, fen: shipping[id] ?? 0 }));
  const shippingFen = parts.reduce((sum, { fen }) => sum + fen, 0);
  const found = { lines, cooperatives, shipping: parts, shippingFen };
  const paidFen = stakesOf(found).reduce((sum, { fen }) => sum + fen, 0);
  const payment = { intent: 'x', paidFen, paidAt: new Date(0), refundedFen: 0, disputed: false };
  return { state: 'paid', payment, refunds: [], parcels: [], ...found };
}

const ask = (more: Partial<RefundAsk>): RefundAsk => ({
  fen: undefined,
  items: [],
  shipping: false,
  ...more,
});

function after(before: Refundable, asked: RefundAsk, purse: Purse = 'all'): Refundable {
  const parts = refundParts(before, asked, purse);
  if (typeof parts === 'string') throw new Error(parts);
  const refund: OrderRefund = {
    ...{ key: String(before.refunds.length), ...parts, why: '', by: '', at: new Date(0) },
    ...{ state: 'done', restock: [] },
  };
  const payment = { ...before.payment, refundedFen: before.payment.refundedFen + parts.fen };
  return { ...before, payment, refunds: [...before.refunds, refund] };
}

const below = (random: Random, most: number) => random.int(0, most - 1);

const box = (qty: number): Parcel => ({
  ...{
    code: 'P',
    cooperative: 'a',
    items: [{ line: 0, qty }],
    state: 'packed',
    carrier: null,
    tracking: null,
  },
  ...{ packedAt: new Date(0), packedBy: '', shippedAt: null, deliveredAt: null },
});

describe('what may go back', () => {
  test('is what was paid: a discount is not paid out', () => {
    expect(refundLimitFen(order([line('a', 3, 1000, 500)], { a: 800 }), 'all')).toBe(3300);
  });

  test('for a cooperative is its own goods and their shipping, less what has gone back of them', () => {
    const two = order([line('a', 2, 1000, 300), line('b', 1, 5000, 700)], { a: 800, b: 0 });
    expect(refundLimitFen(two, ['a'])).toBe(2500);
    expect(refundLimitFen(two, ['b'])).toBe(4300);
    expect(refundLimitFen(two, ['c'])).toBe(0);
    const once = after(two, ask({ fen: 2000 }), ['a']);
    expect(refundLimitFen(once, ['a'])).toBe(500);
    expect(refundLimitFen(once, ['b'])).toBe(4300);
    expect(refundParts(once, ask({ fen: 501 }), ['a'])).toBe('more_than_paid');
  });

  test('by the piece adds up to the fen', () => {
    let now = order([line('a', 3, 1000, 100)]);
    const sums: number[] = [];
    for (let piece = 0; piece < 3; piece += 1) {
      sums.push(piecesFen(now, 0, 1));
      now = after(now, ask({ items: [{ line: 0, qty: 1 }] }));
    }
    expect(sums).toEqual([966, 967, 967]);
    expect(refundLimitFen(now, 'all')).toBe(0);
    expect(refundParts(now, ask({ items: [{ line: 0, qty: 1 }] }), 'all')).toBe('more_than_sold');
  });

  test('shipping goes back once, for those who sent', () => {
    const two = order([line('a', 1, 1000), line('b', 1, 1000)], { a: 800, b: 600 });
    const own = refundParts(two, ask({ shipping: true }), ['a']);
    expect(own).toMatchObject({ fen: 800, shipping: ['a'], shares: [{ cooperative: 'a', fen: 800 }] });
    const once = after(two, ask({ shipping: true }), ['a']);
    expect(refundParts(once, ask({ shipping: true }), 'all')).toMatchObject({ fen: 600, shipping: ['b'] });
  });

  test('the last pieces bring what a plain sum has left', () => {
    const sum = after(order([line('a', 2, 1000)]), ask({ fen: 1500 }));
    expect(refundParts(sum, ask({ items: [{ line: 0, qty: 2 }] }), 'all')).toMatchObject({ fen: 500 });
  });

  test('a sum of nothing is none, except where nothing was paid', () => {
    expect(refundParts(order([line('a', 1, 1000)]), ask({ fen: 0 }), 'all')).toBe('required');
    const free = order([line('a', 1, 1000, 1000)]);
    expect(mayRefund(free)).toBe(true);
    expect(refundParts(free, ask({ fen: 0 }), 'all')).toMatchObject({ fen: 0, shares: [] });
  });

  test('whatever is asked in whatever order, it is never more than was paid and ends with all of it', () => {
    forSeeds(200, (random) => {
      let now = someOrder(random);
      const purses: Purse[] = ['all', ['a'], ['b']];
      for (let turn = 0; turn < 12; turn += 1) {
        const place = below(random, now.lines.length);
        const asked = ask(
          below(random, 2) === 0
            ? { fen: 1 + below(random, 3000) }
            : { items: [{ line: place, qty: 1 + below(random, 3) }], shipping: below(random, 3) === 0 },
        );
        const purse = purses[below(random, 3)]!;
        const parts = refundParts(now, asked, purse);
        if (typeof parts === 'string') continue;
        expect(parts.shares.reduce((sum, { fen }) => sum + fen, 0)).toBe(parts.fen);
        expect(parts.fen).toBeLessThanOrEqual(refundLimitFen(now, purse));
        now = after(now, asked, purse);
      }
      const rest = refundLimitFen(now, 'all');
      expect(now.payment.refundedFen + rest).toBe(now.payment.paidFen);
    });
  });
});

function someOrder(random: Random): Refundable {
  const lines = Array.from({ length: 1 + below(random, 4) }, () => {
    const [qty, priceFen] = [1 + below(random, 4), 1 + below(random, 5000)];
    return line(below(random, 2) ? 'a' : 'b', qty, priceFen, below(random, qty * priceFen + 1));
  });
  return order(lines, { a: below(random, 2000), b: below(random, 2000) });
}

describe('what goes back on the shelf', () => {
  test('is in no box', () => {
    const three = { ...order([line('a', 3, 1000)]), parcels: [box(2)] };
    expect(restockable(three, 0)).toBe(1);
    expect(restockable({ ...three, parcels: [box(3)] }, 0)).toBe(0);
  });

  test('comes from the last lots, for boxes are filled from the first', () => {
    const lots = [
      { lot: 'L1', qty: 2 },
      { lot: 'L2', qty: 2 },
    ];
    const four = order([{ ...line('a', 4, 1000), lots }]);
    expect(lotsToRestock(four, 0, 3)).toEqual([
      { lot: 'L2', qty: 2 },
      { lot: 'L1', qty: 1 },
    ]);
    const back = { line: 0, qty: 1, lots: [{ lot: 'L2', qty: 1 }] };
    const refund = { ...after(four, ask({ fen: 1 })).refunds[0]!, restock: [back] };
    expect(lotsToRestock({ ...four, refunds: [refund] }, 0, 2)).toEqual([
      { lot: 'L2', qty: 1 },
      { lot: 'L1', qty: 1 },
    ]);
    const failed = { ...refund, state: 'failed' as const };
    expect(lotsToRestock({ ...four, refunds: [failed] }, 0, 2)).toEqual([{ lot: 'L2', qty: 2 }]);
  });
});

describe('a request that was turned down', () => {
  type Move = readonly [from: OrderState, to: OrderState, why: string];
  const why = (...moves: Move[]) =>
    declinedWhy(moves.map(([from, to, said]) => ({ at: new Date(0), from, to, by: 'x', why: said })));
  const ASKED: Move = ['paid', 'refund_requested', 'broken'];
  const DECLINED: Move = ['refund_requested', 'paid', 'no photo'];

  test('says why, until it is asked for again or money goes back', () => {
    expect(why(ASKED)).toBeUndefined();
    expect(why(ASKED, DECLINED)).toBe('no photo');
    expect(why(ASKED, DECLINED, ['paid', 'packing', ''])).toBe('no photo');
    expect(why(ASKED, DECLINED, ASKED)).toBeUndefined();
    expect(why(ASKED, DECLINED, ['paid', 'partly_refunded', ''])).toBeUndefined();
    expect(why(ASKED, ['refund_requested', 'refunded', 'sorry'])).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import {
  applyCoupon,
  couponState,
  covers,
  discountOn,
  firstFree,
  normaliseCoupon,
  someFree,
  spread,
  type CouponTerms,
} from '../../server/orders/coupons.rules.ts';
import { createRandom } from '../support/random.ts';

const FROM = new Date('2026-03-01T00:00:00Z');
const UNTIL = new Date('2026-04-01T00:00:00Z');
const now = new Date('2026-03-10T00:00:00Z');
const when = { live: null, now };

function coupon(change: Partial<CouponTerms>): CouponTerms {
  return {
    kind: 'fixed',
    amountFen: 1000,
    percent: 0,
    capFen: null,
    minSpendFen: 0,
    cooperative: null,
    scope: { kind: 'all' },
    from: FROM,
    until: UNTIL,
    stoppedAt: null,
    ...change,
  };
}

const line = (priceFen: number, qty = 1, product = 'honey', cooperative = 'a') => ({
  priceFen,
  qty,
  product,
  cooperative,
});

describe('what it takes off', () => {
  test('a fixed sum, never more than the goods it covers', () => {
    expect(discountOn(coupon({ amountFen: 1000 }), 5000)).toBe(1000);
    expect(discountOn(coupon({ amountFen: 1000 }), 999)).toBe(999);
  });

  test('per cent in whole fen, the fraction stays, up to the cap', () => {
    const ten = (more: object = {}) => coupon({ kind: 'percent', percent: 10, ...more });
    expect(discountOn(ten(), 1999)).toBe(199);
    expect(discountOn(ten(), 9)).toBe(0);
    expect(discountOn(ten({ capFen: 150 }), 1999)).toBe(150);
    expect(discountOn(ten({ capFen: 150 }), 1499)).toBe(149);
    expect(discountOn(coupon({ kind: 'percent', percent: 99 }), 900_719_925_474_099)).toBe(
      891_712_726_219_358,
    );
  });
});

describe('when and for what', () => {
  test('from its first instant until just before its last', () => {
    const one = coupon({});
    expect(couponState(one, new Date(FROM.getTime() - 1))).toBe('not_started');
    expect(couponState(one, FROM)).toBe('running');
    expect(couponState(one, new Date(UNTIL.getTime() - 1))).toBe('running');
    expect(couponState(one, UNTIL)).toBe('ended');
    expect(couponState(coupon({ stoppedAt: FROM }), now)).toBe('stopped');
  });

  test('covers what its scope says, and of a cooperative only its own', () => {
    const honey = line(100, 1, 'honey', 'a');
    const tea = line(100, 1, 'tea', 'b');
    const covered = (change: Partial<CouponTerms>, live: string | null = null) =>
      [honey, tea].map((one) => covers(coupon(change), one, live));
    expect(covered({})).toEqual([true, true]);
    expect(covered({ cooperative: 'a' })).toEqual([true, false]);
    expect(covered({ scope: { kind: 'products', products: ['tea'] } })).toEqual([false, true]);
    expect(covered({ cooperative: 'a', scope: { kind: 'products', products: ['tea'] } })).toEqual([
      false,
      false,
    ]);
    expect(covered({ scope: { kind: 'cooperatives', cooperatives: ['b'] } })).toEqual([false, true]);
    expect(covered({ scope: { kind: 'live', live: 'x' } })).toEqual([false, false]);
    expect(covered({ scope: { kind: 'live', live: 'x' } }, 'x')).toEqual([true, true]);
  });

  test('from its least sum on, to the fen, counting covered goods only', () => {
    const of100 = coupon({ minSpendFen: 10_000, cooperative: 'a' });
    expect(applyCoupon(of100, [line(9999), line(5000, 1, 'tea', 'b')], when)).toEqual({
      ok: false,
      reason: 'min_spend',
      missingFen: 1,
    });
    expect(applyCoupon(of100, [line(10_000), line(5000, 1, 'tea', 'b')], when)).toEqual({
      ok: true,
      discountFen: 1000,
      discounts: [1000, 0],
    });
    expect(applyCoupon(of100, [line(5000, 1, 'tea', 'b')], when)).toEqual({
      ok: false,
      reason: 'nothing_covered',
    });
    expect(applyCoupon(of100, [line(10_000)], { live: null, now: UNTIL })).toEqual({
      ok: false,
      reason: 'ended',
    });
  });

  test('codes are the same in any case, with spaces, and full-width', () => {
    expect(normaliseCoupon(' honey １０ ')).toBe('HONEY10');
  });
});

describe('spreading by the largest remainder, the earlier of equal ones first', () => {
  test.each([
    [100, [3000, 3000, 3000], [34, 33, 33]],
    [1000, [3900, 5360, 3960], [295, 405, 300]],
    [1, [1, 1], [1, 0]],
    [7, [7], [7]],
    [5, [0, 10, 0, 10], [0, 3, 0, 2]],
    [0, [10, 20], [0, 0]],
    [30, [10, 20], [10, 20]],
  ])('%i over %j is %j', (total, weights, parts) => {
    expect(spread(total, weights)).toEqual(parts);
  });

  test('adds up and takes from nobody more than there is, whatever the numbers', () => {
    const random = createRandom(20_260_301);
    for (let turn = 0; turn < 2_000; turn += 1) {
      const count = random.int(1, 8);
      const weights = Array.from({ length: count }, () => random.int(0, 10 ** random.int(0, 6)));
      const sum = weights.reduce((all, one) => all + one, 0);
      const total = random.int(0, sum);
      const parts = spread(total, weights);
      expect(parts.reduce((all, one) => all + one, 0)).toBe(total);
      parts.forEach((part, index) => {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(weights[index]!);
        if (sum > 0) expect(Math.abs(part - (total * weights[index]!) / sum)).toBeLessThan(1);
      });
    }
  });
});

describe('numbers', () => {
  test('the first free one, within the limit', () => {
    expect(firstFree(new Set(), 1)).toBe(1);
    expect(firstFree(new Set([1, 3]), 3)).toBe(2);
    expect(firstFree(new Set([1, 2]), 2)).toBeUndefined();
  });

  test('some free one, wherever one begins to look, until none is left', () => {
    for (const random of [0, 0.34, 0.67, 0.999]) expect(someFree(new Set([1, 3]), 3, random)).toBe(2);
    expect(someFree(new Set([1, 2, 3]), 3, 0.5)).toBeUndefined();
    expect(someFree(new Set(), 3, 0.999)).toBe(3);
  });
});

import { describe, expect, test } from 'vitest';
import {
  addMoney,
  formatMoney,
  money,
  timesMoney,
  toDecimalString,
  type Currency,
} from '../../server/platform/money.ts';
import { forSeeds } from '../support/random.ts';

const FOREIGN = 'XTS' as Currency;

describe('an amount', () => {
  test.each([0.5, 68.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('is not %s', (amount) => {
    expect(() => money(amount)).toThrow(RangeError);
  });

  test('may be nothing, negative, or very large', () => {
    expect(money(0)).toEqual({ amount: 0, currency: 'CNY' });
    expect(money(-6800).amount).toBe(-6800);
    expect(money(Number.MAX_SAFE_INTEGER).amount).toBe(9_007_199_254_740_991);
  });
});

describe('adding and multiplying', () => {
  test('are exact where floats are not', () => {
    // 0.1 + 0.2 yuan.
    expect(addMoney(money(10), money(20))).toEqual(money(30));
    expect(timesMoney(money(1990), 3)).toEqual(money(5970));
    forSeeds(200, (random) => {
      const [a, b, n] = [random.int(-1e9, 1e9), random.int(-1e9, 1e9), random.int(0, 99)];
      expect(BigInt(addMoney(money(a), money(b)).amount)).toBe(BigInt(a) + BigInt(b));
      expect(BigInt(timesMoney(money(a), n).amount)).toBe(BigInt(a) * BigInt(n));
    });
  });

  test('refuse what they cannot do exactly', () => {
    const most = money(Number.MAX_SAFE_INTEGER);
    expect(() => addMoney(most, money(1))).toThrow(RangeError);
    expect(() => timesMoney(most, 2)).toThrow(RangeError);
    expect(() => timesMoney(money(100), 1.5)).toThrow(RangeError);
    expect(() => addMoney(money(1), money(1, FOREIGN))).toThrow(RangeError);
  });
});

describe('an amount in writing', () => {
  test.each([
    [6800, '¥68.00', 'CN¥68.00', '68.00'],
    [5, '¥0.05', 'CN¥0.05', '0.05'],
    [50, '¥0.50', 'CN¥0.50', '0.50'],
    [0, '¥0.00', 'CN¥0.00', '0.00'],
    [123456789, '¥1,234,567.89', 'CN¥1,234,567.89', '1234567.89'],
    [-199, '-¥1.99', '-CN¥1.99', '-1.99'],
    [Number.MAX_SAFE_INTEGER, '¥90,071,992,547,409.91', 'CN¥90,071,992,547,409.91', '90071992547409.91'],
  ])('of %i fen', (amount, zh, en, decimal) => {
    expect(formatMoney(money(amount), 'zh-CN')).toBe(zh);
    expect(formatMoney(money(amount), 'en')).toBe(en);
    expect(toDecimalString(money(amount))).toBe(decimal);
  });
});

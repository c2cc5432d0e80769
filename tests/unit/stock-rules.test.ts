import { describe, expect, test } from 'vitest';
import { addDays, DAYS_ON_THE_WAY, sellUntil } from '../../server/stock/stock.rules.ts';
import { forSeeds } from '../support/random.ts';

describe('the last day on which a lot is sold', () => {
  test.each([
    ['honey that keeps two years', '2026-01-10', '2028-01-10', '2028-01-05'],
    ['food that keeps ten days', '2026-03-01', '2026-03-11', '2026-03-06'],
    ['food that keeps nine days', '2026-03-01', '2026-03-10', '2026-03-06'],
    ['mantou that keep four days', '2026-03-01', '2026-03-05', '2026-03-03'],
    ['milk that keeps a day', '2026-03-01', '2026-03-02', '2026-03-02'],
    ['across the end of February', '2028-02-20', '2028-03-03', '2028-02-27'],
  ])('for %s', (_what, madeOn, bestBefore, last) => {
    expect(sellUntil(madeOn, bestBefore)).toBe(last);
  });

  test('leaves the customer days on the way, or half of a short life', () => {
    forSeeds(300, (random) => {
      const madeOn = addDays('2026-01-01', random.int(0, 1_500));
      const life = random.int(1, 800);
      const last = sellUntil(madeOn, addDays(madeOn, life));
      const leftToCustomer = Math.min(DAYS_ON_THE_WAY, Math.floor(life / 2));
      expect(addDays(last, leftToCustomer)).toBe(addDays(madeOn, life));
      expect(last > madeOn).toBe(true);
    });
  });
});

describe('counting days', () => {
  test.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-29', 365, '2027-03-29'],
    ['2026-05-05', 0, '2026-05-05'],
  ])('%s and %i', (day, days, other) => expect(addDays(day, days)).toBe(other));
});

import { describe, expect, test } from 'vitest';
import {
  canSell,
  conditionOf,
  fitsFilter,
  orderOfRef,
  readWriteOffWhy,
  suggestLotCode,
  writeOffWhy,
} from '../../server/stock/lots.rules.ts';

const TODAY = '2026-03-10';
const lot = (more: object = {}) => ({
  state: 'open' as const,
  available: 3,
  held: 1,
  sellUntil: '2026-06-01',
  ...more,
});

describe('where a lot stands', () => {
  test.each([
    ['open', {}],
    ['expiring', { sellUntil: '2026-03-24' }],
    ['open', { sellUntil: '2026-03-25' }],
    ['expiring', { sellUntil: TODAY }],
    ['past', { sellUntil: '2026-03-09' }],
    ['empty', { available: 0, held: 0, sellUntil: '2026-03-09' }],
    ['open', { available: 0 }],
    ['blocked', { state: 'blocked', available: 0, held: 0 }],
    ['recalled', { state: 'recalled' }],
  ])('%s: %j', (condition, more) => {
    expect(conditionOf(lot(more), TODAY)).toBe(condition);
  });

  test('only an open lot within its days can be sold', () => {
    expect(canSell(lot(), TODAY)).toBe(3);
    expect(canSell(lot({ sellUntil: TODAY }), TODAY)).toBe(3);
    expect(canSell(lot({ sellUntil: '2026-03-09' }), TODAY)).toBe(0);
    expect(canSell(lot({ state: 'blocked' }), TODAY)).toBe(0);
  });

  test.each([
    ['all', {}, true],
    ['all', { available: 0, held: 0 }, false],
    ['expiring', {}, false],
    ['expiring', { sellUntil: '2026-03-01' }, true],
    ['blocked', { state: 'blocked', available: 0, held: 0 }, true],
    ['blocked', {}, false],
    ['empty', { available: 0, held: 0 }, true],
    ['empty', { available: 0 }, false],
  ] as const)('the filter %s takes %j: %j', (filter, more, takes) => {
    expect(fitsFilter(lot(more), filter, TODAY)).toBe(takes);
  });
});

describe('a lot code', () => {
  test('is short, well formed and free', () => {
    const sku = 'CHENGBU-HONEY-500G-GIFT';
    const first = suggestLotCode(sku, '2026-03-10', new Set());
    expect(first).toBe('CHENGBU-HONE-260310');
    const second = suggestLotCode(sku, '2026-03-10', new Set([first]));
    expect(second).toBe(`${first}B`);
    for (const code of [first, second, suggestLotCode('A', TODAY, new Set())])
      expect(code).toMatch(/^[A-Z0-9-]{3,20}$/);
  });
});

test('a write-off says why, there and back', () => {
  expect(readWriteOffWhy(writeOffWhy('damaged', '纸箱破了: 两件'))).toEqual({
    reason: 'damaged',
    note: '纸箱破了: 两件',
  });
  expect(readWriteOffWhy(writeOffWhy('sample', ''))).toEqual({ reason: 'sample', note: '' });
  expect(readWriteOffWhy('something else')).toEqual({ reason: 'other', note: 'something else' });
});

test('an order is behind its own movements and no others', () => {
  expect(orderOfRef('ABCD23456789:release')).toBe('ABCD23456789');
  expect(orderOfRef('a1b2c3d4e5f6g7h8i9j0:rest')).toBeUndefined();
  expect(orderOfRef('desk:ABCD23456789')).toBeUndefined();
});

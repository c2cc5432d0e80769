import { describe, expect, test } from 'vitest';
import { changeCart, mergeCarts, newsOf, withoutOrdered } from '../../server/orders/cart.rules.ts';

const now = new Date('2026-03-01T00:00:00Z');
const line = (sku: string, qty: number, priceFen = 100) => ({ sku, qty, priceFen, addedAt: now });

describe('a cart', () => {
  test('adds to what is there, sets, and takes out', () => {
    const change = (kind: 'add' | 'set', qty: number) =>
      changeCart([line('A', 2)], { kind, sku: 'A', qty, priceFen: 100, now });
    expect(change('add', 3)).toEqual([line('A', 5)]);
    expect(change('set', 3)).toEqual([line('A', 3)]);
    expect(change('set', 0)).toEqual([]);
    expect(change('add', 99)).toEqual([line('A', 99)]);
  });

  test('holds fifty kinds, and can still be changed when it is full', () => {
    const full = Array.from({ length: 50 }, (_item, index) => line(`S${index}`, 1));
    expect(changeCart(full, { kind: 'add', sku: 'X', qty: 1, priceFen: 1, now })).toBe('full');
    expect(changeCart(full, { kind: 'add', sku: 'S7', qty: 1, priceFen: 100, now })).toHaveLength(50);
  });

  test('takes in the one of the guest that its person was', () => {
    expect(mergeCarts([line('A', 2), line('B', 98)], [line('B', 5), line('C', 1)])).toEqual([
      line('A', 2),
      line('B', 99),
      line('C', 1),
    ]);
  });

  test('loses what was ordered and keeps what was put in since', () => {
    expect(
      withoutOrdered(
        [line('A', 2), line('B', 5), line('C', 1)],
        [
          { sku: 'A', qty: 2 },
          { sku: 'B', qty: 3 },
        ],
      ),
    ).toEqual([line('B', 2), line('C', 1)]);
  });

  test('knows what has changed since', () => {
    const of = (now: { priceFen: number; available: number } | undefined) => newsOf(line('A', 3), now);
    expect(of({ priceFen: 100, available: 3 })).toEqual([]);
    expect(of(undefined)).toEqual([{ kind: 'gone' }]);
    expect(of({ priceFen: 100, available: 0 })).toEqual([{ kind: 'sold_out' }]);
    expect(of({ priceFen: 101, available: 2 })).toEqual([
      { kind: 'fewer', left: 2 },
      { kind: 'dearer', wasFen: 100 },
    ]);
    expect(of({ priceFen: 99, available: 9 })).toEqual([{ kind: 'cheaper', wasFen: 100 }]);
  });
});

import { describe, expect, test } from 'vitest';
import { keptUntil } from '../../server/trace/pledges.rules.ts';
import {
  piecesHeld,
  piecesToRefund,
  piecesToShelf,
  type Recallable,
} from '../../server/trace/recalls.rules.ts';

const line = (qty: number, lots: [string, number][]) => ({
  qty,
  sku: 'S',
  cooperative: 'c',
  lots: lots.map(([lot, pieces]) => ({ lot, qty: pieces })),
});

function order(change: Partial<Recallable> = {}): Recallable {
  return { lines: [line(3, [['L', 3]])], parcels: [], refunds: [], ...change };
}

const refund = (
  items: { line: number; qty: number }[],
  restocked: [string, number][] = [],
  state = 'done',
) => ({
  state,
  items,
  restock: restocked.map(([lot, qty]) => ({ line: 0, qty, lots: [{ lot, qty }] })),
});
const box = (qty: number) => ({ code: 'B', state: 'packed', items: [{ line: 0, qty }] });

describe('pieces of a recalled lot in an order', () => {
  test('are those that it was sold from', () => {
    expect(piecesHeld(order(), 'L')).toEqual([{ line: 0, qty: 3 }]);
    expect(piecesHeld(order(), 'other')).toEqual([]);
    const mixed = order({
      lines: [
        line(5, [
          ['K', 2],
          ['L', 3],
        ]),
        line(1, [['L', 1]]),
      ],
    });
    expect(piecesHeld(mixed, 'L')).toEqual([
      { line: 0, qty: 3 },
      { line: 1, qty: 1 },
    ]);
  });

  test('are not those that went back on the shelf', () => {
    expect(piecesHeld(order({ refunds: [refund([], [['L', 2]])] }), 'L')).toEqual([{ line: 0, qty: 1 }]);
    expect(piecesHeld(order({ refunds: [refund([], [['L', 3]])] }), 'L')).toEqual([]);
    expect(piecesHeld(order({ refunds: [refund([], [['L', 3]], 'failed')] }), 'L')).toEqual([
      { line: 0, qty: 3 },
    ]);
  });

  test('are paid back once', () => {
    expect(piecesToRefund(order(), 'L')).toEqual([{ line: 0, qty: 3 }]);
    expect(piecesToRefund(order({ refunds: [refund([{ line: 0, qty: 2 }])] }), 'L')).toEqual([
      { line: 0, qty: 1 },
    ]);
    expect(piecesToRefund(order({ refunds: [refund([{ line: 0, qty: 3 }])] }), 'L')).toEqual([]);
  });

  test('come back to their book only where they are in no box, and nobody can mistake them', () => {
    expect(piecesToShelf(order(), 'L')).toEqual([{ line: 0, qty: 3 }]);
    expect(piecesToShelf(order({ parcels: [box(2)] }), 'L')).toEqual([{ line: 0, qty: 1 }]);
    expect(piecesToShelf(order({ parcels: [box(3)] }), 'L')).toEqual([]);
    expect(
      piecesToShelf(
        order({
          lines: [
            line(4, [
              ['K', 1],
              ['L', 3],
            ]),
          ],
        }),
        'L',
      ),
    ).toEqual([]);
  });
});

test('a pledge is kept for two years', () => {
  expect(keptUntil('2026-03-05')).toBe('2028-03-05');
  expect(keptUntil('2024-02-29')).toBe('2026-03-01');
});

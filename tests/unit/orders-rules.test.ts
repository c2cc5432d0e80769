import { describe, expect, test } from 'vitest';
import {
  maskName,
  mayMove,
  ORDER_MOVES,
  ORDER_STATES,
  totalFen,
  unreachableStates,
  type OrderState,
} from '../../server/orders/orders.rules.ts';

/** The whole table once more, as people tell it: what an order may become. */
const ALLOWED: Record<OrderState, string> = {
  opening: 'awaiting_payment',
  awaiting_payment: 'paid cancelled expired',
  paid: 'packing shipped refund_requested refunded partly_refunded',
  packing: 'shipped refund_requested refunded partly_refunded',
  shipped: 'delivered refund_requested refunded partly_refunded',
  delivered: 'completed refund_requested refunded partly_refunded',
  completed: 'refund_requested refunded partly_refunded',
  refund_requested: 'refunded partly_refunded paid packing shipped delivered completed',
  partly_refunded: 'refunded refund_requested packing shipped delivered completed',
  cancelled: 'refunded',
  expired: 'paid refunded',
  refunded: '',
};

const PAIRS = ORDER_STATES.flatMap((from) => ORDER_STATES.map((to) => [from, to] as const));

describe('an order', () => {
  test.each(PAIRS)('%s -> %s', (from, to) => {
    expect(mayMove(from, to)).toBe(ALLOWED[from].split(' ').includes(to));
  });

  test('never moves to where it is, and never back to before it was told of', () => {
    expect(PAIRS.filter(([from, to]) => from === to && mayMove(from, to))).toEqual([]);
    expect(ORDER_STATES.filter((from) => mayMove(from, 'opening'))).toEqual([]);
  });

  test('that was given up by its buyer is never paid, and money that went back is gone', () => {
    expect(mayMove('cancelled', 'paid')).toBe(false);
    expect(ORDER_STATES.filter((to) => mayMove('refunded', to))).toEqual([]);
    const intoPaid = ORDER_STATES.filter((from) => mayMove(from, 'paid'));
    expect(intoPaid.sort()).toEqual(['awaiting_payment', 'expired', 'refund_requested']);
  });
});

describe('the table', () => {
  test('leads everywhere', () => expect(unreachableStates(ORDER_MOVES, 'opening')).toEqual([]));

  test('is searched for islands', () => {
    expect(unreachableStates({ a: ['b'], b: [], c: ['d'], d: ['c'] }, 'a')).toEqual(['c', 'd']);
  });
});

test('a total is the sum of its lines', () => {
  expect(totalFen([])).toBe(0);
  expect(totalFen([{ qty: 3, priceFen: 1990 }, { qty: 1, priceFen: 10 }])).toBe(5980); // prettier-ignore
});

describe('a name, for strangers', () => {
  test.each([
    ['王小明', '王**'],
    ['欧阳', '欧**'],
    ['李', '李**'],
    ['  Li Ming', 'L**'],
    ['𠮷野家', '𠮷**'],
    ['🍊橘子', '🍊**'],
    ['', ''],
    ['   ', ''],
  ])('%s is %s', (name, masked) => expect(maskName(name)).toBe(masked));

  test('does not tell how long it is', () => {
    expect(maskName('张'.repeat(20))).toBe(maskName('张三'));
  });
});

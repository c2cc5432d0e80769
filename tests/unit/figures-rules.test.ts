import { describe, expect, test } from 'vitest';
import {
  createTally,
  csv,
  thinned,
  type Minute,
  type SaleFigure,
} from '../../server/figures/figures.rules.ts';

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 23, 8, minute, second));
const line = { sku: 'HNY-500', cooperative: 'c1', qty: 2, goodsFen: 13_600, returned: 0 };

function sale(more: Partial<SaleFigure> = {}): SaleFigure {
  return { buyer: 'a', at: at(1), paid: true, paidFen: 14_600, refundedFen: 0, lines: [line], ...more };
}

const minute = (place: number, people: Minute['people'], taps: Minute['taps'] = {}): Minute => ({
  at: at(place),
  people,
  taps,
});

describe('the tally of a live', () => {
  test('keeps placed, paid and refunded apart, to the cent', () => {
    const tally = createTally([]);
    tally.add(sale());
    tally.add(sale({ buyer: 'b', paid: false, paidFen: 0 }));
    tally.add(sale({ refundedFen: 6_801, lines: [{ ...line, returned: 1 }] }));
    const { sums, payers, products } = tally.close([]);
    expect(sums).toEqual({ orders: 3, paidOrders: 2, paidFen: 29_200, refundedFen: 6_801 });
    expect(payers).toBe(1);
    expect(products).toMatchObject([
      { sku: 'HNY-500', orders: 3, pieces: 6, paidPieces: 4, paidGoodsFen: 27_200, returnedPieces: 1 },
    ]);
  });

  test('adds the people of several processes, and takes the highest minute', () => {
    const { peak, minutes } = createTally([]).close([
      minute(0, { n1: 3 }),
      minute(1, { n1: 2, n2: 4 }),
      minute(2, { n2: 5 }),
    ]);
    expect(peak).toBe(6);
    expect(minutes.map(({ people }) => people)).toEqual([3, 6, 5]);
  });

  test('gives an order to the host of that moment, and one row to a host who came back', () => {
    const turns = [
      { host: 'h1', name: '向阳', from: at(0), to: at(10) },
      { host: 'h2', name: '小满', from: at(10), to: at(20) },
      { host: 'h1', name: '向阳', from: at(20), to: at(25) },
    ];
    const tally = createTally(turns);
    tally.add(sale({ at: at(9, 59) }));
    tally.add(sale({ at: at(10) }));
    tally.add(sale({ at: at(25, 1) })); // acknowledged in the moment of the end
    const { hosts } = tally.close([minute(3, { n: 7 }), minute(15, { n: 9 })]);
    expect(hosts).toEqual([
      { name: '向阳', minutes: 15, peak: 7, orders: 2, paidOrders: 2, paidFen: 29_200, refundedFen: 0 },
      { name: '小满', minutes: 10, peak: 9, orders: 1, paidOrders: 1, paidFen: 14_600, refundedFen: 0 },
    ]);
  });

  test('counts looks and taps of products that nobody bought', () => {
    const { products, looks, buys } = createTally([]).close([
      minute(0, {}, { 'HNY-500': { look: 2, buy: 1 } }),
      minute(1, {}, { 'HNY-500': { look: 1 }, 'MTO-600': { buy: 3 } }),
    ]);
    expect(looks).toBe(3);
    expect(buys).toBe(4);
    expect(products.map(({ sku, looks: seen, buys: taps }) => [sku, seen, taps])).toEqual([
      ['HNY-500', 3, 1],
      ['MTO-600', 0, 3],
    ]);
  });
});

describe('a curve made to fit', () => {
  test('keeps its highest point', () => {
    const points = Array.from({ length: 600 }, (_, place) => ({
      at: new Date(at(0).getTime() + place * 60_000),
      value: place === 377 ? 99 : 1,
    }));
    const fitted = thinned(points, 60);
    expect(fitted).toHaveLength(60);
    expect(Math.max(...fitted)).toBe(99);
    expect(fitted.filter((value) => value === 99)).toHaveLength(1);
  });

  test('shows a gap as nothing, and needs nobody', () => {
    expect(
      thinned(
        [
          { at: at(0), value: 5 },
          { at: at(4), value: 3 },
        ],
        60,
      ),
    ).toEqual([5, 0, 0, 0, 3]);
    expect(thinned([], 60)).toEqual([]);
  });
});

describe('a table for a spreadsheet', () => {
  test('quotes what RFC 4180 asks for', () => {
    expect(csv([['名', 'a "b"', 'c,d', 7]])).toBe('\uFEFF名,"a ""b""","c,d",7\r\n');
  });

  test.each(['=1+1', '+8613', '-2', '@x', '\tx'])('does not let %j be a formula', (text) => {
    expect(csv([[text]])).toBe(`\uFEFF'${text}\r\n`);
  });
});

import { describe, expect, test } from 'vitest';
import {
  agreedTerms,
  changesSince,
  quote,
  shownOf,
  standingTerms,
  type QuoteLine,
} from '../../server/orders/checkout.rules.ts';
import { DEFAULT_TABLE } from '../../server/orders/shipping.rules.ts';

const honey: QuoteLine = {
  sku: 'H',
  qty: 1,
  priceFen: 3900,
  product: 'honey',
  cooperative: 'a',
  grossGrams: 820,
};
const tea: QuoteLine = {
  sku: 'T',
  qty: 3,
  priceFen: 2680,
  product: 'tea',
  cooperative: 'b',
  grossGrams: 450,
};
const tables = () => DEFAULT_TABLE;
const address = {
  name: '张三',
  phone: '13812345678',
  province: '湖南省',
  city: '长沙市',
  county: '岳麓区',
  street: '1号',
};

describe('a quote', () => {
  test('sums goods, discount and the shipping of each cooperative by its own weight', () => {
    const found = quote([honey, tea], {
      tables,
      province: '湖南省',
      coupon: { ok: true, discountFen: 1000, discounts: [327, 673] },
    });
    // 820 g: 6.00; 1350 g: 6.00 and one step of 1.50.
    expect(found).toMatchObject({ goodsFen: 11_940, discountFen: 1000, shippingFen: 1350, totalFen: 12_290 });
    expect(
      found.parts.map(({ cooperative, goodsFen, discountFen, grams }) => [
        cooperative,
        goodsFen,
        discountFen,
        grams,
      ]),
    ).toEqual([
      ['a', 3900, 327, 820],
      ['b', 8040, 673, 1350],
    ]);
    expect(found.deliverable).toBe(true);
  });

  test('looks at what is left after the discount for free shipping', () => {
    const many = { ...honey, qty: 3 };
    const plain = quote([many], { tables, province: '湖南省', coupon: null });
    expect(plain.shippingFen).toBe(0);
    const less = quote([many], {
      tables,
      province: '湖南省',
      coupon: { ok: true, discountFen: 1801, discounts: [1801] },
    });
    expect(less.shippingFen).toBe(600 + 2 * 150);
  });

  test('knows no shipping without a province, and cannot be delivered where one of them does not go', () => {
    expect(quote([honey], { tables, province: null, coupon: null })).toMatchObject({
      shippingFen: 0,
      deliverable: false,
    });
    expect(quote([honey], { tables, province: '台湾省', coupon: null }).deliverable).toBe(false);
  });
});

describe('terms', () => {
  const agreed = (totalFen: number) =>
    agreedTerms({
      address,
      email: null,
      note: '',
      coupon: null,
      live: null,
      now: new Date(),
      tables,
      totalFen,
    });

  test('that were agreed hold to the fen or not at all', () => {
    expect(agreed(4500).settle([honey])).toMatchObject({
      shippingFen: 600,
      shipping: [{ cooperative: 'a', grams: 820, fen: 600 }],
    });
    expect(agreed(4499).settle([honey])).toBeUndefined();
    expect(agreed(4500).settle([{ ...honey, priceFen: 3901 }])).toBeUndefined();
  });

  test('that go without saying leave the address out where nobody delivers', () => {
    expect(standingTerms(address, tables).settle([honey])).toMatchObject({ address, shippingFen: 600 });
    const there = { ...address, province: '台湾省' };
    expect(standingTerms(there, tables).settle([honey])).toMatchObject({
      address: null,
      shippingFen: 0,
      shipping: [],
    });
  });
});

describe('what has changed since it was shown', () => {
  const shown = shownOf([honey, tea], quote([honey, tea], { tables, province: null, coupon: null }));

  test('is told thing by thing', () => {
    const lines = [
      { ...honey, priceFen: 4100 },
      { ...tea, qty: 2 },
      { ...tea, sku: 'N' },
    ];
    const now = shownOf(lines, quote(lines, { tables, province: '湖南省', coupon: null }));
    expect(changesSince(shown, now)).toEqual([
      { kind: 'price', sku: 'H', fromFen: 3900, toFen: 4100 },
      { kind: 'qty', sku: 'T', from: 3, to: 2 },
      { kind: 'added', sku: 'N' },
      { kind: 'shipping', fromFen: null, toFen: now.shippingFen },
    ]);
    expect(
      changesSince(shown, shownOf([honey], quote([honey], { tables, province: null, coupon: null }))),
    ).toEqual([{ kind: 'removed', sku: 'T' }]);
  });

  test('is nothing when nothing has', () => {
    expect(changesSince(shown, shown)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { PROVINCES } from '../../server/accounts/index.ts';
import {
  DEFAULT_TABLE,
  outlineOf,
  provincesTwice,
  rateFor,
  shippingOf,
  stepsOf,
  type ShippingTable,
} from '../../server/orders/shipping.rules.ts';
import { fenOf, shippingTable, yuan } from '../../server/orders/shipping.schema.ts';

const near = { firstGrams: 1000, firstFen: 600, stepGrams: 500, stepFen: 150, surchargeFen: 0 };
const far = { firstGrams: 1000, firstFen: 1200, stepGrams: 1000, stepFen: 800, surchargeFen: 650 };
const rest = { firstGrams: 1000, firstFen: 800, stepGrams: 1000, stepFen: 300, surchargeFen: 0 };

const TABLE: ShippingTable = {
  zones: [
    { provinces: ['湖南省', '湖北省'], ...near },
    { provinces: ['西藏自治区'], ...far },
  ],
  rest,
  refused: ['台湾省'],
  freeOverFen: 9900,
};

function fenTo(province: string, grams: number, goodsFen = 0, table = TABLE) {
  const found = shippingOf(table, province, { grams, goodsFen });
  return found.ok ? found.charge.fen : found.reason;
}

describe('by weight', () => {
  test.each([
    [1, 600],
    [999, 600],
    [1000, 600],
    [1001, 750],
    [1500, 750],
    [1501, 900],
    [2000, 900],
    [2001, 1050],
    [99_000, 600 + 196 * 150],
  ])('%i g cost %i fen', (grams, fen) => {
    expect(fenTo('湖南省', grams)).toBe(fen);
  });

  test('one gram over is a whole step', () => {
    expect(stepsOf(near, 1000)).toBe(0);
    expect(stepsOf(near, 1001)).toBe(1);
    expect(stepsOf(near, 1500)).toBe(1);
    expect(stepsOf(near, 1501)).toBe(2);
  });
});

describe('by province', () => {
  test('a zone has its own price, everything else the rest', () => {
    expect(fenTo('湖北省', 1200)).toBe(750);
    expect(fenTo('北京市', 1200)).toBe(1100);
  });

  test('a remote place pays its surcharge, also when the weight is free', () => {
    expect(fenTo('西藏自治区', 2100)).toBe(1200 + 2 * 800 + 650);
    expect(fenTo('西藏自治区', 2100, 9900)).toBe(650);
  });

  test('a refused one has no price', () => {
    expect(fenTo('台湾省', 100)).toBe('not_delivered');
    expect(fenTo('台湾省', 100, 1_000_000)).toBe('not_delivered');
  });
});

describe('free from a sum on', () => {
  test('to the fen', () => {
    expect(fenTo('湖南省', 500, 9899)).toBe(600);
    expect(fenTo('湖南省', 500, 9900)).toBe(0);
    expect(fenTo('湖南省', 500, 9901)).toBe(0);
  });

  test('never where that was not promised', () => {
    expect(fenTo('湖南省', 500, 10_000_000, { ...TABLE, freeOverFen: null })).toBe(600);
  });

  test('says how much is missing', () => {
    const found = shippingOf(TABLE, '湖南省', { grams: 500, goodsFen: 9000 });
    expect(found).toMatchObject({ charge: { toFreeFen: 900, free: false, weightFen: 600 } });
    const there = shippingOf(TABLE, '湖南省', { grams: 500, goodsFen: 9900 });
    expect(there).toMatchObject({ charge: { toFreeFen: null, free: true, weightFen: 600 } });
  });
});

describe('before it is known where to', () => {
  test('the least is said, and free only where nothing costs anything', () => {
    expect(outlineOf(TABLE)).toEqual({ fromFen: 600, free: false, freeOverFen: 9900 });
    const gift = { ...near, firstFen: 0, stepFen: 0 };
    const partly = { ...TABLE, zones: [{ provinces: ['湖南省'], ...gift }], freeOverFen: null };
    expect(outlineOf(partly)).toEqual({ fromFen: 0, free: false, freeOverFen: null });
    expect(outlineOf({ ...partly, rest: gift }).free).toBe(true);
  });
});

describe('the default table', () => {
  test('names provinces only, each once', () => {
    const named = [...DEFAULT_TABLE.zones.flatMap(({ provinces }) => provinces), ...DEFAULT_TABLE.refused];
    expect(named.filter((one) => !(PROVINCES as readonly string[]).includes(one))).toEqual([]);
    expect(provincesTwice(DEFAULT_TABLE)).toEqual([]);
  });

  test('delivers everywhere but to Hong Kong, Macao and Taiwan, and takes more for the remote west', () => {
    const refused = PROVINCES.filter((province) => rateFor(DEFAULT_TABLE, province) === undefined);
    expect(refused).toEqual(['台湾省', '香港特别行政区', '澳门特别行政区']);
    for (const far of [
      '新疆维吾尔自治区',
      '西藏自治区',
      '青海省',
      '宁夏回族自治区',
      '内蒙古自治区',
      '甘肃省',
      '海南省',
    ]) {
      expect(rateFor(DEFAULT_TABLE, far)!.surchargeFen).toBeGreaterThan(0);
    }
    expect(fenTo('湖南省', 1000, 0, DEFAULT_TABLE)).toBeLessThan(
      fenTo('北京市', 1000, 0, DEFAULT_TABLE) as number,
    );
  });
});

describe('a table that comes in', () => {
  const form = {
    zones: [
      {
        provinces: ['湖南省'],
        firstGrams: '1000',
        firstFen: '6',
        stepGrams: '500',
        stepFen: '1.5',
        surchargeFen: '0',
      },
    ],
    rest: { firstGrams: '1000', firstFen: '8.00', stepGrams: '1000', stepFen: '3', surchargeFen: '0' },
    refused: ['台湾省'],
    freeOverFen: '',
  };
  const issues = (change: object) =>
    shippingTable
      .safeParse({ ...form, ...change })
      .error?.issues.map(({ path, message }) => [path.join('.'), message]);

  test('is read in yuan and kept in fen', () => {
    expect(shippingTable.parse(form)).toEqual({
      zones: [{ provinces: ['湖南省'], ...near }],
      rest,
      refused: ['台湾省'],
      freeOverFen: null,
    });
    expect(['0', '0.1', '0.29', '19.99', '1.10', '999999.99'].map(fenOf)).toEqual([
      0, 10, 29, 1999, 110, 99_999_999,
    ]);
    expect(['-1', '1.234', '1,5', 'x', '1e3'].some((text) => yuan.safeParse(text).success)).toBe(false);
  });

  test('is refused where it contradicts itself or leaves something open', () => {
    expect(issues({ refused: ['湖南省'] })).toEqual([['zones', 'province_twice']]);
    expect(issues({ zones: [form.zones[0], form.zones[0]] })).toEqual([['zones', 'province_twice']]);
    expect(issues({ zones: [{ ...form.zones[0], provinces: [] }] })).toEqual([
      ['zones.0.provinces', 'zone_empty'],
    ]);
    expect(issues({ rest: { ...form.rest, firstGrams: '0' } })).toEqual([['rest.firstGrams', 'grams_range']]);
    expect(issues({ rest: { ...form.rest, stepFen: '' } })).toEqual([['rest.stepFen', 'yuan_shape']]);
  });
});

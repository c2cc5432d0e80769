import { describe, expect, test } from 'vitest';
import { inBookOrder, normalisePhone } from '../../server/accounts/addresses.rules.ts';
import { postalAddress } from '../../server/accounts/addresses.schema.ts';
import { PROVINCES, shortProvince } from '../../server/accounts/provinces.rules.ts';

describe('a phone number', () => {
  test.each([
    ['13812345678', '13812345678'],
    [' 138 1234 5678 ', '13812345678'],
    ['138-1234-5678', '13812345678'],
    ['+86 13812345678', '13812345678'],
    ['+8619912345678', '19912345678'],
    ['008613812345678', '13812345678'],
    ['8613812345678', '13812345678'],
    ['１３８１２３４５６７８', '13812345678'],
    ['0731-82345678', '0731-82345678'],
    ['073182345678', '0731-82345678'],
    ['(0739) 7361234', '0739-7361234'],
    ['（010）6234 5678', '010-62345678'],
    ['+86 731 8234 5678', '0731-82345678'],
    ['+86 10 6234 5678', '010-62345678'],
    ['021-62345678', '021-62345678'],
  ])('%s is %s', (text, normal) => {
    expect(normalisePhone(text)).toBe(normal);
  });

  test.each([
    '',
    '12812345678',
    '1381234567',
    '138123456789',
    '82345678',
    '0731-8234567890',
    '010-6234567',
    '0731-12345678',
    '+1 212 555 0100',
    '+85291234567',
    '1381234567a',
  ])('%s is none', (text) => {
    expect(normalisePhone(text)).toBeUndefined();
  });
});

const GOOD = {
  name: '张三',
  phone: '+86 138 1234 5678',
  province: '湖南省',
  city: '邵阳市',
  county: '城步苗族自治县',
  street: '儒林镇1号',
};

/** The fields that are refused, each with its reason. */
function wrong(change: object): Record<string, string> {
  const found = postalAddress.safeParse({ ...GOOD, ...change });
  if (found.success) return {};
  return Object.fromEntries(
    found.error.issues.toReversed().map(({ path, message }) => [path.join('.'), message]),
  );
}

describe('an address', () => {
  test('comes out with its phone in one form and without spaces around', () => {
    expect(postalAddress.parse({ ...GOOD, name: ' 张三 ' })).toEqual({ ...GOOD, phone: '13812345678' });
  });

  test('needs every field, and says which is wrong', () => {
    expect(wrong({ name: ' ' })).toEqual({ name: 'required' });
    expect(wrong({ phone: '' })).toEqual({ phone: 'required' });
    expect(wrong({ phone: '123' })).toEqual({ phone: 'phone_shape' });
    expect(wrong({ province: '' })).toEqual({ province: 'province_unknown' });
    expect(wrong({ province: '湖南' })).toEqual({ province: 'province_unknown' });
    expect(wrong({ city: '' })).toEqual({ city: 'required' });
    expect(wrong({ county: '' })).toEqual({ county: 'required' });
    expect(wrong({ street: '一' })).toEqual({ street: 'street_short' });
    expect(wrong({ street: 'x'.repeat(121) })).toEqual({ street: 'too_long' });
  });

  test('in a municipality has the city of that name', () => {
    const capital = postalAddress.parse({ ...GOOD, province: '北京市', city: '', county: '海淀区' });
    expect(capital.city).toBe('北京市');
    expect(wrong({ province: '上海市', city: '', county: '' })).toEqual({ county: 'required' });
  });

  test('in a city without counties needs none', () => {
    expect(wrong({ province: '广东省', city: '东莞市', county: '' })).toEqual({});
    expect(wrong({ province: '香港特别行政区', city: '', county: '' })).toEqual({});
  });
});

describe('the provinces', () => {
  test('are the 34 provincial divisions, each once', () => {
    expect(new Set(PROVINCES).size).toBe(34);
    expect(PROVINCES.map((name) => shortProvince(name)['zh-CN'])).toEqual(
      expect.arrayContaining(['北京', '内蒙古', '广西', '宁夏', '新疆', '西藏', '香港', '台湾', '黑龙江']),
    );
  });
});

describe('the book', () => {
  const at = (minute: number) => new Date(2026, 0, 1, 0, minute);

  test('begins with what was made the default last, else with the oldest', () => {
    const old = { id: 'old', defaultAt: null, createdAt: at(0) };
    const chosen = { id: 'chosen', defaultAt: at(5), createdAt: at(1) };
    const latest = { id: 'latest', defaultAt: at(9), createdAt: at(2) };
    expect(inBookOrder([old, chosen, latest]).map(({ id }) => id)).toEqual(['latest', 'chosen', 'old']);
    expect(inBookOrder([{ ...latest, defaultAt: null }, old]).map(({ id }) => id)).toEqual(['old', 'latest']);
  });
});

import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { PROVINCES, shortProvince } from '../../server/accounts/index.ts';
import { provinceIn } from '../../server/trace/places.rules.ts';
import { createPlaces } from '../../server/trace/places.service.ts';
import { looksCopied, type ScanLook } from '../../server/trace/scans.rules.ts';

const names = PROVINCES.map((full) => ({
  full,
  short: shortProvince(full)['zh-CN'],
  en: shortProvince(full).en,
}));

describe('a province', () => {
  test('is known by its ISO code, its Chinese and its English name', () => {
    for (const word of ['HN', 'cn-hn', '湖南', '湖南省', 'Hunan', 'hunan province']) {
      expect(provinceIn(word, names), word).toBe('湖南省');
    }
    expect(provinceIn('SN', names)).toBe('陕西省');
    expect(provinceIn('SX', names)).toBe('山西省');
    expect(provinceIn('MO', names)).toBe('澳门特别行政区');
    expect(provinceIn('内蒙古', names)).toBe('内蒙古自治区');
    for (const word of ['', 'XX', 'US-CA', 'California', '<b>'])
      expect(provinceIn(word, names)).toBeUndefined();
  });

  test('is found for networks of both versions, and for nobody’s network it is not', () => {
    const places = createPlaces({ log: pino({ level: 'silent' }) });
    // Public resolvers, and what China Mobile gives to telephones in Hunan.
    expect(places.of({ address: '223.5.5.5' })).toBe('浙江省');
    expect(places.of({ address: '::ffff:223.5.5.5' })).toBe('浙江省');
    expect(places.of({ address: '2409:8a50::1' })).toBe('湖南省');
    expect(places.of({ address: '8.8.8.8' })).toBe('abroad');
    for (const address of [
      '192.0.2.7',
      '198.51.100.3',
      '203.0.113.9',
      '2001:db8::1',
      '127.0.0.1',
      '::1',
      '',
    ]) {
      expect(places.of({ address }), address).toBeUndefined();
    }
    expect(places.of({ address: '8.8.8.8', region: 'GD' })).toBe('广东省');
    expect(places.of({ address: '192.0.2.7', region: 'nowhere' })).toBeUndefined();
  });
});

test('a code looks copied from three provinces on a day, four after its sale, or six ever', () => {
  const look: ScanLook = {
    ...{ first: new Date(), count: 3, day: '2026-11-20', people: [], places: [] },
    ...{ mostPlaces: 1, allPlaces: 1, placesAfterSale: 0, firstProvince: '湖南省' },
    ...{ provincesToday: [], mostProvinces: 2, provinces: PROVINCES.slice(0, 5) },
    provincesAfterSale: PROVINCES.slice(0, 3),
  };
  expect(looksCopied(look)).toBe(false);
  expect(looksCopied({ ...look, mostProvinces: 3 })).toBe(true);
  expect(looksCopied({ ...look, provincesAfterSale: PROVINCES.slice(0, 4) })).toBe(true);
  expect(looksCopied({ ...look, provinces: PROVINCES.slice(0, 6) })).toBe(true);
});

import { describe, expect, test } from 'vitest';
import {
  compareItems,
  isGtin,
  lowestPrice,
  matchesFilter,
  SORTS,
  validCertificates,
  type Certificate,
  type ShelfItem,
} from '../../server/catalog/catalog.rules.ts';
import { createRandom, forSeeds } from '../support/random.ts';

const both = (text: string) => ({ 'zh-CN': text, en: text });

function certificate(kind: Certificate['kind'], validFrom: string, validTo: string): Certificate {
  return { kind, number: 'N1', issuer: both('Issuer'), validFrom, validTo };
}

function item(slug: string, more: Partial<ShelfItem> = {}): ShelfItem {
  return {
    id: slug,
    slug,
    cooperative: { slug: 'huifeng', name: both('Huifeng') },
    category: 'honey',
    name: both(slug),
    tagline: both(''),
    image: '',
    imageAlt: both(''),
    certificates: [],
    variants: [{ sku: slug.toUpperCase(), priceFen: 1000 }],
    position: 1,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    ...more,
  };
}

describe('a GTIN', () => {
  test.each(['4006381333931', '96385074', '036000291452', '00012345600012', '6901234567892'])(
    '%s is one',
    (gtin) => expect(isGtin(gtin)).toBe(true),
  );

  test.each([
    ['a wrong check digit', '4006381333932'],
    ['two digits swapped', '4006381339331'],
    ['no digits', ''],
    ['eleven digits', '03600029145'],
    ['letters', '400638133393X'],
    ['a space', ' 4006381333931'],
    ['digits of another script', '４００６３８１３３３９３１'],
  ])('is not one with %s', (_what, gtin) => expect(isGtin(gtin)).toBe(false));

  test('has exactly one check digit, whatever its length', () => {
    forSeeds(200, (random) => {
      const body = Array.from({ length: random.pick([7, 11, 12, 13]) }, () => random.int(0, 9)).join('');
      expect([...'0123456789'].filter((check) => isGtin(body + check))).toHaveLength(1);
    });
  });
});

describe('a certificate', () => {
  const organic = certificate('organic', '2026-01-01', '2026-12-31');

  test.each([
    ['2025-12-31', false],
    ['2026-01-01', true],
    ['2026-12-31', true],
    ['2027-01-01', false],
  ])('on %s is shown: %s', (today, shown) => {
    expect(validCertificates([organic], today)).toEqual(shown ? [organic] : []);
  });

  test('that is not valid finds nothing in the filter either', () => {
    const honey = item('honey', { certificates: [organic] });
    expect(matchesFilter(honey, { certificate: 'organic' }, '2026-06-01')).toBe(true);
    expect(matchesFilter(honey, { certificate: 'organic' }, '2027-06-01')).toBe(false);
    expect(matchesFilter(honey, { certificate: 'green_food' }, '2026-06-01')).toBe(false);
  });
});

test('filters hold together', () => {
  const honey = item('honey', { certificates: [certificate('organic', '2026-01-01', '2026-12-31')] });
  const matches = (filter: Parameters<typeof matchesFilter>[1]) => matchesFilter(honey, filter, '2026-06-01');
  expect(matches({})).toBe(true);
  expect(matches({ cooperative: 'huifeng', category: 'honey', certificate: 'organic' })).toBe(true);
  expect(matches({ cooperative: 'other', category: 'honey', certificate: 'organic' })).toBe(false);
  expect(matches({ cooperative: 'huifeng', category: 'tea', certificate: 'organic' })).toBe(false);
});

describe('sorting', () => {
  const price = (...fen: number[]) => ({
    variants: fen.map((priceFen) => ({ sku: `S${priceFen}`, priceFen })),
  });
  const dear = item('dear', { ...price(9000, 500), position: 3, createdAt: new Date('2026-03-01') });
  const cheap = item('cheap', { ...price(600), position: 1, createdAt: new Date('2026-01-01') });
  const middle = item('middle', { ...price(700, 800), position: 2, createdAt: new Date('2026-02-01') });

  test.each([
    ['recommended', ['cheap', 'middle', 'dear']],
    ['price_asc', ['dear', 'cheap', 'middle']],
    ['price_desc', ['middle', 'cheap', 'dear']],
    ['newest', ['dear', 'middle', 'cheap']],
  ] as const)('by %s', (sort, slugs) => {
    const sorted = [middle, dear, cheap].sort(compareItems(sort));
    expect(sorted.map(({ slug }) => slug)).toEqual(slugs);
  });

  test('goes by the lowest price of a product', () => expect(lowestPrice(dear)).toBe(500));

  test.each(SORTS)('by %s always comes to the same order, ties included', (sort) => {
    const random = createRandom(7);
    const equals = ['d', 'a', 'c', 'e', 'b'].map((slug) => item(slug));
    const orders = Array.from({ length: 20 }, () =>
      random
        .shuffle(equals)
        .sort(compareItems(sort))
        .map(({ slug }) => slug)
        .join(''),
    );
    expect(new Set(orders)).toEqual(new Set(['abcde']));
  });
});

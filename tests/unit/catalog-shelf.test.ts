import { describe, expect, test } from 'vitest';
import type { ProductDoc } from '../../server/catalog/catalog.model.ts';
import { SORTS, compareItems, type ShelfItem, type Sort } from '../../server/catalog/catalog.rules.ts';
import { createHorizon } from '../../server/catalog/horizon.rules.ts';
import { createShelf } from '../../server/catalog/shelf.rules.ts';

const both = (text: string) => ({ 'zh-CN': text, en: text });
const TODAY = '2026-01-01';

function product(at: number, change: Partial<ShelfItem> = {}) {
  const item: ShelfItem = {
    id: `id-${at}`,
    slug: `slug-${String((at * 7) % 100).padStart(3, '0')}`,
    cooperative: { slug: 'coop', name: both('coop') },
    category: 'tea',
    name: both(`tea ${at}`),
    tagline: both('good'),
    image: 'x.svg',
    imageAlt: both('x'),
    certificates: [],
    variants: [{ sku: `S${at}`, priceFen: 100 + ((at * 13) % 5) }],
    position: (at * 31) % 97,
    createdAt: new Date(1_700_000_000_000 + ((at * 17) % 11) * 1000),
    ...change,
  };
  const doc = {
    aliases: [],
    origin: both('here'),
    story: both('long'),
    variants: [],
    updatedAt: new Date(at),
  };
  return { item, doc: doc as unknown as ProductDoc };
}

function put(shelf: ReturnType<typeof createShelf>, ...products: ReturnType<typeof product>[]) {
  for (const { item, doc } of products) shelf.put(item, doc);
}

function settle(shelf: ReturnType<typeof createShelf>) {
  for (const _ of shelf.settle());
}

const slugs = (shelf: ReturnType<typeof createShelf>, sort: Sort) =>
  shelf.list({ q: '', sort, limit: 1000 }, TODAY).items.map(({ slug }) => slug);

describe('the lists of the shelf', () => {
  const products = Array.from({ length: 60 }, (_, at) => product(at));

  test.each(SORTS)('are in order by %s, however the products came in', (sort) => {
    const shelf = createShelf();
    for (let start = 0; start < products.length; start += 7) {
      put(shelf, ...products.slice(start, start + 7));
      settle(shelf);
    }
    const sorted = products.map(({ item }) => item).toSorted(compareItems(sort));
    expect(slugs(shelf, sort)).toEqual(sorted.map(({ slug }) => slug));
  });

  test('hold a changed product once, in its new place', () => {
    const shelf = createShelf();
    put(shelf, ...products);
    settle(shelf);
    const before = products[30]!.item;
    const dear = product(30, { slug: before.slug, variants: [{ sku: 'S30', priceFen: 999_999 }] });
    put(shelf, product(30, { slug: before.slug, variants: [{ sku: 'S30', priceFen: 1 }] }), dear);
    settle(shelf);
    expect(slugs(shelf, 'price_desc')[0]).toBe(before.slug);
    expect(slugs(shelf, 'price_asc').filter((slug) => slug === before.slug)).toHaveLength(1);
    expect(slugs(shelf, 'newest')).toHaveLength(products.length);
    expect(shelf.unsettled()).toBe(0);
  });
});

describe('how far back products are read again', () => {
  const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000);

  test('all at first, then from a while before the newest', () => {
    const horizon = createHorizon();
    expect(horizon.since(at(0))).toBeUndefined();
    horizon.advance(5_000, at(100));
    expect(horizon.since(at(100))).toEqual(at(70));
  });

  test('an import is not read again once it is a while ago', () => {
    const horizon = createHorizon();
    horizon.advance(0, at(100));
    horizon.advance(31_000, at(100));
    expect(horizon.since(at(131))).toEqual(at(101));
  });

  test('a reader whose clock is ahead looks as far back as the others', () => {
    const horizon = createHorizon();
    horizon.advance(0, at(100));
    horizon.advance(5_000, undefined);
    expect(horizon.since(at(9_999))).toEqual(at(75));
  });

  test('one product from the future does not hide those of today', () => {
    const horizon = createHorizon();
    horizon.advance(0, at(9_999));
    expect(horizon.since(at(100))).toEqual(at(70));
  });
});

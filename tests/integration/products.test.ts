import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { raw } from '../support/raw.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

interface Item {
  slug: string;
  name: string;
  cooperative: { slug: string; name: string };
  price: { amount: number; currency: string };
  available: number;
  image: string;
  certificates: { kind: string; label: string }[];
}

interface List {
  items: Item[];
  nextCursor: string | null;
}

let shop: TestShop;
let reader: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  reader = new Client(shop.url);
});
afterAll(() => shop.close());

const list = (query = '') => reader.json<List & Record<string, unknown>>(`/api/products?${query}`);
const slugs = ({ items }: List) => items.map(({ slug }) => slug);

async function slugsOnPage(query: string): Promise<string[]> {
  const page = await (await reader.get(`/products?${query}`)).text();
  const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
  return [...new Set([...main.matchAll(/href="\/products\/([a-z0-9-]+)"/g)].map(([, slug = '']) => slug))];
}

describe('the list of products', () => {
  test('is cut into pages that a cursor leads through, each product once', async () => {
    const all = slugs(await list('limit=60'));
    expect(all.length).toBeGreaterThan(15);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: List = await list(`limit=7${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.items.length).toBeGreaterThan(0);
      expect(page.items.length).toBeLessThanOrEqual(7);
      seen.push(...slugs(page));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all);
  });

  test('has the fields of the contract and no other', async () => {
    const { items } = await list('limit=3');
    for (const item of items) {
      expect(Object.keys(item).sort()).toEqual(
        ['available', 'certificates', 'cooperative', 'image', 'name', 'price', 'slug', 'tagline'].sort(),
      );
      expect(item.price).toEqual({ amount: expect.any(Number), currency: 'CNY' });
      expect(Number.isSafeInteger(item.price.amount)).toBe(true);
      expect(Object.keys(item.cooperative).sort()).toEqual(['name', 'slug']);
      expect((await reader.get(item.image)).status).toBe(200);
    }
  });

  test.each(['price_asc', 'price_desc'])('is sorted by %s', async (sort) => {
    const prices = (await list(`sort=${sort}&limit=60`)).items.map(({ price }) => price.amount);
    const sorted = [...prices].sort((a, b) => (sort === 'price_asc' ? a - b : b - a));
    expect(new Set(prices).size).toBeGreaterThan(3);
    expect(prices).toEqual(sorted);
  });

  test('is narrowed by cooperative, kind and certificate, alone and together', async () => {
    const { items } = await list('limit=60');
    const some = items.find(({ certificates }) => certificates.length > 0)!;
    const kind = some.certificates[0]!.kind;
    const has = (item: Item) => item.certificates.some((certificate) => certificate.kind === kind);
    const from = (item: Item) => item.cooperative.slug === some.cooperative.slug;
    const expected = (wanted: (item: Item) => boolean) => items.filter(wanted).map(({ slug }) => slug);
    expect(slugs(await list(`certificate=${kind}&limit=60`))).toEqual(expected(has));
    expect(slugs(await list(`cooperative=${some.cooperative.slug}&limit=60`))).toEqual(expected(from));
    const both = `cooperative=${some.cooperative.slug}&certificate=${kind}&limit=60`;
    expect(slugs(await list(both))).toEqual(expected((item) => has(item) && from(item)));
    expect(expected(has).length).toBeLessThan(items.length);
    expect(slugs(await list('category=honey'))).toContain('chengbu-honey');
    expect(slugs(await list('category=tea'))).not.toContain('chengbu-honey');
    expect(slugs(await list('cooperative=no-such-cooperative'))).toEqual([]);
  });

  test.each(['蜂蜜', 'fengmi', 'honey', 'chengbu honey', '城步蜂蜜'])(
    'finds honey by "%s"',
    async (words) => {
      const found = slugs(await list(`q=${encodeURIComponent(words)}&limit=60`));
      expect(found.slice(0, 6)).toContain('chengbu-honey');
      expect(found.slice(0, 6)).not.toContain('orah-mandarin');
    },
  );

  test('finds nothing where there is nothing, and everything when asked for nothing', async () => {
    expect(await list('q=xyzzyplugh')).toEqual({ items: [], nextCursor: null });
    expect(slugs(await list('q=%20'))).toEqual(slugs(await list()));
    expect(slugs(await list('category=&cooperative=&certificate=&q='))).toEqual(slugs(await list()));
  });

  test.each([
    'limit=24',
    'q=%E8%9C%82%E8%9C%9C',
    'category=tea',
    'sort=price_asc',
    'cooperative=huangshaping',
  ])('is the same as a page: %s', async (query) => {
    expect(await slugsOnPage(query)).toEqual(slugs(await list(query)));
  });

  test('leads from page to page without a script, keeping what was asked', async () => {
    const first = await (await reader.get('/products?sort=price_asc&limit=5')).text();
    const next = /href="(\/products\?[^"]*cursor[^"]*)"/.exec(first)?.[1];
    const address = next!.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
    expect(new URLSearchParams(address.split('?')[1]).get('sort')).toBe('price_asc');
    const second = await slugsOnPage(address.split('?')[1]!);
    expect(second).toEqual(slugs(await list('sort=price_asc&limit=10')).slice(5));
  });

  test('shows what was searched for as text, whatever it is', async () => {
    const { text } = await raw(shop.url, `/products?q=${encodeURIComponent('"><script>x()</script>')}`);
    expect(text).not.toContain('<script>x()');
    expect(text).toContain('&lt;script&gt;x()');
  });
});

describe('a product', () => {
  test('has the fields of the contract, with its variants', async () => {
    const product = await reader.json<{ variants: object[]; certificates: object[] }>(
      '/api/products/chengbu-honey',
    );
    expect(product).toMatchObject({
      slug: 'chengbu-honey',
      name: expect.any(String),
      category: 'honey',
      cooperative: { slug: expect.any(String), name: expect.any(String) },
      price: { amount: expect.any(Number), currency: 'CNY' },
      image: expect.stringMatching(/^\//),
    });
    expect(product.variants.length).toBeGreaterThan(0);
    for (const variant of product.variants) {
      expect(variant).toEqual({
        sku: expect.stringMatching(/^[A-Z0-9-]+$/),
        name: expect.any(String),
        netGrams: expect.any(Number),
        gtin: expect.stringMatching(/^\d{8,14}$/),
        price: { amount: expect.any(Number), currency: 'CNY' },
        available: expect.any(Number),
        shipsBy: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      });
    }
    expect(JSON.stringify(product)).not.toMatch(/"_id"|priceFen|position|createdAt/);
  });

  test('is told to search engines with the price and the stock of the page', async () => {
    const { text } = await raw(shop.url, '/products/chengbu-honey');
    const script = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(text)?.[1];
    const told = JSON.parse(script!) as { offers: { sku: string; price: string; availability: string }[] };
    const { variants } = await reader.json<{
      variants: { sku: string; price: { amount: number }; available: number }[];
    }>('/api/products/chengbu-honey');
    expect(told.offers).toMatchObject(
      variants.map(({ sku, price, available }) => ({
        sku,
        price: (price.amount / 100).toFixed(2),
        availability: `https://schema.org/${available > 0 ? 'InStock' : 'OutOfStock'}`,
      })),
    );
  });
});

test('the map for search engines names every product and cooperative in both languages', async () => {
  const { headers, text } = await raw(shop.url, '/sitemap.xml');
  expect(headers['content-type']).toMatch(/^application\/xml/);
  const places = [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = '']) =>
    address.replace(shop.url, ''),
  );
  const coops = await shop.ctx.cooperatives.list();
  const products = slugs(await list('limit=60'));
  expect(places.sort()).toEqual(
    [
      '/',
      '/products',
      '/live',
      ...coops.map(({ slug }) => `/cooperatives/${slug}`),
      ...products.map((slug) => `/products/${slug}`),
    ].sort(),
  );
  expect(text.match(/hreflang="en"/g)).toHaveLength(places.length);
  for (const place of places.slice(0, 12))
    expect([place, (await raw(shop.url, place)).status]).toEqual([place, 200]);
});

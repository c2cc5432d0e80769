import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sellDownTo, setPrice } from '../support/checkout.ts';
import type { Client } from '../support/client.ts';
import { registered, Visitor } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;

interface CartJson {
  items: { sku: string; qty: number; price: { amount: number } | null; available: number; news: string[] }[];
  count: number;
  total: { amount: number };
}

beforeAll(async () => {
  shop = await openTestShop({ demo: true, env: { TRUST_PROXY: '1' } });
});
afterAll(() => shop.close());

/** At an address of their own: first visits are counted by it. */
const somebody = () => new Visitor(shop);
const put = (client: Client, sku: string, qty: number) =>
  client.post<CartJson>('/api/cart/items', { sku, qty });
const cart = (client: Client) => client.json<CartJson>('/api/cart');
const inside = async (client: Client) => (await cart(client)).items.map(({ sku, qty }) => [sku, qty]);

describe('a cart', () => {
  test('is kept for a guest, set and emptied by programs', async () => {
    const client = somebody();
    expect(await cart(client)).toMatchObject({ items: [], count: 0, total: { amount: 0, currency: 'CNY' } });
    await put(client, 'HNY-500', 2);
    const { status, body } = await put(client, 'MTO-600', 1);
    expect(status).toBe(200);
    expect(body).toMatchObject({ count: 3, total: { amount: 2 * 3900 + 1980 } });
    await put(client, 'HNY-500', 5);
    expect(await inside(client)).toEqual([
      ['HNY-500', 5],
      ['MTO-600', 1],
    ]);
    await put(client, 'HNY-500', 0);
    await client.request('/api/cart/items/MTO-600', { method: 'DELETE' });
    expect(await inside(client)).toEqual([]);
  });

  test('is filled and changed by plain forms: the product adds, the cart sets', async () => {
    const client = somebody();
    for (const _ of [1, 2]) {
      const added = await client.form('/cart/items', { sku: 'HNY-500', qty: '2' });
      expect([added.status, added.headers.get('location')]).toEqual([303, '/cart?added=1']);
    }
    expect(await inside(client)).toEqual([['HNY-500', 4]]);
    await client.form('/cart/items/HNY-500', { qty: '1' });
    expect(await inside(client)).toEqual([['HNY-500', 1]]);
    await client.form('/cart/items/HNY-500', { qty: '1', remove: '1' });
    expect(await inside(client)).toEqual([]);
  });

  test('begun by a plain form is there when its redirect is followed, however fast', async () => {
    const kept = await Promise.all(
      Array.from({ length: 80 }, async () => {
        const client = somebody();
        // Only the head of the answer is waited for, as a browser does.
        await client.form('/cart/items', { sku: 'MTO-600', qty: '1' });
        return inside(client);
      }),
    );
    expect(kept).toEqual(kept.map(() => [['MTO-600', 1]]));
  });

  test('counts its pieces for the header, and nothing for somebody who has none', async () => {
    const client = somebody();
    expect(await client.json('/api/me')).not.toHaveProperty('cartCount');
    await put(client, 'HNY-500', 3);
    expect(await client.json('/api/me')).toMatchObject({ signedIn: false, cartCount: 3 });
  });

  test('takes nothing that is not there, and no more than it may', async () => {
    const client = somebody();
    expect((await put(client, 'NO-SUCH', 1)).status).toBe(404);
    for (const qty of [-1, 100, 1.5]) expect((await put(client, 'HNY-500', qty)).status).toBe(422);
    expect((await client.post('/api/cart/items', { sku: 'HNY-500', qty: 1, priceFen: 1 })).status).toBe(422);
    const cross = await client.request('/api/cart/items', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://elsewhere.test' },
      body: JSON.stringify({ sku: 'HNY-500', qty: 1 }),
    });
    expect(cross.status).toBe(403);
    expect(await inside(client)).toEqual([]);
  });

  test('loses nothing when it is changed from everywhere at once', async () => {
    const client = somebody();
    await cart(client);
    await Promise.all(
      Array.from({ length: 8 }, () => client.form('/cart/items', { sku: 'MTO-600', qty: '1' })),
    );
    expect(await inside(client)).toEqual([['MTO-600', 8]]);
  });

  test('says what has changed since', async () => {
    const client = somebody();
    await put(client, 'KDZ-250', 2);
    await put(client, 'PSF-1500', 40);
    await put(client, 'LRS-250', 1);
    const skus = (await cart(client)).items.map(({ sku }) => sku);
    const [dearer = '', fewer = '', soldOut = ''] = skus;
    const before = (await cart(client)).items[0]!.price!.amount;
    await setPrice(shop, dearer, before + 100);
    await sellDownTo(shop, fewer, 7);
    await sellDownTo(shop, soldOut, 0);
    const { items } = await cart(client);
    expect(items.map(({ news }) => news)).toEqual([['dearer'], ['fewer'], ['sold_out']]);
    const page = await (await client.get('/cart')).text();
    const t = shop.ctx.translator.for('zh-CN');
    expect(page).toContain(t('cart.news.fewer', { n: 7 }));
    expect(page).toContain(t('cart.news.soldOut'));
    expect(page).toMatch(/比放进来时贵了/);
  });
});

describe('whose it is', () => {
  test('nobody else’s', async () => {
    const [mine, other] = [somebody(), somebody()];
    await put(mine, 'HNY-500', 2);
    await put(other, 'MTO-600', 1);
    expect(await inside(mine)).toEqual([['HNY-500', 2]]);
    expect(await inside(other)).toEqual([['MTO-600', 1]]);
  });

  test('a guest’s goes into the account’s at the first look, once, however many look', async () => {
    const { visitor: first, login } = await registered(somebody());
    await put(first, 'HNY-500', 2);
    await put(first, 'DKT-100', 1);

    const phone = somebody();
    await put(phone, 'HNY-500', 3);
    await put(phone, 'MTO-600', 4);
    await phone.logIn(login, 'long enough');
    const looks = await Promise.all([1, 2, 3, 4, 5].flatMap(() => [inside(phone), inside(first)]));
    const merged = [
      ['HNY-500', 5],
      ['DKT-100', 1],
      ['MTO-600', 4],
    ];
    for (const look of looks) expect(look).toEqual(merged);
    await put(first, 'HNY-500', 1);
    expect(await inside(phone)).toEqual([['HNY-500', 1], ...merged.slice(1)]);
    expect(await phone.json('/api/me')).toMatchObject({ cartCount: 6 });
  });

  test('a process that dies between taking a cart over and removing it doubles nothing', async () => {
    const carts = shop.ctx.db.collection<{ _id: string; lines: { sku: string }[] }>('carts');
    const client = somebody();
    await put(client, 'TUT-100', 2);
    const left = (await carts.findOne({ 'lines.sku': 'TUT-100' }))!;
    await registered(client);
    expect(await inside(client)).toEqual([['TUT-100', 2]]);
    expect(await carts.findOne({ _id: left._id })).toBeNull();
    await carts.insertOne(left);
    expect(await inside(client)).toEqual([['TUT-100', 2]]);
    expect(await carts.findOne({ _id: left._id })).toBeNull();
  });

  test('what a guest had is there after registering, and not for the next guest', async () => {
    const client = somebody();
    await put(client, 'HNY-500', 2);
    await registered(client);
    expect(await inside(client)).toEqual([['HNY-500', 2]]);
    await client.post('/api/logout', {});
    expect(await inside(client)).toEqual([]);
  });
});

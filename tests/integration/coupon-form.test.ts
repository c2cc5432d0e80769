import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
beforeAll(async () => void (shop = await openTestShop({ demo: true })));
afterAll(() => shop.close());

const FORM = {
  ...{ kind: 'fixed', amountFen: '1', percent: '', capFen: '', minSpendFen: '', scope: 'products', live: '' },
  ...{ total: '10', perPerson: '1', from: '2026-01-01T00:00', until: '2099-01-01T00:00' },
};

async function signedIn(login: string) {
  const client = new Client(shop.url);
  await client.logIn(login);
  return client;
}

test('a coupon of the shop is made for single products of any cooperative, and says which', async () => {
  const admin = await signedIn('admin@demo.test');
  const page = await (await admin.get('/coop/coupons?coop=-')).text();
  expect(page).toContain('name="products" value="anhua-dark-tea"');
  const fields = { ...FORM, coop: '-', code: 'SHOPTEA', products: 'anhua-dark-tea' };
  expect((await admin.form('/coop/coupons', fields)).status).toBe(303);
  expect((await shop.ctx.coupons.byCode('SHOPTEA'))?.scope).toEqual({
    kind: 'products',
    products: ['anhua-dark-tea'],
  });
  const name = shop.ctx.catalog.cards(['anhua-dark-tea'])[0]!.name['zh-CN'];
  const table = /<tbody>[^]*<\/tbody>/.exec(await (await admin.get('/coop/coupons?coop=-')).text())?.[0];
  expect(table).toContain(name);
});

test('a cooperative chooses from its own products and makes none for another’s', async () => {
  const member = await signedIn('coop@demo.test');
  const own = shop.ctx.catalog.list({
    q: '',
    sort: 'recommended',
    limit: 60,
    cooperative: 'huangshaping',
  }).items;
  const other = shop.ctx.catalog
    .list({ q: '', sort: 'recommended', limit: 60 })
    .items.find((item) => item.cooperative.slug !== 'huangshaping')!;
  const page = await (await member.get('/coop/coupons?coop=huangshaping')).text();
  expect(page).toContain(`name="products" value="${own[0]!.slug}"`);
  expect(page).not.toContain(`name="products" value="${other.slug}"`);
  const fields = { ...FORM, coop: 'huangshaping', code: 'NOTOURS', products: other.slug };
  expect((await member.form('/coop/coupons', fields)).status).toBe(403);
  expect(await shop.ctx.coupons.byCode('NOTOURS')).toBeNull();
});

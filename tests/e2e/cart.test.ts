import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { formatMoney, money } from '../../server/platform/money.ts';
import { describeInBrowser } from '../support/browser.ts';
import { setPrice } from '../support/checkout.ts';
import { fillAddress } from '../support/checkout-page.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { PHONE } from '../support/visitor.ts';

const HONEY = { slug: 'chengbu-honey', sku: 'HNY-500' };
const WINTER = { slug: 'chengbu-winter-honey', sku: 'HNW-250' };
const TEA = { slug: 'anhua-dark-tea' };

describeInBrowser('a basket', () => {
  const house = useHouse();

  test('of a guest goes into their own when they sign in', async () => {
    const own = await house.come({ screen: PHONE, as: 'shopper@demo.test' });
    await add(own.page, HONEY.slug);
    const { page } = await house.come({ screen: PHONE });
    await add(page, HONEY.slug);
    await add(page, WINTER.slug);
    await page.goto('/login?next=/cart');
    await page.locator('[name="login"]').fill('shopper@demo.test');
    await page.locator('[name="password"]').fill('demo-1234');
    await page.getByRole('button', { name: house.t('accounts.login.submit') }).click();
    await page.waitForURL('**/cart');
    expect(await qty(page, HONEY.sku).inputValue()).toBe('2');
    expect(await qty(page, WINTER.sku).inputValue()).toBe('1');
    await until(
      () => page.locator('.site-header [data-cart-count]').textContent(),
      (count) => count === '3',
    );
  });

  test('says what has sold out and what costs more, and an order costs what was shown', async () => {
    const visitor = await house.come({ screen: PHONE });
    visitor.expects(/409/);
    const { page } = visitor;
    const tea = await skuOf(TEA.slug);
    for (const { slug } of [HONEY, WINTER, TEA]) await add(page, slug);
    const before = await priceOf(HONEY.sku);
    await setPrice(house.shop, HONEY.sku, before + 200);
    await house.sellDownTo(WINTER.sku, 0);
    await page.goto('/cart');
    const dearer = { was: say(before), now: say(before + 200) };
    await page.getByText(house.t('cart.news.dearer', dearer)).waitFor();
    await page.locator('.cart-line--gone', { hasText: house.t('cart.news.soldOut') }).waitFor();

    await page.locator('[data-cart-go]').click();
    await page.waitForURL('**/checkout?*');
    await fillAddress(page);
    await until(
      () => page.locator('[name="shown"]').inputValue(),
      (shown) => !shown.includes('"shippingFen":null'),
    );
    await setPrice(house.shop, HONEY.sku, before + 500);
    await place(page);
    const changed = house.t('checkout.changed.title');
    await page.getByRole('alert').getByText(changed).waitFor();
    await page
      .locator('.checkout__changes')
      .getByText(say(before + 500))
      .waitFor();
    expect(await page.locator('[name="street"]').inputValue()).toBe('麓山路 1 号');
    expect(await page.locator('[name="county"]').inputValue()).toBe('岳麓区');

    await place(page);
    await page.waitForURL('**/orders/*');
    const order = await house.shop.ctx.orders.byCode(new URL(page.url()).pathname.split('/').at(-1)!);
    expect(order?.lines.map(({ sku, priceFen }) => [sku, priceFen])).toEqual([
      [HONEY.sku, before + 500],
      [tea, await priceOf(tea)],
    ]);
    await page.goto('/cart');
    expect(await page.locator('.cart-line').count()).toBe(1);
  });

  async function add(page: Page, slug: string) {
    await page.goto(`/products/${slug}`);
    const answered = page.waitForResponse('**/cart/items');
    await page.locator('[data-add-to-cart]').click();
    expect((await answered).status()).toBe(200);
  }

  const qty = (page: Page, sku: string) => page.locator(`#qty-${sku}`);
  const say = (fen: number) => formatMoney(money(fen), 'zh-CN');
  const place = (page: Page) => page.locator('[data-checkout-part="bar"] button[value="place"]').click();

  async function priceOf(sku: string): Promise<number> {
    return (await house.shop.ctx.catalog.sellables([sku])).get(sku)!.variant.priceFen;
  }

  async function skuOf(slug: string): Promise<string> {
    return (await house.shop.ctx.catalog.product(slug)).variants[0]!.sku;
  }
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { useHouse } from '../support/house.ts';
import { roomOf } from '../support/room-page.ts';
import { DESKTOP, type Look } from '../support/visitor.ts';

describeInBrowser('without JavaScript', () => {
  const house = useHouse();

  test('a product is found, ordered and cancelled', async () => {
    const visitor = await house.come({ javaScript: false });
    visitor.expects(/409/);
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('link', { name: house.t('home.products.all') }).click();
    await page.waitForURL('**/products');
    await page.getByLabel(house.t('common.search.label')).fill('馒头');
    await page.getByRole('button', { name: house.t('common.search.submit') }).click();
    await page.waitForURL('**/products?q=*');
    await page.locator('main a[href="/products/anhua-assorted-mantou"]').click();

    await page.getByLabel(house.t('catalog.product.qty')).fill('3');
    await page.getByRole('button', { name: house.t('catalog.product.buy') }).click();
    await page.waitForURL('**/checkout?*');
    const before = await house.left('MTO-600');
    await writeAddress(page);
    const submit = page.getByRole('button', { name: house.t('orders.checkout.submit') });
    await submit.click();
    // Only with the address is it known what the parcel costs: nobody pays a sum they have not seen.
    await page.getByRole('alert').waitFor();
    expect(await house.left('MTO-600')).toBe(before);
    await submit.click();
    await page.waitForURL('**/orders/*');

    const code = codeOf(page);
    const order = await house.shop.ctx.orders.byCode(code);
    expect(order).toMatchObject({ state: 'awaiting_payment', lines: [{ sku: 'MTO-600', qty: 3 }] });
    expect(await house.left('MTO-600')).toBe(before - 3);
    await page.getByText(house.t('orders.state.awaiting_payment'), { exact: true }).first().waitFor();

    await page.getByRole('button', { name: house.t('orders.order.cancel') }).click();
    await page.getByRole('heading', { level: 1, name: house.t('orders.state.cancelled') }).waitFor();
    expect(await house.left('MTO-600')).toBe(before);
    await page.getByRole('link', { name: house.t('orders.order.all') }).click();
    await page.getByRole('link', { name: code }).waitFor();
  });

  test('filters and sorting of the list are a form', async () => {
    const page = await open('/products');
    await page.locator('select[name="cooperative"]').selectOption('huifeng');
    await page.locator('select[name="sort"]').selectOption('price_asc');
    await page.getByRole('button', { name: house.t('catalog.filter.apply') }).click();
    await page.waitForURL(/cooperative=huifeng.*sort=price_asc/);
    const links = page.locator('main article a[href^="/products/"]');
    const shown = new Set(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href'))));
    const all = house.shop.ctx.catalog.list({ q: '', sort: 'price_asc', limit: 60, cooperative: 'huifeng' });
    expect(shown).toEqual(new Set(all.items.map(({ slug }) => `/products/${slug}`)));
  });

  test('what the host shows in a room can be ordered, and so can the rest of the shelf', async () => {
    const live = await house.startLive(['HNY-500', 'DKT-100'], { pin: 'DKT-100' });
    const page = await open(`/live/${live}`);
    await roomOf(page).buyPinned.click();
    await expectOrder(page, live, 'DKT-100');

    await page.goto(`/live/${live}`);
    await page.locator('[data-open-shelf]').click();
    await roomOf(page).buyItem('HNY-500').click();
    await expectOrder(page, live, 'HNY-500');
  });

  test('what has just sold out is refused in words, with the way back open', async () => {
    const live = await house.startLive(['HNW-250'], { pin: 'HNW-250' });
    const visitor = await house.come({ javaScript: false });
    visitor.expects(/409/);
    await visitor.page.goto(`/live/${live}`);
    await house.sellDownTo('HNW-250', 0);
    await roomOf(visitor.page).buyPinned.click();
    expect(await visitor.page.getByRole('alert').textContent()).toContain(house.t('errors.sold_out'));
    expect(
      await visitor.page.getByRole('button', { name: house.t('orders.checkout.submit') }).isDisabled(),
    ).toBe(true);
    expect(await visitor.page.locator(`a[href="/live/${live}"]`).isVisible()).toBe(true);
  });

  test('the language is switched by a link and remembered', async () => {
    const page = await open('/products/chengbu-honey', { screen: DESKTOP });
    const language = () => page.locator('html').getAttribute('lang');
    expect(await language()).toBe('zh-CN');
    await page
      .getByRole('link', { name: house.t('common.language.en') })
      .first()
      .click();
    expect(await language()).toBe('en');
    await page.goto('/live');
    expect(await language()).toBe('en');
    await page
      .getByRole('link', { name: house.t('common.language.zh-CN') })
      .first()
      .click();
    expect(await language()).toBe('zh-CN');
  });

  test('one signs in, orders what one likes, and signs out', async () => {
    const page = await open('/login');
    await page.getByLabel(house.t('accounts.field.login')).fill('shopper@demo.test');
    await page.getByLabel(house.t('accounts.field.password')).fill('demo-1234');
    await page.getByRole('button', { name: house.t('accounts.login.submit') }).click();
    await page.waitForURL('**/account');
    await page.getByRole('heading', { level: 1, name: '山里人' }).waitFor();
    await page.getByRole('button', { name: house.t('accounts.account.logout') }).click();
    await page.waitForURL(/:\d+\/$/);
    const gone = await page.request.get('/account', { maxRedirects: 0 });
    expect(gone.status()).toBe(401);
  });

  test('a wrong password is refused in words and keeps what was typed', async () => {
    const visitor = await house.come({ javaScript: false });
    visitor.expects(/401/);
    const { page } = visitor;
    await page.goto('/login?next=/orders');
    await page.getByLabel(house.t('accounts.field.login')).fill('shopper@demo.test');
    await page.getByLabel(house.t('accounts.field.password')).fill('not this one');
    await page.getByRole('button', { name: house.t('accounts.login.submit') }).click();
    expect(await page.getByRole('alert').textContent()).toContain(house.t('errors.wrong_credentials'));
    expect(await page.getByLabel(house.t('accounts.field.login')).inputValue()).toBe('shopper@demo.test');
    expect(await page.getByLabel(house.t('accounts.field.password')).inputValue()).toBe('');
  });

  async function open(path: string, look: Look = {}): Promise<Page> {
    const { page } = await house.come({ ...look, javaScript: false });
    await page.goto(path);
    return page;
  }

  async function writeAddress(page: Page) {
    const field = (name: string) => page.getByLabel(house.t(`addresses.field.${name}`), { exact: true });
    await field('name').fill('向小满');
    await field('phone').fill('13800138000');
    await field('province').selectOption('湖南省');
    await field('city').fill('益阳市');
    await field('county').fill('安化县');
    await field('street').fill('黄沙坪老街 1 号');
  }

  async function expectOrder(page: Page, live: string, sku: string) {
    await page.waitForURL('**/orders/*');
    const order = await house.shop.ctx.orders.byCode(codeOf(page));
    expect(order).toMatchObject({ live, state: 'awaiting_payment', lines: [{ sku, qty: 1 }] });
  }
});

const codeOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1)!;

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { useHouse } from '../support/house.ts';
import { PHONE } from '../support/visitor.ts';

const BOOK = '/account/addresses';

describeInBrowser('an address', () => {
  const house = useHouse();

  test('is chosen from province to county, and a directly governed one has no county', async () => {
    const page = await openBook();
    await page.locator('[name="province"]').selectOption('湖北省');
    await list(page, 'city').selectOption('恩施土家族苗族自治州');
    await list(page, 'county').selectOption('利川市');
    await page.locator('[name="province"]').selectOption('河南省');
    await list(page, 'city').selectOption('济源市');
    await page.locator('[name="county"]').waitFor({ state: 'hidden' });
    await fill(page);
    await save(page);
    expect(await page.locator('.address-card__where').textContent()).toContain('河南省 济源市');
  });

  test('is only asked for a county in a municipality, and for neither in Hong Kong', async () => {
    const page = await openBook();
    await page.locator('[name="province"]').selectOption('香港特别行政区');
    await page.locator('[data-divisions][data-ready="香港特别行政区"]').waitFor();
    expect(await page.locator('input[name="city"]').count()).toBe(1);
    await page.locator('[name="province"]').selectOption('重庆市');
    await list(page, 'county').selectOption('忠县');
    await fill(page);
    await save(page);
    expect(await page.locator('.address-card__where').textContent()).toContain('重庆市 忠县');
  });

  test('of old is found in the lists when it is changed', async () => {
    const { page } = await house.come({ screen: PHONE, as: 'shopper@demo.test' });
    const person = await house.shop.ctx.accounts.byLogin('shopper@demo.test');
    const { _id: id } = await house.shop.ctx.addresses.add(
      {
        ...{ name: '周小满', phone: '13812345678', street: '麓山路 1 号' },
        ...{ province: '湖南省', city: '长沙', county: '岳麓' },
      },
      person!,
      { isDefault: false },
    );
    await page.goto(`${BOOK}/${id}`);
    await list(page, 'city').waitFor();
    expect(await list(page, 'city').inputValue()).toBe('长沙市');
    expect(await list(page, 'county').inputValue()).toBe('岳麓区');
    await save(page);
    expect(await page.locator('.address-card__where').first().textContent()).toContain(
      '湖南省 长沙市 岳麓区',
    );
  });

  test('is written by hand when the lists do not come, and is read all the same', async () => {
    const visitor = await house.come({ screen: PHONE });
    visitor.expects(/api\/divisions|Failed to load resource|answered 422/);
    const { page } = visitor;
    await page.route('**/api/divisions/*', (route) => route.abort());
    await page.goto(BOOK);
    await page.locator('[name="province"]').selectOption('湖南省');
    await fill(page);
    await page.locator('input[name="city"]').fill('益阳');
    await page.locator('input[name="county"]').fill('长沙县');
    await page.getByRole('button', { name: house.t('addresses.save') }).click();
    await page.getByText(house.t('errors.fields.county_unknown')).waitFor();
    await page.locator('input[name="county"]').fill('安化');
    await save(page);
    expect(await page.locator('.address-card__where').textContent()).toContain('湖南省 益阳市 安化县');
  });

  async function openBook(): Promise<Page> {
    const { page } = await house.come({ screen: PHONE });
    await page.goto(BOOK);
    return page;
  }

  const list = (page: Page, name: string) => page.locator(`select[name="${name}"]`);

  async function fill(page: Page) {
    await page.locator('[name="name"]').fill('周小满');
    await page.locator('[name="phone"]').fill('13812345678');
    await page.locator('[name="street"]').fill('麓山路 1 号');
  }

  async function save(page: Page) {
    await page.getByRole('button', { name: house.t('addresses.save') }).click();
    await page.waitForURL(`**${BOOK}`);
    await page.locator('.address-card__where').first().waitFor();
  }
});

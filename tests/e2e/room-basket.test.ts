import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom } from '../support/room-page.ts';
import { PHONE } from '../support/visitor.ts';

const LIVE = 'huangshaping-market';

describeInBrowser('somebody who gathers several things in a live', () => {
  const house = useHouse();

  test('puts them into the basket from the shelf and from the sheet, stays, and finds them there', async () => {
    const { page } = (await enterRoom(house, LIVE, { screen: PHONE })).visitor;
    await page.locator('[data-open-shelf]').click();
    const second = page.locator('[data-item]').nth(1);
    await second.locator('[data-basket-add]').click();
    const count = page.locator('.goods__basket [data-cart-count]');
    await count.getByText('1', { exact: true }).waitFor();

    await page.locator('[data-item]').nth(2).locator('[data-buy] .button--buy').click();
    await page.locator('#buy-qty').fill('3');
    await page.locator('[data-buy-add]').click();
    await count.getByText('4', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/live/${LIVE}`);

    const skus = await Promise.all(
      [1, 2].map((at) => page.locator('[data-item]').nth(at).getAttribute('data-item')),
    );
    const cart = await page.evaluate(
      async () => (await (await fetch('/api/cart')).json()) as { items: unknown[] },
    );
    expect(cart.items).toMatchObject([
      { sku: skus[0], qty: 1 },
      { sku: skus[1], qty: 3 },
    ]);
  });
});

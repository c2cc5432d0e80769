import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { fillAddress, payAtCashier } from '../support/checkout-page.ts';
import { newId } from '../../server/platform/ids.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom } from '../support/room-page.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const SKU = 'HNW-250';
const PAGE = '/products/chengbu-winter-honey';

describeInBrowser('the line on a product page', () => {
  const house = useHouse();

  test('leads a guest through signing in, calls them on every page, and ends in a paid order', async () => {
    const giveBack = await sellOut();
    const visitor = await house.come({ screen: PHONE });
    visitor.expects(/401/);
    const { page } = visitor;
    await openSoldOut(page);
    const row = page.locator(`[data-wait-for="${SKU}"]`);
    await row.getByRole('button', { name: house.t('waits.offer.join') }).click();
    await page.waitForURL('**/login?*');
    await page.locator('[name="login"]').fill('shopper@demo.test');
    await page.locator('[name="password"]').fill('demo-1234');
    await page.getByRole('button', { name: house.t('accounts.login.submit') }).click();
    // They come back, and what they tapped has been done.
    await page.waitForURL(`**${PAGE}**`);
    await row.getByText(house.t('waits.says.waiting', { place: 1 })).waitFor();
    await row.getByRole('button', { name: house.t('waits.leave') }).click();
    await row.getByRole('button', { name: house.t('waits.offer.join') }).click();
    await row.getByText(house.t('waits.says.waiting', { place: 1 })).waitFor();

    await giveBack();
    const person = await house.shop.ctx.accounts.byLogin('shopper@demo.test');
    const order = await until(
      () => house.shop.ctx.orders.offeredTo(person!),
      (found) => found !== undefined,
    );
    await page.goto('/account/waits');
    await page.getByRole('link', { name: house.t('waits.pay') }).waitFor();
    await page.goto('/');
    await page.locator('[data-call]').click();
    await page.waitForURL(`**/orders/${order!._id}`);
    expect(await page.locator('[data-call]').isVisible()).toBe(false);

    await page.getByRole('link', { name: house.t('orders.address.fill') }).click();
    await fillAddress(page);
    await page.locator('main form button[type="submit"]').first().click();
    await page.waitForURL(`**/orders/${order!._id}`);
    await payAtCashier(house, page, order!._id);
    await page.goto('/account/waits');
    await page.getByText(house.t('waits.none')).waitFor();
  });

  test('is joined and left in a room as well, which knows it after a reload', async () => {
    const sku = 'MTO-600';
    const live = await house.startLive([sku], { pin: sku });
    await house.sellDownTo(sku, 0);
    const { page } = await enterRoom(house, live, { screen: DESKTOP });
    const button = page.locator(`[data-wait="${sku}"]`);
    await button.click();
    await until(
      () => button.getAttribute('aria-pressed'),
      (pressed) => pressed === 'true',
    );
    await page.reload();
    await page.locator(`[data-wait="${sku}"][aria-pressed="true"]`).click();
    await page.locator(`[data-wait="${sku}"][aria-pressed="false"]`).waitFor();
    const wait = await house.shop.ctx.db.collection('waits').findOne({ sku });
    expect(wait?.['state']).toBe('left');
  });

  /** Its page is kept for a moment: it is opened again until it says so. */
  async function openSoldOut(page: Page) {
    await until(
      async () => {
        await page.goto(PAGE);
        return page.locator(`[data-wait-for="${SKU}"]`).count();
      },
      (count) => count === 1,
    );
  }

  async function sellOut() {
    const id = newId();
    const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
    const { order } = await house.shop.ctx.orders.place(
      { clickId: newId(), lines: [{ sku: SKU, qty: 1 }] },
      buyer,
    );
    await house.sellDownTo(SKU, 0);
    return () => house.shop.ctx.orders.cancel(order._id, { id, mine: () => true });
  }
});

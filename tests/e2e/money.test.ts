import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { formatMoney, money } from '../../server/platform/money.ts';
import { describeInBrowser } from '../support/browser.ts';
import { fillAddress } from '../support/checkout-page.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom } from '../support/room-page.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const SKU = 'MTO-600';
const LIVE = 'huangshaping-market';

describeInBrowser('the money of an order', () => {
  const house = useHouse();

  test('is paid at the cashier, seen by host and cooperative, sent back, and right to the fen', async () => {
    const before = await house.left(SKU);
    const host = await house.come({ screen: DESKTOP });
    await signIn(host.page, 'host@demo.test', `/host/live/${LIVE}`);
    const desk = await house.come({ screen: DESKTOP });
    await signIn(desk.page, 'coop@demo.test', '/coop?coop=huangshaping');

    const shopper = await enterRoom(house, LIVE, { screen: PHONE });
    const { page } = shopper.visitor;
    await page.locator('[data-pinned] [data-buy] button').click();
    await page.locator('[data-buy-confirm]').click();
    await page.locator('[data-receipt]').waitFor();
    const code = (await page.locator('[data-receipt-code]').textContent()) ?? '';
    await page.locator('[data-receipt-pay]').click();
    await page.waitForURL(`**/orders/${code}`);

    await page.getByRole('link', { name: house.t('orders.address.fill') }).click();
    await fillAddress(page);
    await page.locator('main form button[type="submit"]').first().click();
    await page.waitForURL(`**/orders/${code}`);
    const due = await totals(code);
    expect(due.totalFen).toBe(due.goodsFen + due.shippingFen);
    await page
      .getByText(formatMoney(money(due.totalFen), 'zh-CN'))
      .first()
      .waitFor();

    await page.getByRole('button', { name: house.t('orders.order.pay') }).click();
    await page.locator('button[name="choice"][value="pay"]').click();
    await page.waitForURL(`**/orders/${code}*`);
    await page.locator(`[data-order-state="${code}"]`).getByText(house.t('orders.state.paid')).waitFor();

    const paid = formatMoney(money(due.totalFen), 'zh-CN');
    await host.page.locator('[data-sum="paid"]').getByText(paid).waitFor();
    await desk.page.getByText(code).first().waitFor();

    await desk.page.goto(`/orders/${code}`);
    await desk.page.locator('[name="amount"]').fill((due.totalFen / 100).toFixed(2));
    await desk.page.locator('#staff-why').fill('买家改了主意');
    await desk.page.locator('[name="restock_0"]').fill('1');
    await desk.page.getByRole('button', { name: house.t('orders.staff.send') }).click();
    await page.locator(`[data-order-state="${code}"]`).getByText(house.t('orders.state.refunded')).waitFor();

    expect((await totals(code)).payment).toMatchObject({ paidFen: due.totalFen, refundedFen: due.totalFen });
    await until(
      () => house.left(SKU),
      (left) => left === before,
    );
    await host.page
      .locator('[data-sum="paid"]')
      .getByText(formatMoney(money(0), 'zh-CN'))
      .waitFor();
    expect(await house.shop.ctx.orders.audit()).toEqual([]);
  });

  async function signIn(page: Page, login: string, to: string) {
    await page.goto(`/login?next=${encodeURIComponent(to)}`);
    await page.getByLabel(house.t('accounts.field.login'), { exact: true }).fill(login);
    await page.getByLabel(house.t('accounts.field.password'), { exact: true }).fill('demo-1234');
    await page.getByRole('button', { name: house.t('accounts.login.submit') }).click();
    await page.waitForURL((url) => url.pathname + url.search === to);
  }

  async function totals(code: string) {
    const order = await house.shop.ctx.orders.byCode(code);
    if (!order) throw new Error('the order is gone');
    return order;
  }
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { formatMoney, money } from '../../server/platform/money.ts';
import { describeInBrowser } from '../support/browser.ts';
import { checkOutProduct, payAtCashier } from '../support/checkout-page.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const SLUG = 'anhua-assorted-mantou';

describeInBrowser('after the sale', () => {
  const house = useHouse();
  const order = async (code: string) => (await house.shop.ctx.orders.byCode(code))!;

  test('an order that awaits payment is cancelled by its buyer, and its pieces come back', async () => {
    const { page } = await house.come({ screen: PHONE });
    const code = await checkOutProduct(page, SLUG, 2);
    const { sku } = (await order(code)).lines[0]!;
    const held = await house.left(sku);
    await page.getByRole('button', { name: house.t('orders.order.cancel') }).click();
    await page.locator(`[data-order-state="${code}"]`).getByText(house.t('orders.state.cancelled')).waitFor();
    await until(
      () => house.left(sku),
      (left) => left === held + 2,
    );
  });

  test('a refund is asked for, turned down with a reason, and asked for again', async () => {
    const { page } = await house.come({ screen: PHONE, as: 'shopper@demo.test' });
    const code = await checkOutProduct(page, SLUG);
    await payAtCashier(house, page, code);
    await ask(page, '一盒碰坏了');

    const staff = await house.come({ screen: PHONE, as: 'admin@demo.test' });
    await staff.page.goto(`/orders/${code}`);
    await staff.page.getByText('一盒碰坏了').first().waitFor();
    await staff.page.locator('#decline-why').fill('请先发一张照片');
    await staff.page.getByRole('button', { name: house.t('orders.staff.decline') }).click();
    await staff.page
      .locator(`[data-order-state="${code}"]`)
      .getByText(house.t('orders.state.paid'))
      .waitFor();

    await page.locator(`[data-order-state="${code}"]`).getByText(house.t('orders.state.paid')).waitFor();
    await page.getByText('请先发一张照片').waitFor();
    await ask(page, '照片发了');
    expect((await order(code)).state).toBe('refund_requested');
  });

  test('more pieces than were sold are refused beside their number, and nothing is sent back', async () => {
    const { page } = await house.come({ screen: PHONE });
    const code = await checkOutProduct(page, SLUG, 2);
    await payAtCashier(house, page, code);
    const staff = await house.come({ screen: DESKTOP, as: 'admin@demo.test' });
    staff.expects(/422/);
    await staff.page.goto(`/orders/${code}`);
    await staff.page.evaluate(`document.querySelector('[name="refund_0"]').removeAttribute('max')`);
    await staff.page.locator('[name="refund_0"]').fill('3');
    await staff.page.locator('#staff-why').fill('少发了');
    await staff.page.getByRole('button', { name: house.t('orders.staff.send') }).click();
    const beside = staff.page.locator('.field--wrong', { has: staff.page.locator('[name="refund_0"]') });
    await beside.getByText(house.t('errors.fields.more_than_sold')).waitFor();
    expect(await staff.page.locator('.field--wrong').count()).toBe(1);
    expect(await staff.page.locator('#staff-why').inputValue()).toBe('少发了');
    expect((await order(code)).refunds).toEqual([]);
  });

  test('a dispute is told to staff and buyer, each in their words, until it is settled', async () => {
    const { page } = await house.come({ screen: PHONE });
    const code = await checkOutProduct(page, SLUG);
    await payAtCashier(house, page, code);
    const { totalFen, payment } = await order(code);
    const amount = formatMoney(money(totalFen), 'zh-CN');
    const staff = await house.come({ screen: PHONE, as: 'admin@demo.test' });
    for (const [status, standing] of [
      ['needs_response', 'open'],
      ['under_review', 'review'],
      ['won', 'won'],
    ] as const) {
      const choice = { needs_response: 'dispute', under_review: undefined, won: 'dispute_won' }[status];
      if (choice) await bankSays(page, code, choice);
      else await house.shop.ctx.cashier!.dispute(payment.intent!, status);
      await until(
        () => house.shop.ctx.payments.of(code),
        (found) => found?.disputes[0]?.status === status,
      );
      await until(
        () => order(code),
        (found) => found.payment.disputed,
      );
      await page.goto(`/orders/${code}`);
      await page.getByText(house.t(`orders.dispute.buyer.${standing}`, { amount })).waitFor();
      await staff.page.goto(`/orders/${code}`);
      await staff.page.getByText(house.t(`orders.dispute.staff.${standing}`, { amount })).waitFor();
    }
  });

  /** Back at the test cashier, as somebody who goes there with the browser's button. */
  async function bankSays(page: Page, code: string, choice: string) {
    const paying = await house.shop.ctx.cashier!.standing((await order(code)).payment.intent!);
    const query = new URLSearchParams({
      client_secret: paying!.intent.client_secret,
      return_url: `/orders/${code}`,
    });
    await page.goto(`/cashier/pay/${paying!.intent.id}?${query}`);
    await page.getByRole('button', { name: house.t(`payments.cashier.choice.${choice}`) }).click();
    await page.waitForURL(`**/orders/${code}*`);
  }

  async function ask(page: Page, why: string) {
    await page.locator('.order__refund summary').click();
    await page.locator('#refund-why').fill(why);
    await page.getByRole('button', { name: house.t('orders.refund.send') }).click();
    await page.getByRole('heading', { name: house.t('orders.state.refund_requested') }).waitFor();
  }
});

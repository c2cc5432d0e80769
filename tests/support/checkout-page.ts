import type { Page } from 'playwright-core';
import { until } from './client.ts';
import type { House } from './house.ts';

/** Fills the fields of an address, choosing as a thumb would. */
export async function fillAddress(page: Page) {
  await page.locator('[name="name"]').fill('周小满');
  await page.locator('[name="phone"]').fill('138 1234 5678');
  await page.locator('select[name="province"]').selectOption('湖南省');
  await page.locator('select[name="city"]').selectOption('长沙市');
  await page.locator('select[name="county"]').selectOption('岳麓区');
  await page.locator('[name="street"]').fill('麓山路 1 号');
}

/** From a product's page to an order that awaits payment. @returns its code */
export async function checkOutProduct(page: Page, slug: string, pieces = 1): Promise<string> {
  await page.goto(`/products/${slug}`);
  await page.locator('[name="qty"]').fill(String(pieces));
  await page.locator('.buy-bar button.button--buy').click();
  await page.waitForURL('**/checkout?*');
  if (await page.locator('[name="street"]').isVisible()) await fillAddress(page);
  // An order is placed for the sum that is shown: shipping is in it as soon as the province is known.
  await until(
    () => page.locator('[name="shown"]').inputValue(),
    (shown) => !shown.includes('"shippingFen":null'),
  );
  await page.locator('[data-checkout-part="bar"] button[value="place"]').click();
  await page.waitForURL('**/orders/*');
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Pays at the test cashier, and waits until the order says so. */
export async function payAtCashier(house: House, page: Page, code: string) {
  await page.getByRole('button', { name: house.t('orders.order.pay') }).click();
  await page.locator('button[name="choice"][value="pay"]').click();
  await page.waitForURL(`**/orders/${code}*`);
  await page.locator(`[data-order-state="${code}"]`).getByText(house.t('orders.state.paid')).waitFor();
}

import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { focused } from '../support/in-page.ts';
import { enterRoom } from '../support/room-page.ts';
import { DESKTOP } from '../support/visitor.ts';

const LIVE = 'huangshaping-market';

describeInBrowser('with the keyboard alone, to the end', () => {
  const house = useHouse();

  test('one goes from the home page to a paid order, and always sees where one is', async () => {
    const { page } = await house.come({ screen: DESKTOP, still: true });
    await page.goto('/');
    await enter(page, page.locator('main a[href^="/products/"]').first());
    await page.waitForURL('**/products/*');
    await enter(page, page.locator('.buy-bar button.button--buy'));
    await page.waitForURL('**/checkout?*');
    await write(page, 'name', '周小满');
    await write(page, 'phone', '13812345678');
    await choose(page, 'province', '湖南省');
    await page.locator('[data-divisions][data-ready="湖南省"]').waitFor();
    await choose(page, 'city', '长沙市');
    await choose(page, 'county', '岳麓区');
    await write(page, 'street', '麓山路 1 号');
    await until(
      () => page.locator('[name="shown"]').inputValue(),
      (shown) => !shown.includes('"shippingFen":null'),
    );
    await enter(page, page.locator('[data-checkout-part="bar"] button[value="place"]'));
    await page.waitForURL('**/orders/*');
    await pay(page);
  });

  test('one buys in the room, says where it goes, and pays', async () => {
    const room = await enterRoom(house, LIVE, { screen: DESKTOP, still: true });
    const { page } = room;
    await enter(page, room.buyPinned);
    await room.sheet.waitFor();
    await to(page, page.locator('#buy-qty'));
    await page.keyboard.press('ArrowUp');
    await enter(page, room.confirm);
    await room.receipt.waitFor();
    await enter(page, page.locator('[data-receipt-pay]'));
    await page.waitForURL('**/orders/*');
    const code = new URL(page.url()).pathname.split('/').at(-1)!;
    expect((await house.shop.ctx.orders.byCode(code))?.lines).toMatchObject([{ qty: 2 }]);
    await enter(page, page.getByRole('link', { name: house.t('orders.address.fill') }));
    await page.waitForURL('**/address');
    await write(page, 'name', '周小满');
    await write(page, 'phone', '13812345678');
    await choose(page, 'province', '上海市');
    await page.locator('[data-divisions][data-ready="上海市"]').waitFor();
    await choose(page, 'county', '浦东新区');
    await write(page, 'street', '世纪大道 1 号');
    await enter(page, page.locator('main form button[type="submit"]').first());
    await page.waitForURL(`**/orders/${code}`);
    await pay(page);
  });

  async function pay(page: Page) {
    await enter(page, page.getByRole('button', { name: house.t('orders.order.pay') }));
    await page.waitForURL('**/cashier/**');
    await enter(page, page.locator('button[name="choice"][value="pay"]'));
    await page.waitForURL('**/orders/*');
    await page.locator('[data-order-state]').getByText(house.t('orders.state.paid')).waitFor();
  }
});

/** Presses Tab until the focus is there; every stop on the way shows that it is one. */
async function to(page: Page, target: Locator) {
  await target.first().waitFor();
  for (let stop = 0; stop < 90; stop += 1) {
    if (await target.evaluate((node) => node === node.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
    const { html, visible } = await focused(page);
    // Past the last stop of a page or a dialog lie the browser's own buttons.
    if (!html.startsWith('<body')) expect({ html, visible }).toEqual({ html, visible: true });
  }
  throw new Error(`the keyboard does not come to ${String(target)}`);
}

async function enter(page: Page, target: Locator) {
  await to(page, target);
  await page.keyboard.press('Enter');
}

async function write(page: Page, name: string, text: string) {
  await to(page, page.locator(`[name="${name}"]`));
  await page.keyboard.type(text);
}

/** Down the list, an arrow at a time. */
async function choose(page: Page, name: string, value: string) {
  const list = page.locator(`select[name="${name}"]`);
  await to(page, list);
  for (let step = 0; step < 40 && (await list.inputValue()) !== value; step += 1) {
    await page.keyboard.press('ArrowDown');
  }
  expect(await list.inputValue()).toBe(value);
}

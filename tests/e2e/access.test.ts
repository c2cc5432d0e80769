import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { describeInBrowser } from '../support/browser.ts';
import { HUNAN } from '../support/checkout.ts';
import { Client } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import {
  COME_TO_REST,
  focused,
  layoutShift,
  poorPictures,
  seriousFindings,
  sticksOut,
  weighScripts,
} from '../support/in-page.ts';
import { paidOrder } from '../support/paid.ts';
import { enterRoom, isConnected } from '../support/room-page.ts';
import { DESKTOP } from '../support/visitor.ts';

const LIVE = 'huangshaping-market';
const SKU = 'MTO-600';

interface Stop {
  name: string;
  path: string;
  as?: string;
  lang?: Lang;
  /** The answer that is expected. */
  status?: number;
}

const STOPS: Stop[] = [
  { name: 'home', path: '/' },
  { name: 'home in English', path: '/', lang: 'en' },
  { name: 'the list', path: '/products' },
  { name: 'a search without result', path: '/products?q=qqqqqq', lang: 'en' },
  { name: 'a product', path: '/products/chengbu-honey' },
  { name: 'a product in English', path: '/products/chengbu-honey', lang: 'en' },
  { name: 'a cooperative', path: '/cooperatives/huangshaping' },
  { name: 'the lives', path: '/live' },
  { name: 'a running live', path: `/live/${LIVE}` },
  { name: 'a running live in English', path: `/live/${LIVE}`, lang: 'en' },
  { name: 'the open shelf of a live', path: `/live/${LIVE}#shelf` },
  { name: 'a live to come', path: '/live/honey-morning' },
  { name: 'a live that has ended', path: '/live/tea-evening' },
  { name: 'the console', path: `/host/live/${LIVE}`, as: 'host@demo.test' },
  {
    name: 'the console before the live, in English',
    path: '/host/live/honey-morning',
    as: 'host@demo.test',
    lang: 'en',
  },
  {
    name: 'the details of a live, in English',
    path: '/host/live/honey-morning/edit',
    as: 'host@demo.test',
    lang: 'en',
  },
  { name: 'the prompter, in English', path: `/host/live/${LIVE}/prompter`, as: 'host@demo.test', lang: 'en' },
  { name: 'the lives of a host', path: '/host', as: 'host@demo.test' },
  { name: 'the desk of a cooperative', path: '/coop?coop=huangshaping', as: 'coop@demo.test' },
  { name: 'the login', path: '/login' },
  { name: 'the registration', path: '/register', lang: 'en' },
  { name: 'the account', path: '/account', as: 'shopper@demo.test' },
  { name: 'the checkout', path: `/checkout?sku=${SKU}&live=${LIVE}` },
  { name: 'the cart', path: '/cart' },
  { name: 'the addresses', path: '/account/addresses', as: 'shopper@demo.test' },
  { name: 'the address book', path: '/account/addresses' },
  { name: 'the shipping of a cooperative', path: '/coop/shipping', as: 'coop@demo.test' },
  {
    name: 'the coupons of a cooperative, in English',
    path: '/coop/coupons',
    as: 'coop@demo.test',
    lang: 'en',
  },
  { name: 'the orders', path: '/orders', as: 'shopper@demo.test' },
  { name: 'the orders to pay', path: '/orders?show=pay', as: 'shopper@demo.test' },
  { name: 'where an order goes', path: '/orders/:code/address', as: 'shopper@demo.test' },
  {
    name: 'the evidence of an order, in English',
    path: '/orders/:code/evidence',
    as: 'shopper@demo.test',
    lang: 'en',
  },
  { name: 'an order', path: '/orders/:code', as: 'shopper@demo.test' },
  { name: 'an order in English', path: '/orders/:code', as: 'shopper@demo.test', lang: 'en' },
  { name: 'paying an order', path: '/orders/:code/pay', as: 'shopper@demo.test' },
  { name: 'the orders to send', path: '/coop/orders?coop=huangshaping', as: 'coop@demo.test' },
  { name: 'the pick list', path: '/coop/orders/pick?coop=huangshaping', as: 'coop@demo.test' },
  { name: 'an order on the packing table', path: '/coop/orders/:paid', as: 'coop@demo.test' },
  {
    name: 'the staff’s side of an order, in English',
    path: '/orders/:paid',
    as: 'coop@demo.test',
    lang: 'en',
  },
  { name: 'a lot', path: '/coop/stock/:lot', as: 'coop@demo.test' },
  { name: 'what happened to a lot', path: '/coop/trace/:lot', as: 'coop@demo.test' },
  { name: 'the description of the interface, in English', path: '/api/docs', lang: 'en' },
  { name: 'a page that is not there', path: '/products/no-such-thing', status: 404 },
];

describeInBrowser('every page', () => {
  const house = useHouse();
  let code = '';
  let paid = '';
  let lot = '';

  beforeAll(async () => {
    const shopper = new Client(house.shop.url);
    await shopper.logIn('shopper@demo.test');
    const lines = [{ sku: SKU, qty: 2 }];
    const { body } = await shopper.post('/api/orders', { clickId: newId(), liveId: LIVE, lines });
    code = String(body['code']);
    await shopper.form(`/orders/${code}/address`, { addressId: 'new', ...HUNAN });
    paid = (await paidOrder(house.shop, lines))._id;
    lot = (await house.shop.ctx.stock.allLots()).find(({ sku }) => sku === SKU)!.code;
  });

  test.each(STOPS)('is open to everybody, whole, and no wider than a phone: $name', async (stop) => {
    const { as, lang, status = 200 } = stop;
    const visitor = await house.come({ still: true, ...(as ? { as } : {}), ...(lang ? { lang } : {}) });
    if (status !== 200) visitor.expects(new RegExp(String(status)));
    const { page } = visitor;
    expect(
      (
        await page.goto(stop.path.replace(':code', code).replace(':paid', paid).replace(':lot', lot))
      )?.status(),
    ).toBe(status);
    await settled(page);
    expect(await page.locator('html').getAttribute('lang')).toBe(lang ?? 'zh-CN');
    expect(await poorPictures(page)).toEqual([]);
    expect(await sticksOut(page)).toEqual({ by: 0, what: [] });
    expect(await seriousFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await sticksOut(page)).toEqual({ by: 0, what: [] });
  });

  test.each(['/', '/products', '/products/chengbu-honey', `/live/${LIVE}`])(
    'does not jump while it comes: %s',
    async (path) => {
      const { page } = await house.come();
      await page.goto(path);
      await settled(page);
      await scrollThrough(page);
      expect(await layoutShift(page)).toBeLessThan(0.05);
    },
  );

  test('of the shop has less than 60 kB of script, and the room less than 120 kB', async () => {
    for (const [path, most] of [
      ['/products/chengbu-honey', 60_000],
      [`/live/${LIVE}`, 120_000],
    ] as const) {
      const { page } = await house.come();
      const weight = weighScripts(page);
      await page.goto(path);
      await settled(page);
      const bytes = await weight();
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(most);
    }
  });
});

describeInBrowser('with the keyboard alone', () => {
  const house = useHouse();

  test.each(['/', `/live/${LIVE}`])('the first stop leads past the navigation: %s', async (path) => {
    const { page } = await house.come({ screen: DESKTOP });
    await page.goto(path);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatchObject({
      html: expect.stringContaining('href="#main"'),
      visible: true,
    });
    await page.keyboard.press('Enter');
    expect((await focused(page)).html).toContain('id="main"');
  });

  test.each(['/', '/products/chengbu-honey', '/login', `/live/${LIVE}`])(
    'one always sees where one is: %s',
    async (path) => {
      const { page } = await house.come({ screen: DESKTOP, still: true });
      await page.goto(path);
      await settled(page);
      const { stops, unseen } = await walk(page);
      expect(stops).toBeGreaterThan(5);
      expect(unseen).toEqual([]);
    },
  );

  test('one buys in the room, and comes back to where one was', async () => {
    const room = await enterRoom(house, LIVE, { screen: DESKTOP });
    const { page, sheet, buyPinned } = room;
    for (let stop = 0; stop < 60 && !(await holdsFocus(buyPinned)); stop += 1)
      await page.keyboard.press('Tab');
    expect(await holdsFocus(buyPinned)).toBe(true);

    await page.keyboard.press('Enter');
    await sheet.waitFor();
    expect(await holdsFocus(sheet)).toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    expect(await holdsFocus(buyPinned)).toBe(true);

    await page.keyboard.press('Enter');
    await sheet.waitFor();
    for (let stop = 0; stop < 10 && !(await holdsFocus(room.confirm)); stop += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await room.receipt.waitFor();
    expect(await holdsFocus(room.receipt)).toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    expect(await holdsFocus(buyPinned)).toBe(true);
  });
});

/** Fonts are there, and a room's line stands: nothing more comes by itself. */
async function settled(page: Page) {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  if ((await page.locator('[data-room], [data-console]').count()) > 0) await isConnected({ page });
  await page.evaluate(`(async () => { ${COME_TO_REST} })()`);
}

/** As far down as it goes, a screen at a time, so that what is loaded late is loaded. */
async function scrollThrough(page: Page) {
  await page.evaluate(`(async () => {
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
      scrollTo(0, top);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  })()`);
}

/** Presses Tab until the focus has been everywhere. */
async function walk(page: Page): Promise<{ stops: number; unseen: string[] }> {
  const unseen: string[] = [];
  for (let stops = 0; stops < 200; stops += 1) {
    await page.keyboard.press('Tab');
    const { html, visible } = await focused(page);
    if (html.startsWith('<body') || (stops > 0 && html.includes('class="skip-link"')))
      return { stops, unseen };
    if (!visible) unseen.push(html);
  }
  throw new Error('the focus comes to no end');
}

const holdsFocus = (element: Locator) =>
  element.evaluate((node) => node.contains(node.ownerDocument.activeElement));

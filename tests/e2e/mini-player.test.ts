import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { Client, until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { layoutShift } from '../support/in-page.ts';
import { publish } from '../support/video-lines.ts';
import { otherOrigin } from '../support/other-origin.ts';
import { PHONE } from '../support/visitor.ts';

/** A line that is left with its page is told of by the browser. */
const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;
const LONG_MS = 240_000;
const MINI = '[data-mini]';

describeInBrowser('the small player', () => {
  const house = useHouse();

  async function onAir() {
    const live = await house.startLive(['HNY-500', 'DKT-100']);
    await publishes(live);
    const shopper = await comes();
    await inRoom(shopper.page, live);
    return { live, page: shopper.page };
  }

  /** Pictures from a tape: how a host's browser sends its own is seen elsewhere. */
  async function publishes(live: string) {
    const client = new Client(house.shop.url);
    await client.logIn('host@demo.test');
    const tape = await publish(client, live);
    onTestFinished(tape.stop);
  }

  async function comes() {
    const shopper = await house.come({ screen: PHONE });
    shopper.expects(LINE_BREAKS);
    return shopper;
  }

  async function inRoom(page: Page, live: string) {
    await page.goto(`/live/${live}`);
    await page.waitForSelector('[data-stage][data-shown]', { timeout: 30_000 });
  }

  const seconds = (page: Page) =>
    page.evaluate<number>(`document.querySelector('${MINI} video')?.currentTime ?? -1`);

  /** Its pictures move. */
  async function plays(page: Page) {
    await page.waitForSelector(`${MINI}[data-moving]`, { timeout: 30_000 });
    const from = await seconds(page);
    await until(
      () => seconds(page),
      (now) => now > from,
      20_000,
    );
  }

  /** What of these it lies upon, as somebody sees them. */
  const covers = (page: Page, ...selectors: string[]) =>
    page.evaluate<string[]>(`(() => {
      const mini = document.querySelector('${MINI}').getBoundingClientRect();
      return ${JSON.stringify(selectors)}.filter((selector) => {
        const other = document.querySelector(selector)?.getBoundingClientRect();
        return other && other.height > 0 && other.left < mini.right && other.right > mini.left &&
          other.top < mini.bottom && other.bottom > mini.top;
      });
    })()`);

  test(
    'goes along through the shop, beside what one taps, and leads back to the room',
    { timeout: LONG_MS },
    async () => {
      const { live, page } = await onAir();
      for (const path of ['/products/chengbu-honey', '/products', '/cart', '/orders']) {
        await page.goto(path);
        await plays(page);
        expect([path, await covers(page, '.buy-bar', '.action-bar', '.tabbar', '.site-header')]).toEqual([
          path,
          [],
        ]);
        expect(await layoutShift(page)).toBeLessThan(0.05);
      }
      await page.locator(`${MINI} a`).first().click();
      await page.waitForURL(`**/live/${live}`);
      await page.waitForSelector('[data-stage][data-shown]', { timeout: 30_000 });

      // Whoever closes it is not followed any further.
      await page.goto('/products');
      await plays(page);
      await page.locator('[data-mini-close]').click();
      await page.locator(MINI).waitFor({ state: 'detached' });
      await page.goto('/products/chengbu-honey');
      await page.locator('html').waitFor();
      expect(await page.evaluate(`sessionStorage.getItem('mini-player')`)).toBeNull();
    },
  );

  test('waits while one pays, and says when the live is over', { timeout: LONG_MS }, async () => {
    const { live, page } = await onAir();
    await page.goto('/products/chengbu-honey');
    await plays(page);
    await page.locator('[data-add-to-cart]').first().click();
    await page.goto('/checkout');
    await page.locator('form[data-checkout-page]').waitFor();
    expect(await page.locator(MINI).count()).toBe(0);
    await page.goto('/products');
    await plays(page);
    await house.shop.ctx.lives.stop(live, await house.host());
    await page.locator('[data-mini-over]').waitFor({ timeout: 30_000 });
    expect(await page.evaluate(`sessionStorage.getItem('mini-player')`)).toBeNull();
    await page.locator('[data-mini-over] a').click();
    await page.waitForURL(`**/live/${live}`);
  });

  test('plays what a media server elsewhere carries, too', { timeout: LONG_MS }, async () => {
    const source = await house.startLive(['HNY-500']);
    await publishes(source);
    const media = await otherOrigin(`${house.shop.url}/video/hls/${source}`);
    onTestFinished(media.close);

    const live = await house.startLive(['HNY-500', 'DKT-100']);
    await house.shop.ctx.handovers.change(
      live,
      {
        ...{ version: 0, whip: null, rtmp: null, token: null, forgetToken: false, expiresAt: null },
        ...{ protectPlay: false, play: [{ type: 'llhls', url: `${media.url}/index.m3u8` }] },
      },
      await house.host(),
    );
    const shopper = await comes();
    shopper.expects(/foreign request/);
    const { page } = shopper;
    await inRoom(page, live);
    await page.goto('/products/chengbu-honey');
    const frame = page.frameLocator(`${MINI} iframe`);
    await page.waitForSelector(`${MINI}[data-moving]`, { timeout: 30_000 });
    const seen = () =>
      frame.locator('video').evaluate<number, { currentTime: number }>((video) => video.currentTime);
    const from = await seen();
    await until(seen, (now) => now > from, 20_000);

    // Nobody else's page shows it, and the pages of the shop still reach nobody else.
    const policy = async (path: string) =>
      (await fetch(house.shop.url + path)).headers.get('content-security-policy')!;
    expect(await policy(`/live/${live}/mini`)).toMatch(
      /connect-src 'self' http:\/\/localhost:\d+;.*frame-ancestors 'self'/,
    );
    expect(await policy('/products')).toMatch(/connect-src 'self';.*frame-ancestors 'none'/);
    await page.locator(`${MINI} a`).first().click();
    await page.waitForURL(`**/live/${live}`);
  });

  test('goes on with a replay where it was left', { timeout: LONG_MS }, async () => {
    const { live, page } = await onAir();
    const { lives, recordings } = house.shop.ctx;
    await until(
      async () => (await recordings.ofLive(live)).length,
      (count) => count > 0,
      30_000,
    );
    await lives.pin(live, { sku: 'HNY-500' }, await house.host());
    await until(
      async () => (await recordings.clip(live, undefined)).reduce((sum, { d }) => sum + d, 0),
      (us) => us > 7_000_000,
      60_000,
    );
    await lives.stop(live, await house.host());
    await page.goto(`/live/${live}`);
    await page.waitForSelector('[data-room][data-replay]');
    const at = () => page.evaluate<number>(`document.querySelector('video[data-video]').currentTime`);
    await until(at, (now) => now > 0.2, 30_000);
    await page.evaluate(`document.querySelector('video[data-video]').currentTime = 5`);
    await until(at, (now) => now > 5.2, 30_000);
    await page.goto('/products');
    await plays(page);
    expect(await seconds(page)).toBeGreaterThan(4.5);
  });
});

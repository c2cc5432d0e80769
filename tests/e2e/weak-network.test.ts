import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { pictureDelay, pictureWidth, RUSTLING_CAMERA } from '../support/video-pages.ts';
import { watch } from '../support/watching.ts';
import { weakLineTo } from '../support/weak-line.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;
/** A step down takes seconds, a step up a quarter of a minute and more; a busy machine takes its time. */
const PATIENCE_MS = 90_000;
const [WHOLE, COPY] = [960, 640];

describeInBrowser('a room on a weak line', () => {
  const house = useHouse();

  async function onAir(live: string) {
    const host = await house.come({ screen: DESKTOP, as: 'host@demo.test' });
    host.expects(LINE_BREAKS);
    await host.context.addInitScript(RUSTLING_CAMERA);
    await host.page.goto(`/host/live/${live}`);
    await host.page.click('[data-studio-camera]');
    await host.page.click('[data-studio-air]');
  }

  /** Somebody who watches, over a line of their own. */
  async function enter(live: string) {
    const line = await weakLineTo(house.shop.url);
    onTestFinished(line.close);
    const visitor = await house.come({ screen: PHONE, url: line.url });
    visitor.expects(LINE_BREAKS);
    await visitor.page.goto(`/live/${live}`);
    await visitor.page.waitForSelector('[data-stage][data-shown]', { timeout: 30_000 });
    return { page: visitor.page, line };
  }

  const isFresh = (page: Page) =>
    until(
      () => pictureDelay(page),
      (delay) => delay !== undefined && delay < 5_000,
      PATIENCE_MS,
    );
  const isWide = (page: Page, width: number) =>
    until(
      () => pictureWidth(page),
      (now) => now === width,
      PATIENCE_MS,
    );

  /** Bytes a second of a line that carries the smaller pictures and not the whole ones: what the playlist says of both. */
  async function between(live: string): Promise<number> {
    const list = await (await fetch(`${house.shop.url}/video/hls/${live}/index.m3u8`)).text();
    const [whole = 0, copy = 0] = [...list.matchAll(/BANDWIDTH=(\d+)/g)].map(([, bits]) => Number(bits));
    expect(whole).toBeGreaterThan(2 * copy);
    return Math.sqrt(whole * copy) / 8;
  }

  test(
    'steps down to smaller pictures, or to sound and pictures of products, shops on, and comes back; others lose nothing',
    { timeout: 400_000 },
    async () => {
      const live = await house.startLive(['HNY-500', 'DKT-100'], { pin: 'HNY-500' });
      await onAir(live);
      const [thin, middling] = [await enter(live), await enter(live)];
      const strong = await watch(house.shop.url, live);
      onTestFinished(strong.close);
      await isFresh(thin.page);
      await isWide(middling.page, WHOLE);

      thin.line.narrow(25_000);
      // What was not there when somebody came can be chosen as soon as it is.
      const smaller = middling.page.locator('[data-quality] option[value="low"]:enabled');
      await smaller.waitFor({ state: 'attached', timeout: PATIENCE_MS });
      middling.line.narrow(await between(live));

      await thin.page.waitForSelector('[data-stage][data-sound-only]', { timeout: PATIENCE_MS });
      await thin.page.locator('[data-stage] img').waitFor();
      await house.shop.ctx.lives.pin(live, { sku: 'DKT-100' }, await house.host());
      await thin.page.locator('[data-pinned][data-sku="DKT-100"]').waitFor();
      thin.line.mend();

      await isWide(middling.page, COPY);
      await isFresh(middling.page);
      const arrived = strong.fragments();
      await until(strong.fragments, (count) => count > arrived + 10);
      expect(strong.begin()).toMatchObject({ rendition: 'high' });
      middling.line.mend();

      await isWide(middling.page, WHOLE);
      await isFresh(middling.page);
      await thin.page.waitForSelector('[data-stage]:not([data-sound-only])', { timeout: PATIENCE_MS });
      await isFresh(thin.page);
    },
  );
});

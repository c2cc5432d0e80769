import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { pictureDelay, RUSTLING_CAMERA } from '../support/video-pages.ts';
import { weakLineTo } from '../support/weak-line.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;
/** A step down takes seconds, a step up a quarter of a minute; a busy machine takes its time. */
const PATIENCE_MS = 90_000;

describeInBrowser('a room on a weak line', () => {
  const house = useHouse();

  test(
    'steps down to sound and pictures of products, shops on, and comes back to pictures; others lose nothing',
    { timeout: 400_000 },
    async () => {
      const live = await house.startLive(['HNY-500', 'DKT-100'], { pin: 'HNY-500' });
      const host = await house.come({ screen: DESKTOP, as: 'host@demo.test' });
      host.expects(LINE_BREAKS);
      await host.context.addInitScript(RUSTLING_CAMERA);
      await host.page.goto(`/host/live/${live}`);
      await host.page.click('[data-studio-camera]');
      await host.page.click('[data-studio-air]');

      const line = await weakLineTo(house.shop.url);
      onTestFinished(line.close);
      const weak = await house.come({ screen: PHONE, url: line.url });
      const strong = await house.come({ screen: PHONE });
      for (const visitor of [weak, strong]) {
        visitor.expects(LINE_BREAKS);
        await visitor.page.goto(`/live/${live}`);
        await visitor.page.waitForSelector('[data-stage][data-shown]', { timeout: 30_000 });
      }
      const { page } = weak;
      const isFresh = (of: Page) =>
        until(
          () => pictureDelay(of),
          (delay) => delay !== undefined && delay < 5_000,
          PATIENCE_MS,
        );
      await isFresh(page);

      line.narrow(45_000);
      await page.waitForSelector('[data-stage][data-sound-only]', { timeout: PATIENCE_MS });
      await page.locator('[data-stage] img').waitFor();
      await house.shop.ctx.lives.pin(live, { sku: 'DKT-100' }, await house.host());
      await page.locator('[data-pinned][data-sku="DKT-100"]').waitFor();
      expect(await pictureDelay(strong.page)).toBeLessThan(5_000);

      line.mend();
      await page.waitForSelector('[data-stage]:not([data-sound-only])', { timeout: PATIENCE_MS });
      await isFresh(page);
    },
  );
});

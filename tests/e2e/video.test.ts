import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { CLOCK_CAMERA, medianDelay, pictureDelay, playedSeconds } from '../support/video-pages.ts';
import { DESKTOP, PHONE, type Visitor } from '../support/visitor.ts';

/** A line that breaks is said so by the browser, and that is what happens here on purpose. */
const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;

describeInBrowser('a live with pictures', () => {
  const house = useHouse();

  async function goOnAir(live: string): Promise<Visitor> {
    const host = await house.come({ screen: DESKTOP, as: 'host@demo.test' });
    host.expects(LINE_BREAKS);
    await host.context.addInitScript(CLOCK_CAMERA);
    await host.page.goto(`/host/live/${live}`);
    await host.page.click('[data-studio-camera]');
    await host.page.click('[data-studio-air]');
    return host;
  }

  async function enter(live: string, url = `/live/${live}`): Promise<Page> {
    const shopper = await house.come({ screen: PHONE });
    shopper.expects(LINE_BREAKS);
    await shopper.page.goto(url);
    return shopper.page;
  }

  const shown = (page: Page) => page.waitForSelector('[data-stage][data-shown]', { timeout: 30_000 });
  const isFresh = (page: Page) =>
    until(
      () => pictureDelay(page),
      (delay) => delay !== undefined && delay < 5_000,
      30_000,
    );

  const LONG_MS = 300_000;

  test(
    'is seen within a second and a half, survives a lost line, and is watched again',
    { timeout: LONG_MS },
    async () => {
      const live = await house.startLive(['HNY-500', 'DKT-100']);
      const host = await goOnAir(live);
      const shopper = await enter(live);
      await shown(shopper);
      await isFresh(shopper);
      const delay = await medianDelay(shopper, 21);
      console.log(`camera to shopper: ${delay} ms`);
      expect(delay).toBeLessThan(1_500);

      // Whoever comes late sees a picture of now at once.
      const late = await enter(live);
      const began = await late.evaluate<number>(`performance.now()`);
      await shown(late);
      const waited = (await late.evaluate<number>(`performance.now()`)) - began;
      console.log(`late joiner: ${Math.round(waited)} ms`);
      expect(waited).toBeLessThan(2_000);
      expect(await isFresh(late)).toBeLessThan(5_000);

      // Two products are shown, for their chapters.
      const person = await house.host();
      const { lives, recordings, video } = house.shop.ctx;
      const kept = async () => (await recordings.ofLive(live)).length;
      await lives.pin(live, { sku: 'HNY-500' }, person);
      const before = await kept();
      await until(kept, (count) => count >= before + 3, 30_000);
      await lives.pin(live, { sku: 'DKT-100' }, person);

      // The process with the pictures dies: host and shoppers come back by themselves.
      process.kill(video.pid()!, 'SIGKILL');
      await until(() => shopper.isVisible('[data-moment]'), Boolean, 30_000);
      await until(() => shopper.isHidden('[data-moment]'), Boolean, 60_000);
      await isFresh(shopper);
      const again = await kept();
      await until(kept, (count) => count >= again + 3, 30_000);

      await host.page.click('[data-studio-off]');
      await lives.stop(live, person);
      const replay = await enter(live);
      await replay.waitForSelector('[data-room][data-replay]');
      await until(
        () => replay.locator('.chapters__item').count(),
        (count) => count === 2,
        20_000,
      );
      await until(
        () => playedSeconds(replay),
        (seconds) => seconds > 0.5,
        30_000,
      );
      await replay.locator('.chapters__item').nth(1).click();
      await until(
        () => playedSeconds(replay),
        (seconds) => seconds > 5,
        30_000,
      );

      const { chapters, durationMs } = (await (
        await fetch(`${house.shop.url}/api/lives/${live}/replay`)
      ).json()) as { chapters: { seq: number; fromMs: number; toMs: number }[]; durationMs: number };
      const [first] = chapters;
      expect(first!.toMs - first!.fromMs).toBeGreaterThan(3_000);
      const clip = await enter(live, `/live/${live}/clip/${first!.seq}`);
      const length = await until(
        () => clip.evaluate<number>(`document.querySelector('[data-clip]').duration || 0`),
        (seconds) => seconds > 0,
        30_000,
      );
      // Whole segments: up to three seconds more at each end.
      expect(length * 1000).toBeGreaterThan(first!.toMs - first!.fromMs - 100);
      expect(length * 1000).toBeLessThan(Math.min(durationMs + 100, first!.toMs - first!.fromMs + 6_100));
    },
  );

  test(
    'is seen by HLS within five seconds where fragments cannot be played',
    { timeout: LONG_MS },
    async () => {
      const live = await house.startLive(['HNY-500']);
      await goOnAir(live);
      const shopper = await house.come({ screen: PHONE });
      shopper.expects(LINE_BREAKS, /404/);
      // The player asks for this very type; the library of HLS asks for others.
      await shopper.context.addInitScript(`
      const { isTypeSupported } = MediaSource;
      MediaSource.isTypeSupported = (type) =>
        type !== 'video/mp4; codecs="avc1.42E01F,mp4a.40.2"' && isTypeSupported.call(MediaSource, type);
    `);
      await shopper.page.goto(`/live/${live}`);
      await shown(shopper.page);
      await isFresh(shopper.page);
      // It begins at some distance and catches up.
      const delay = await until(
        () => medianDelay(shopper.page, 15),
        (ms) => ms < 5_000,
        60_000,
      );
      console.log(`camera to shopper by HLS: ${delay} ms`);
    },
  );
});

import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { CLOCK_CAMERA, playedSeconds } from '../support/video-pages.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

/** A line that is left with its page is told of by the browser. */
const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;
/** A whole segment and the beginning of the next. */
const SHOWN_SECONDS = 2.5;

describeInBrowser('a replay', () => {
  const house = useHouse();

  test(
    'plays through where the host came back without a microphone, and then with one',
    { timeout: 300_000 },
    async () => {
      const live = await house.startLive(['HNY-500']);
      const { lives, recordings } = house.shop.ctx;
      const host = await house.come({ screen: DESKTOP, as: 'host@demo.test' });
      host.expects(LINE_BREAKS);
      await host.context.addInitScript(CLOCK_CAMERA);
      const kept = async () =>
        (await recordings.clip(live, undefined)).reduce((sum, { d }) => sum + d / 1_000_000, 0);

      /** On air until so much more is kept. */
      async function show({ voice }: { voice: boolean }) {
        await host.page.goto(`/host/live/${live}`);
        await host.page.evaluate(
          voice ? `localStorage.removeItem('no-voice')` : `localStorage.setItem('no-voice', '1')`,
        );
        await host.page.click('[data-studio-camera]');
        await host.page.click('[data-studio-air]');
        const before = await kept();
        await until(kept, (seconds) => seconds > before + SHOWN_SECONDS, 60_000);
        await host.page.click('[data-studio-off]');
      }
      await show({ voice: true });
      await show({ voice: false });
      await show({ voice: true });
      await lives.stop(live, await house.host());

      const { page } = await house.come({ screen: PHONE });
      await page.goto(`/live/${live}`);
      await page.waitForSelector('[data-room][data-replay]');
      const length = await until(
        () => page.evaluate<number>(`document.querySelector('video[data-video]').duration || 0`),
        (seconds) => seconds > 3 * SHOWN_SECONDS - 1,
        30_000,
      );
      await page.evaluate(`document.querySelector('video[data-video]').playbackRate = 3`);
      // By itself, without a leap of anybody's: over both places where the host came back.
      await until(
        () => playedSeconds(page),
        (seconds) => seconds > length - 1.5,
        120_000,
      );
      expect(await page.evaluate(`document.querySelector('video[data-video]').error`)).toBeNull();
    },
  );
});

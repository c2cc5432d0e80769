import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom } from '../support/room-page.ts';
import { CLOCK_CAMERA, medianDelay, pictureDelay } from '../support/video-pages.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const HONEY = 'HNY-500';
const TEA = 'DKT-100';
const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;

/** How long whole segments, a seek and the buffer of a player may be beside the point. */
const SECONDS_BESIDE = 4;

describeInBrowser('a day of a live', () => {
  const house = useHouse();

  async function onAir(live: string, as: string): Promise<Page> {
    const host = await house.come({ as, screen: DESKTOP });
    host.expects(LINE_BREAKS);
    await host.context.addInitScript(CLOCK_CAMERA);
    await host.page.goto(`/host/live/${live}`);
    await host.page.locator('[data-console][data-line="connected"]').waitFor();
    return host.page;
  }

  async function publish(page: Page) {
    await page.click('[data-studio-camera]');
    await page.click('[data-studio-air]');
  }

  const seen = (page: Page) => page.waitForSelector('[data-stage][data-shown]', { timeout: 30_000 });

  test(
    'on air, a flash offer bought, handed over, ended, replayed, and the order’s evidence at its second',
    { timeout: 240_000 },
    async () => {
      const { ctx } = house.shop;
      const live = await house.startLive([HONEY, TEA], { pin: HONEY });
      const first = await onAir(live, 'host@demo.test');
      await publish(first);

      const room = await enterRoom(house, live, { as: 'shopper@demo.test', screen: PHONE });
      room.visitor.expects(LINE_BREAKS);
      await seen(room.page);
      await until(
        () => pictureDelay(room.page),
        (delay) => delay !== undefined && delay < 5_000,
        30_000,
      );
      console.log(`camera to shopper: ${await medianDelay(room.page, 15)} ms`);

      // A flash offer, tapped in the room without leaving the picture.
      await ctx.offers.open(
        {
          ...{ liveId: live, sku: HONEY, quantity: 5, perBuyer: 1, seconds: 120, countdown: 0 },
          price: { amount: 990, currency: 'CNY' },
        },
        'host',
      );
      const grab = room.page.locator('[data-offer-button]');
      await until(() => grab.isEnabled(), Boolean, 10_000);
      await grab.click();
      await room.confirm.click();
      await room.receipt.waitFor();
      const code = (await room.page.locator('[data-receipt-code]').textContent())!.trim();
      const order = (await ctx.orders.byCode(code))!;
      expect(order.lines[0]).toMatchObject({ sku: HONEY, priceFen: 990 });
      await until(
        async () => (await ctx.figures.standing(live)).buys,
        (buys) => buys === 1,
      );
      await room.page.keyboard.press('Escape');

      // The next host takes over; what lies on the table stays, and the pictures come from the other device.
      const person = await house.host();
      await ctx.crews.invite(live, { login: 'coop@demo.test', rights: ['relay'] }, person);
      const second = await onAir(live, 'coop@demo.test');
      await first.locator('[data-relay-open]').click();
      await first.locator('[data-relay-list] button').first().click();
      await second.locator('[data-handover-accept]').click();
      await until(
        async () => (await ctx.turns.of(live)).length,
        (turns) => turns === 2,
      );
      await publish(second);
      await until(() => second.locator('[data-studio-on]').isVisible(), Boolean, 30_000);
      await until(
        () => pictureDelay(room.page),
        (delay) => delay !== undefined && delay < 3_000,
        60_000,
      );
      expect(await room.pinned.isVisible()).toBe(true);

      const kept = async () => (await ctx.recordings.ofLive(live)).length;
      const before = await kept();
      await until(kept, (count) => count >= before + 3, 60_000);
      const next = (await ctx.accounts.byLogin('coop@demo.test'))!;
      // Whoever only listened at the end sees the replay all the same.
      await room.page.locator('[data-quality]').selectOption('sound');
      await room.page.locator('[data-stage][data-sound-only]').waitFor({ timeout: 30_000 });
      await ctx.lives.stop(live, next);
      // Whoever saw the end is told so, and what comes next; the replay begins when they want it.
      await room.page.locator('[data-watch-replay]').waitFor({ timeout: 30_000 });
      await room.page.getByText(house.t('live.room.endedTitle'), { exact: true }).waitFor();
      expect(await room.page.locator('[data-next] a').count()).toBeGreaterThan(0);
      await room.page.locator('[data-watch-replay]').click();
      await room.page.locator('[data-room][data-replay]:not([data-face])').waitFor();
      await room.page
        .getByText(house.t('live.room.endedTitle'), { exact: true })
        .waitFor({ state: 'hidden' });

      await until(
        () => room.page.evaluate(`getComputedStyle(document.querySelector('video[data-video]')).opacity`),
        (opacity) => opacity === '1',
        30_000,
      );

      // The order knows its second, and the replay opens there: the clock in the picture shows it.
      await room.page.goto(`/orders/${code}/evidence`);
      await room.page.locator('.evidence a[href*="at="]').click();
      await room.page.locator('[data-room][data-replay]').waitFor();
      await until(
        async () => {
          const ago = await pictureDelay(room.page);
          return ago === undefined ? undefined : (Date.now() - ago - order.createdAt.getTime()) / 1000;
        },
        (beside) => beside !== undefined && Math.abs(beside) < SECONDS_BESIDE,
        10_000,
      );
    },
  );
});

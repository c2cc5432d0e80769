import { expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { describeInBrowser } from '../support/browser.ts';
import { cashed } from '../support/cashed.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { labelledLot } from '../support/labelled.ts';
import { CLOCK_CAMERA, playedSeconds } from '../support/video-pages.ts';
import { DESKTOP } from '../support/visitor.ts';

/** A line that is left with its page is told of by the browser. */
const LINE_BREAKS = /WebSocket connection to|ScriptProcessorNode/;

describeInBrowser('a jar that was sold on air', () => {
  const house = useHouse();

  test(
    'leads its buyer, and nobody else, to the second of the recording in which it was ordered',
    { timeout: 240_000 },
    async () => {
      const { shop } = house;
      const made = await labelledLot(shop, 'HNY-500', 4);
      const live = await house.startLive(['HNY-500'], { pin: 'HNY-500' });
      const host = await house.come({ screen: DESKTOP, as: 'host@demo.test' });
      host.expects(LINE_BREAKS);
      await host.context.addInitScript(CLOCK_CAMERA);
      await host.page.goto(`/host/live/${live}`);
      await host.page.click('[data-studio-camera]');
      await host.page.click('[data-studio-air]');
      const kept = async () =>
        (await shop.ctx.recordings.clip(live, undefined)).reduce((sum, { d }) => sum + d / 1_000_000, 0);
      await until(kept, (seconds) => seconds > 6, 60_000);
      const buyer = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
      const order = await cashed(shop, { sku: 'HNY-500', qty: 1, liveId: live }, buyer);
      expect(order.lines[0]!.lots.map(({ lot }) => lot)).toEqual([made.lot._id]);
      const then = await kept();
      await until(kept, (seconds) => seconds > then + 5, 60_000);
      await host.page.click('[data-studio-off]');
      await shop.ctx.lives.stop(live, await house.host());

      const code = made.serials[0]!;
      await shop.ctx.units.bind({ code, order: order._id, line: 0, by: 'test' });
      const packer = { id: 'test', cooperative: made.lot.cooperative };
      const items = [{ line: 0, qty: 1 }];
      const packed = await shop.ctx.packing.pack(order._id, { commandId: newId(), items }, packer);
      const parcel = packed.parcels[0]!.code;
      const sent = { carrier: 'sf', tracking: 'SF1234567890123', was: '' } as const;
      await shop.ctx.packing.ship(order._id, parcel, sent, packer);
      await shop.ctx.packing.deliver(order._id, parcel, packer);
      await shop.ctx.bus.idle();
      await shop.ctx.roads.idle();

      for (const as of [undefined, 'host@demo.test', 'coop@demo.test', 'admin@demo.test'] as const) {
        const { page } = await house.come(as ? { as } : {});
        await page.goto(`/trace/${code}`);
        expect(await page.locator('.trace-bought').count()).toBe(0);
        expect(await page.content()).not.toContain(order._id);
      }

      const { page } = await house.come({ as: 'shopper@demo.test' });
      await page.goto(`/trace/${code}`);
      const card = page.locator('.trace-bought');
      await card.getByRole('link', { name: house.t('trace.bought.moment') }).click();
      await page.waitForURL(`**/orders/${order._id}/evidence`);
      await page.getByRole('link', { name: house.t('evidence.watch') }).click();
      await page.waitForSelector('[data-room][data-replay]');
      // It plays from shortly before the order on, not from the beginning.
      await until(
        () => playedSeconds(page),
        (seconds) => seconds > 0.5,
        60_000,
      );
      const at = await page.evaluate<number>(`document.querySelector('video[data-video]').currentTime`);
      expect(at).toBeGreaterThan(Math.max(0, then - 12));
      expect(at).toBeLessThan(then + 8);
    },
  );
});

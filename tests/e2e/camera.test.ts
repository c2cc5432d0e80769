import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { cameraArgs, filmOf } from '../support/camera.ts';
import { cashed } from '../support/cashed.ts';
import { Client, until } from '../support/client.ts';
import { labelledLot } from '../support/labelled.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';
import { visit } from '../support/visitor.ts';

describeInBrowser('a printed label before the camera', () => {
  let shop: TestShop;
  let browser: Browser;
  let folder: string;
  let made: Awaited<ReturnType<typeof labelledLot>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shanxiang-camera-'));
    shop = await openTestShop({ demo: true });
    made = await labelledLot(shop, 'HNY-500', 2);
    const member = new Client(shop.url);
    await member.logIn('coop@demo.test');
    const printed = await member.form(`/coop/labels/${made.lot.code}/print`, {
      ...{ commandId: newId(), run: made.run.id, sheet: 'a4_70x37', format: 'png' },
      ...{ from: '1', to: '1', codes: made.serials[0]!, why: '给相机看' },
    });
    const film = join(folder, 'label.y4m');
    await filmOf(Buffer.from(await printed.arrayBuffer()), film);
    browser = await launchBrowser(cameraArgs(film));
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes to its order at the packing table', async () => {
    const buyer = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
    const order = await cashed(shop, { sku: 'HNY-500', qty: 1 }, buyer);
    expect(order.lines[0]!.lots[0]!.lot).toBe(made.lot._id);
    const packer = await visit(browser, shop.url, { as: 'coop@demo.test' });
    await packer.page.goto(`/coop/orders/${order._id}/scan?coop=huifeng`);
    await packer.page.click('[data-scan-camera]');
    const bound = await until(
      () => shop.ctx.units.ofOrder(order._id),
      ([unit]) => unit !== undefined,
    );
    expect(bound.map(({ _id }) => _id)).toEqual([made.serials[0]]);
    await until(
      () => packer.page.locator('[data-scan-count]').textContent(),
      (text) => text === '1 / 1',
    );
    await packer.page.click('[data-scan-camera]');
    expect(await packer.page.locator('[data-scan-view]').isHidden()).toBe(true);
    expect(packer.unexpected).toEqual([]);
    await packer.context.close();
  });

  test('is found genuine on the page that checks offline, also without a line', async () => {
    const looker = await visit(browser, shop.url, {});
    await looker.page.goto('/trace/check');
    await looker.page.locator('[data-check-offline]').waitFor();
    looker.expects(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/);
    await looker.context.setOffline(true);
    await looker.page.reload();
    await looker.page.click('[data-check-scan]');
    const shown = looker.page.locator('[data-verdict]:not([hidden])');
    await shown.waitFor();
    expect(await shown.getAttribute('data-verdict')).toBe('genuine');
    expect(await looker.page.locator('[data-check-camera]').isHidden()).toBe(true);
    await looker.context.setOffline(false);
    expect(looker.unexpected).toEqual([]);
    await looker.context.close();
  });
});

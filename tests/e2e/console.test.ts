import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { CLOCK_CAMERA } from '../support/video-pages.ts';
import { DESKTOP, PHONE } from '../support/visitor.ts';

const HONEY = 'HNY-500';
const TEA = 'DKT-100';
const HOST = 'host@demo.test';

describeInBrowser('the console', () => {
  const house = useHouse();
  const t = (key: string, values?: Record<string, unknown>) => house.t(key, values);

  async function open(path: string, screen: { width: number; height: number }) {
    const { page } = await house.come({ as: HOST, screen });
    await page.goto(path);
    await page.locator('[data-console][data-line="connected"], [data-rehearsal]').waitFor();
    return page;
  }

  const show = (page: Page, view: string) => page.locator(`[data-show="${view}"]`).click();
  const shown = (page: Page, selector: string, text: string | RegExp) =>
    page.locator(selector).filter({ hasText: text }).first().waitFor();

  test('on a laptop: shows the next product, answers a question, and takes a bad word off every screen', async () => {
    const live = await house.startLive([HONEY, TEA]);
    const page = await open(`/host/live/${live}`, DESKTOP);
    await page.locator('[data-next]').click();
    await page.locator('[data-now-card]').waitFor();
    expect(await page.locator('[data-now-lot]').textContent()).toMatch(/\d/);

    const viewer = (await house.come()).page;
    await viewer.goto(`/live/${live}`);
    await viewer.locator('[data-room][data-line="connected"]').waitFor();
    const input = viewer.getByRole('textbox', { name: t('live.room.say') });
    await input.fill('这个甜不甜');
    await input.press('Enter');
    await page.locator('[data-tab="questions"]').click();
    await shown(page, '[data-pane="questions"] .queue__item', '这个甜不甜');
    await page.getByRole('button', { name: t('browser.console.answer'), exact: true }).click();
    await page.locator('#say').fill('很甜，冬蜜');
    await page.locator('[data-pin-answer]').click();
    await shown(viewer, '[data-room-text]', '很甜，冬蜜');
    await shown(page, '[data-pane="questions"]', t('browser.console.questionsNone'));

    await input.fill('不好的话');
    await input.press('Enter');
    await page.locator('[data-tab="chat"]').click();
    await page.locator('.talk__line', { hasText: '不好的话' }).click();
    await page.locator('[data-do="delete"]').click();
    await viewer.locator('.talk__line', { hasText: '不好的话' }).waitFor({ state: 'detached' });
    await page.locator('.talk__line', { hasText: '不好的话' }).waitFor({ state: 'detached' });
    await shown(page, '[data-acted]', t('console.act.message_deleted'));
  });

  test(
    'on a phone, on air: has the picture, its health and the next product on one screen, and sums with the orders',
    { timeout: 120_000 },
    async () => {
      const live = await house.startLive([HONEY, TEA], { pin: HONEY });
      const host = await house.come({ as: HOST, screen: PHONE });
      host.expects(/ScriptProcessorNode/);
      await host.context.addInitScript(CLOCK_CAMERA);
      const { page } = host;
      await page.goto(`/host/live/${live}`);
      await page.locator('[data-console][data-line="connected"]').waitFor();
      await page.click('[data-studio-camera]');
      await page.click('[data-studio-air]');
      await page.locator('[data-studio-on]').waitFor({ timeout: 60_000 });
      await page.locator('[data-now-card]').waitFor();
      await page.evaluate('scrollTo(0, 0)');
      for (const part of ['[data-preview]', '[data-health="bitrate"]', '[data-studio-off]', '[data-next]']) {
        const box = (await page.locator(part).boundingBox())!;
        const tabs = (await page.locator('.console__tabs').boundingBox())!;
        expect([part, box.y + box.height < tabs.y]).toEqual([part, true]);
      }
      await page.locator('[data-next]').click();
      await page.locator(`[data-item="${TEA}"][data-pinned]`).waitFor();
      await show(page, 'orders');
      await page.locator('[data-sum="paid"]').waitFor();
    },
  );

  test('on a phone: hands the live to the next host on another device', async () => {
    const live = await house.startLive([HONEY, TEA], { pin: HONEY });
    await house.shop.ctx.crews.invite(
      live,
      { login: 'coop@demo.test', rights: ['relay'] },
      await house.host(),
    );
    const page = await open(`/host/live/${live}`, PHONE);
    const next = (await house.come({ as: 'coop@demo.test', screen: PHONE })).page;
    await next.goto(`/host/live/${live}`);
    await next.locator('[data-console][data-line="connected"]').waitFor();
    expect(await next.locator('[data-stop], [data-pin]').count()).toBe(0);
    await page.locator('[data-relay-open]').click();
    await page.locator('[data-relay-list] button').first().click();
    await next.locator('[data-handover-accept]').click();
    await until(
      async () => (await house.shop.ctx.turns.of(live)).length,
      (turns) => turns === 2,
    );
    await next.locator('[data-handover]').waitFor({ state: 'hidden' });
    expect(await page.locator('[data-acting]').textContent()).toBe(
      await next.locator('[data-acting]').textContent(),
    );
    expect((await house.shop.ctx.lives.byId(live)).pinned?.sku).toBe(HONEY);
    await show(page, 'chat');
    await page.locator('[data-talk]').waitFor();
    await page.locator('[data-now]').waitFor({ state: 'hidden' });
  });

  test('rehearses with made-up shoppers and leaves nothing behind', async () => {
    const live = await house.startLive([HONEY, TEA]);
    const { db, stock } = house.shop.ctx;
    const look = async () => [
      ...(await Promise.all(
        ['orders', 'chat', 'offers', 'live_acts', 'pin_marks'].map((name) =>
          db.collection(name).countDocuments(),
        ),
      )),
      ...(await stock.availability([HONEY, TEA])).values(),
    ];
    const before = await look();
    const page = await open(`/host/live/${live}/rehearsal`, PHONE);
    expect(await page.locator('.console__rehearsal').textContent()).toContain(t('console.rehearsal.title'));
    await page.locator('[data-next]').click();
    await page.locator('[data-now-card]').waitFor();
    await show(page, 'orders');
    await page.locator('[data-order]').first().waitFor({ timeout: 20_000 });
    await show(page, 'chat');
    await page.locator('#say').fill('大家好');
    await page.locator('[data-say] button[type="submit"]').click();
    await shown(page, '.talk__line--host', '大家好');
    expect(await look()).toEqual(before);
    expect((await house.shop.ctx.lives.byId(live)).pinned).toBeNull();
  });

  test('arranges the rail by tapping, and the prompter follows the table', async () => {
    const live = await house.startLive([HONEY, TEA], { state: 'scheduled' });
    const { page } = await house.come({ as: HOST, screen: PHONE });
    await page.goto(`/host/live/${live}/edit`);
    await page.locator('[data-arrange] [draggable="true"]').first().waitFor();
    await page.locator(`button[value="${TEA}:up"]`).click();
    await page
      .getByRole('button', { name: t('console.edit.save') })
      .last()
      .click();
    await until(
      async () => (await house.shop.ctx.lives.byId(live)).rail.join(),
      (rail) => rail === `${TEA},${HONEY}`,
    );
    await page.goto(`/host/live/${live}/prompter`);
    await page.locator('[data-connection]').waitFor({ state: 'hidden' });
    await house.shop.ctx.lives.start(live, await house.host());
    await house.shop.ctx.lives.pin(live, { sku: HONEY }, await house.host());
    await page.locator(`[data-sku="${HONEY}"][data-current]`).waitFor();
  });
});

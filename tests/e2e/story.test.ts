import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import type { PlaceOrderCommand } from '../../server/orders/orders.schema.ts';
import { formatMoney } from '../../server/platform/money.ts';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom, showsFace, type OwnRoomPage, type RoomPage } from '../support/room-page.ts';
import { DESKTOP, PHONE, type Visitor } from '../support/visitor.ts';

const SCREENS = [
  { name: 'a phone', screen: PHONE, sku: 'MTO-600', cooperative: 'huangshaping' },
  { name: 'a desktop', screen: DESKTOP, sku: 'HNY-500', cooperative: 'huifeng' },
];

describeInBrowser('the whole story', () => {
  const house = useHouse();

  test.each(SCREENS)('of one live, with the shoppers on $name', async ({ screen, sku, cooperative }) => {
    const host = await house.come({ screen: DESKTOP });
    await signIn(host.page, 'host@demo.test', '/host');
    const live = await schedule(host.page, [sku, 'DKT-100']);
    const shoppers = await Promise.all([
      enterRoom(house, live, { screen }),
      enterRoom(house, live, { screen }),
    ]);
    for (const room of shoppers) await showsFace(house, room, 'scheduled');
    const everybody = [host, ...shoppers.map(({ visitor }) => visitor)];
    for (const visitor of everybody) await visitor.markPage();

    await goLive(host.page);
    for (const room of shoppers) await showsFace(house, room, 'live');
    // Who had come before it began is counted, too.
    await until(
      async () => (await house.shop.ctx.figures.standing(live)).inAll,
      (inAll) => inAll === shoppers.length,
      15_000,
    );
    await pin(host.page, sku);
    for (const room of shoppers) await seesPinned(room, sku);

    await house.sellDownTo(sku, 1);
    const { winner, loser } = await bothTap(shoppers, sku);
    const code = await holdsReceipt(winner, sku);
    await isToldItIsGone(loser);
    await consoleShows(host.page, code, sku);
    for (const visitor of everybody) expect(await visitor.isSamePage()).toBe(true);

    await deskLists(code, cooperative);
    await orderPageIsOnlyFor(winner.visitor, code, sku);
    await isNotFoundFor(loser.visitor, code);

    await winner.page.locator('[data-receipt-go-on]').click();
    await loser.page.keyboard.press('Escape');
    await endLive(host.page);
    for (const room of shoppers) await showsFace(house, room, 'ended');
    for (const visitor of everybody) expect(await visitor.isSamePage()).toBe(true);
  });

  async function signIn(page: Page, login: string, to: string) {
    await page.goto(`/login?next=${encodeURIComponent(to)}`);
    await page.getByLabel(house.t('accounts.field.login'), { exact: true }).fill(login);
    await page.getByLabel(house.t('accounts.field.password'), { exact: true }).fill('demo-1234');
    await page.getByRole('button', { name: house.t('accounts.login.submit') }).click();
    await page.waitForURL(`**${to}`);
  }

  /** @returns the id of the new live; its console is open */
  async function schedule(page: Page, skus: string[]): Promise<string> {
    const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);
    await page.getByLabel(house.t('live.host.titleZh'), { exact: true }).fill('山里的早市');
    await page.getByLabel(house.t('live.host.startsAt'), { exact: true }).fill(`${tomorrow}T09:30`);
    for (const sku of skus) await page.locator(`input[name="skus"][value="${sku}"]`).check();
    await page.getByRole('button', { name: house.t('live.host.submit') }).click();
    await page.waitForURL(/\/host\/live\/[0-9a-z-]+$/);
    return page.url().split('/').at(-1)!;
  }

  const goLive = (page: Page) => page.getByRole('button', { name: house.t('live.console.start') }).click();

  async function endLive(page: Page) {
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: house.t('live.console.stop') }).click();
  }

  async function pin(page: Page, sku: string) {
    const button = page.locator(`button[data-pin="${sku}"]`);
    await button.click();
    await until(
      () => button.getAttribute('aria-pressed'),
      (pressed) => pressed === 'true',
    );
  }

  async function seesPinned(room: RoomPage, sku: string) {
    await room.pinned.getByText(await nameOf(sku), { exact: true }).waitFor();
    expect(await room.buyPinned.isEnabled()).toBe(true);
  }

  const nameOf = async (sku: string) => {
    const sellable = (await house.shop.ctx.catalog.sellables([sku])).get(sku);
    return sellable!.product.name['zh-CN'];
  };

  const priceOf = async (sku: string) => {
    const sellable = (await house.shop.ctx.catalog.sellables([sku])).get(sku);
    return formatMoney({ amount: sellable!.variant.priceFen, currency: 'CNY' }, 'zh-CN');
  };

  /** Both open the sheet and confirm; the two taps meet at the till before either is rung up. */
  async function bothTap(shoppers: OwnRoomPage[], sku: string) {
    const taps = meetAtTheTill(shoppers.length);
    for (const { buyPinned, confirm, sheet } of shoppers) {
      await buyPinned.click();
      await sheet.getByText(await nameOf(sku)).waitFor();
      await until(() => confirm.isEnabled(), Boolean);
    }
    await Promise.all(shoppers.map(({ confirm }) => confirm.click()));
    const outcomes = await Promise.all(
      shoppers.map((room) =>
        until(
          async () => ({ got: await room.receipt.isVisible(), refused: await room.refusal.isVisible() }),
          ({ got, refused }) => got || refused,
        ),
      ),
    );
    taps.mockRestore();
    expect(outcomes.filter(({ got }) => got)).toHaveLength(1);
    const first = outcomes[0]!.got ? 0 : 1;
    return { winner: shoppers[first]!, loser: shoppers[1 - first]! };
  }

  function meetAtTheTill(people: number) {
    const { orders } = house.shop.ctx;
    const place = orders.place.bind(orders);
    let arrived = 0;
    let open: () => void;
    const all = new Promise<void>((resolve) => (open = resolve));
    return vi.spyOn(orders, 'place').mockImplementation(async (command: PlaceOrderCommand, buyer: Person) => {
      arrived += 1;
      if (arrived === people) open();
      await all;
      return place(command, buyer);
    });
  }

  /** @returns the order's code */
  async function holdsReceipt({ receipt }: RoomPage, sku: string): Promise<string> {
    const code = (await receipt.locator('[data-receipt-code]').textContent()) ?? '';
    expect((await house.shop.ctx.orders.byCode(code))?.state).toBe('awaiting_payment');
    expect(await receipt.locator('[data-receipt-total]').textContent()).toBe(await priceOf(sku));
    expect(await receipt.locator('[data-receipt-clock]').textContent()).toMatch(/^(10:00|9:\d\d)$/);
    expect(await receipt.locator('[data-receipt-pay]').getAttribute('href')).toBe(`/orders/${code}`);
    return code;
  }

  async function isToldItIsGone({ refusal, receipt, confirm, buyPinned }: RoomPage) {
    expect(await refusal.textContent()).toBe(house.t('errors.sold_out'));
    expect(await receipt.isVisible()).toBe(false);
    for (const button of [confirm, buyPinned]) {
      await until(
        async () => ({ text: await button.textContent(), off: await button.isDisabled() }),
        ({ text, off }) => off && text === house.t('browser.soldOut'),
      );
    }
  }

  async function consoleShows(page: Page, code: string, sku: string) {
    await page.locator(`[data-order="${code}"]`).waitFor();
    expect(await page.locator('[data-order]').count()).toBe(1);
    const held = page.locator('[data-sum="held"]');
    const price = await priceOf(sku);
    await until(
      () => held.textContent(),
      (text) => text === price,
    );
    expect(await page.locator('[data-sum-note="held"]').textContent()).toBe(
      house.t('browser.pieces', { n: 1 }),
    );
    await until(
      () => page.locator(`[data-item="${sku}"] [data-left]`).textContent(),
      (left) => left === '0',
    );
  }

  async function deskLists(code: string, cooperative: string) {
    const member = await house.come({ screen: DESKTOP });
    await signIn(member.page, 'coop@demo.test', '/coop');
    await member.page.goto(`/coop?coop=${cooperative}`);
    await member.page.getByRole('row').filter({ hasText: code }).waitFor();
  }

  async function orderPageIsOnlyFor(buyer: Visitor, code: string, sku: string) {
    const page = await buyer.context.newPage();
    await page.goto(`/orders/${code}`);
    const lines = page.getByRole('region', { name: house.t('orders.order.lines') });
    await lines.getByText(await nameOf(sku)).waitFor();
    expect(await lines.textContent()).toContain(await priceOf(sku));
    await until(
      () => page.locator('[data-countdown]').textContent(),
      (text) => /^(10:00|\d:\d\d)$/.test(text ?? ''),
    );
    await page.close();
  }

  async function isNotFoundFor(stranger: Visitor, code: string) {
    stranger.expects(new RegExp(`404.*/orders/${code}`));
    const page = await stranger.context.newPage();
    expect((await page.goto(`/orders/${code}`))?.status()).toBe(404);
    expect(await page.getByText(code).count()).toBe(0);
    await page.close();
  }
});

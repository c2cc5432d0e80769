import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom, leftText, roomOf, roomState, showsFace, type RoomPage } from '../support/room-page.ts';
import { DESKTOP } from '../support/visitor.ts';

const HONEY = 'HNY-500';
const TEA = 'DKT-100';
const MANTOU = 'MTO-600';

describeInBrowser('the live room', () => {
  const house = useHouse();

  test('carries words both ways, as text and never as markup', async () => {
    const live = await house.startLive([HONEY]);
    const [guest, shopper] = await Promise.all([
      enterRoom(house, live),
      enterRoom(house, live, { as: 'shopper@demo.test', screen: DESKTOP }),
    ]);
    const nasty = '<img src=x onerror=alert(1)>';
    await guest.say(nasty);
    await hears(shopper, nasty);
    await shopper.say('蜂蜜还有吗');
    await hears(guest, '蜂蜜还有吗');
    for (const room of [guest, shopper]) {
      expect(await chatOf(room)).toEqual([nasty, '蜂蜜还有吗']);
      expect(await room.chat.locator('img').count()).toBe(0);
    }
    expect(await shopper.chat.textContent()).toContain('山里人');
  });

  test('counts likes once and shows them to everybody', async () => {
    const live = await house.startLive([HONEY]);
    const [one, other] = await Promise.all([enterRoom(house, live), enterRoom(house, live)]);
    const heart = one.page.getByRole('button', { name: house.t('live.room.like') });
    // Five taps within one moment go out as one message.
    await heart.evaluate((button) => [1, 2, 3, 4, 5].forEach(() => (button as { click(): void }).click()));
    for (const room of [one, other]) await shows(room, '[data-likes]', '5');
    expect((await house.shop.ctx.lives.byId(live)).likes).toBe(5);
  });

  test('counts people, not windows', async () => {
    const live = await house.startLive([HONEY]);
    const one = await enterRoom(house, live);
    const second = await one.visitor.context.newPage();
    await second.goto(`/live/${live}`);
    const other = await enterRoom(house, live);
    await shows(one, '[data-viewers]', '2');
    await shows(other, '[data-viewers]', '2');
    await second.close();
    await other.visitor.context.close();
    await shows(one, '[data-viewers]', '1');
  });

  test('tells of an order with a masked name and what is left', async () => {
    const live = await house.startLive([HONEY], { pin: HONEY });
    const buyer = await enterRoom(house, live, { as: 'shopper@demo.test' });
    const watcher = await enterRoom(house, live);
    const before = await house.left(HONEY);
    await buyer.buyPinned.click();
    await buyer.sheet.getByRole('button', { name: house.t('common.stepper.more') }).click();
    await buyer.confirm.click();
    await buyer.receipt.waitFor();
    const name = (await house.shop.ctx.catalog.sellables([HONEY])).get(HONEY)!.product.name['zh-CN'];
    await until(
      () => watcher.toast.textContent(),
      (text) => text === house.t('browser.toast', { name: '山**', qty: 2, product: name }),
    );
    const item = watcher.item(HONEY).locator('[data-left]');
    await until(
      () => item.textContent(),
      (text) => text === leftText(house, before - 2),
    );
    expect(await house.left(HONEY)).toBe(before - 2);
  });

  test('speaks English to whoever reads English', async () => {
    const live = await house.startLive([HONEY, TEA], { pin: TEA });
    const room = await enterRoom(house, live, { lang: 'en' });
    expect(await room.page.locator('html').getAttribute('lang')).toBe('en');
    await room.pinned.getByText('Anhua dark tea').first().waitFor();
    await pin(live, HONEY);
    await until(
      async () => (await roomState(room)).pinned,
      (sku) => sku === HONEY,
    );
    expect(await room.pinned.textContent()).not.toMatch(/\p{Script=Han}/u);
    await room.buyPinned.click();
    expect(await room.confirm.textContent()).toBe(house.t('browser.confirm', {}, 'en'));
    expect(await room.sheet.textContent()).not.toMatch(/\p{Script=Han}/u);
  });

  test('sells nothing before it begins and after it has ended', async () => {
    const [soon, over] = await Promise.all([
      house.startLive([HONEY], { state: 'scheduled' }),
      house.startLive([HONEY], { state: 'ended' }),
    ]);
    const early = await enterRoom(house, soon);
    await showsFace(house, early, 'scheduled');
    expect(await early.page.locator('[data-countdown]').textContent()).toMatch(/^(1:00:00|59:\d\d)$/);
    const late = await enterRoom(house, over);
    await showsFace(house, late, 'ended');
    for (const room of [early, late]) {
      await room.page.locator('[data-open-shelf]').click();
      await room
        .item(HONEY)
        .getByRole('link', { name: house.t('live.room.see') })
        .waitFor();
      for (const buy of await room.page.locator('[data-buy] button:not([data-basket-add])').all()) {
        expect(await buy.isVisible()).toBe(false);
      }
    }
  });

  test('says sold out wherever a product is for sale, in an open sheet too', async () => {
    const live = await house.startLive([MANTOU, HONEY], { pin: MANTOU });
    const room = await enterRoom(house, live);
    await room.buyPinned.click();
    await house.sellDownTo(MANTOU, 0);
    for (const button of [room.confirm, room.buyPinned]) {
      await until(
        () => button.textContent(),
        (text) => text === house.t('browser.soldOut'),
      );
      expect(await button.isDisabled()).toBe(true);
    }
    expect(await room.buyItem(MANTOU).isDisabled()).toBe(true);
    expect(await room.buyItem(HONEY).isDisabled()).toBe(false);

    // Whoever comes now is told the same by the page itself.
    const late = await house.come({ javaScript: false });
    await late.page.goto(`/live/${live}#shelf`);
    expect(await roomOf(late.page).buyPinned.isDisabled()).toBe(true);
    expect(await roomOf(late.page).buyItem(MANTOU).isDisabled()).toBe(true);
  });

  const chatOf = async (room: RoomPage) => (await roomState(room)).chat;

  const hears = (room: RoomPage, text: string) =>
    until(
      () => chatOf(room),
      (texts) => texts.some((line) => line === text),
    );

  const shows = (room: RoomPage, selector: string, text: string) =>
    until(
      () => room.page.locator(selector).textContent(),
      (shown) => shown === text,
    );

  async function pin(live: string, sku: string) {
    await house.shop.ctx.lives.pin(live, { sku }, await house.host());
  }
});

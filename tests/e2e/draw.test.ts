import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { fillAddress } from '../support/checkout-page.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom, type RoomPage } from '../support/room-page.ts';
import { DESKTOP } from '../support/visitor.ts';

const HONEY = 'HNY-500';
const WORD = '山乡好运';

describeInBrowser('a lucky draw', () => {
  const house = useHouse();

  const card = (room: RoomPage) => room.page.locator('[data-draw]');
  const press = async (room: RoomPage) => card(room).locator('[data-draw-enter]').click();
  const says = (room: RoomPage, part: string) => card(room).locator(`[data-draw-${part}]`).textContent();

  async function consoleOf(live: string) {
    const host = await house.come({ as: 'host@demo.test', screen: DESKTOP });
    await host.page.goto(`/host/live/${live}`);
    return host.page.locator('[data-draw-desk]');
  }

  test('is opened, entered by two, sealed, drawn, checked on the loser’s device, and claimed', async () => {
    const live = await house.startLive([HONEY]);
    const anna = await enterRoom(house, live, { as: 'shopper@demo.test' });
    const ben = await enterRoom(house, live, { as: 'coop@demo.test' });
    const guest = await enterRoom(house, live, { screen: DESKTOP });
    const before = await house.left(HONEY);

    const desk = await consoleOf(live);
    await desk.locator('[name="keyword"]').fill(WORD);
    await desk.locator('[data-draw-form] [type="submit"]').click();
    await press(anna);
    await ben.say(`我要${WORD}`);
    for (const room of [anna, ben]) {
      await until(
        () => says(room, 'how'),
        (text) => /[0-9a-f]{8}/.test(text ?? ''),
      );
    }
    // A guest sees it all, and is shown the way in.
    await card(guest).locator('[data-draw-sign-in]').waitFor();
    await until(
      () => says(guest, 'count'),
      (text) => (text ?? '').includes('2'),
    );
    expect(await house.left(HONEY)).toBe(before - 1);

    await desk.locator('[data-draw-close]').click();
    await until(
      () => card(anna).getAttribute('data-state'),
      (state) => state === 'committed',
    );
    const seal = /([0-9a-f]{12})…/.exec((await says(anna, 'how')) ?? '')?.[1];
    for (const room of [anna, ben, guest]) {
      await until(
        () => card(room).getAttribute('data-state'),
        (state) => state === 'drawn',
        20_000,
      );
    }
    const id = (await card(anna).locator('[data-draw-check]').getAttribute('href'))!.split('/')[2]!;
    const [award] = await until(
      () => house.shop.ctx.drawAwards.of(id),
      (awards) => awards.length === 1,
    );
    const shopper = await house.shop.ctx.accounts.byLogin('shopper@demo.test');
    const [winner, loser] = award!.person === shopper!.id ? [anna, ben] : [ben, anna];

    await winner.page.locator('[data-draw-claim]:not([hidden])').waitFor();
    expect(await loser.page.locator('[data-draw-claim]').isVisible()).toBe(false);

    // The loser need not believe it.
    await loser.page.goto(`/draws/${id}/check`);
    const verdict = loser.page.locator('[data-verdict]');
    await until(
      () => verdict.getAttribute('data-verdict'),
      (is) => is === 'true',
    );
    const steps = await loser.page
      .locator('[data-step-of]')
      .evaluateAll((items) => items.map((item) => item.getAttribute('data-result')));
    expect(steps).toEqual(['true', 'true', 'true', 'true', 'true', 'true']);
    expect(await loser.page.locator('main').textContent()).toContain(seal);

    await winner.page.locator('[data-draw-claim]').click();
    const form = winner.page.locator('form[action*="/prizes/"]');
    await fillAddress(winner.page);
    await form.locator('[type="submit"]').click();
    await winner.page.locator(`a[href="/orders/${award!.order}"]`).waitFor();
    const order = await house.shop.ctx.orders.byCode(award!.order);
    expect(order).toMatchObject({ state: 'paid', totalFen: 0 });
  });

  test('by watching lets in, in the room, who has watched long enough since it opened', async () => {
    const live = await house.startLive([HONEY]);
    const { draws, accounts, db } = house.shop.ctx;
    const room = await enterRoom(house, live, { as: 'shopper@demo.test' });
    await draws.open(
      {
        ...{ liveId: live, entry: { kind: 'watched', minutes: 1 }, seconds: 120, claimHours: 24 },
        prizes: [{ sku: HONEY, qty: 1, winners: 1 }],
      },
      await house.host(),
    );
    const button = card(room).locator('[data-draw-enter]');
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);
    const { id } = (await accounts.byLogin('shopper@demo.test'))!;
    await db
      .collection('watching')
      .updateOne(
        { _id: `${live}:${id}` as never },
        { $set: { live, person: id, slots: 3 } },
        { upsert: true },
      );
    await until(() => button.isEnabled(), Boolean, 40_000);
    await button.click();
    await until(
      () => says(room, 'how'),
      (text) => /[0-9a-f]{8}/.test(text ?? ''),
    );
  });

  test('that was tampered with is found out by the page', async () => {
    const live = await house.startLive([HONEY]);
    const { draws, accounts, db, lives } = house.shop.ctx;
    const host = await house.host();
    const draw = await draws.open(
      {
        liveId: live,
        entry: { kind: 'comment', keyword: WORD },
        prizes: [{ sku: HONEY, qty: 1, winners: 1 }],
        seconds: 60,
        claimHours: 24,
      },
      host,
    );
    for (const login of ['shopper@demo.test', 'coop@demo.test']) {
      await lives.say(live, WORD, (await accounts.byLogin(login))!);
    }
    await until(
      () => draws.countEntries(draw._id),
      (count) => count === 2,
    );
    await draws.close(live, draw._id, host);
    const over = await until(
      () => draws.byId(draw._id),
      ({ state }) => state === 'drawn',
      20_000,
    );
    // The other one is made the winner, as somebody with the database in their hands could.
    const list = (await draws.list(draw._id))!;
    const other = list.find((entrant) => entrant !== over.drawn!.winners[0]!.entrant)!;
    await db
      .collection('draws')
      .updateOne({ _id: draw._id as never }, { $set: { 'drawn.winners.0.entrant': other } });

    const visitor = await house.come({});
    await visitor.page.goto(`/draws/${draw._id}/check`);
    await until(
      () => visitor.page.locator('[data-verdict]').getAttribute('data-verdict'),
      (is) => is === 'false',
    );
    expect(await visitor.page.locator('[data-step-of="winners"]').getAttribute('data-result')).toBe('false');
    expect(await visitor.page.locator('[data-step-of="seed"]').getAttribute('data-result')).toBe('true');
  });
});

describeInBrowser('a coupon that falls in the room', () => {
  const house = useHouse();

  test('is taken with one tap and comes off the price in the buy sheet', async () => {
    const { coupons, couponDrops } = house.shop.ctx;
    const live = await house.startLive([HONEY], { pin: HONEY });
    const coupon = await coupons.make(
      {
        ...{ code: 'FALLS5', kind: 'fixed', amountFen: 500, percent: 0, capFen: null, minSpendFen: 0 },
        ...{ cooperative: null, scope: { kind: 'all' }, total: 9, perPerson: 1, held: true },
        ...{ from: new Date(0), until: new Date('2099-01-01') },
      },
      { id: 'admin', admin: true, cooperatives: [] },
    );
    const room = await enterRoom(house, live);
    const command = { liveId: live, coupon: coupon._id, quantity: 9, seconds: 60, countdown: 0 };
    await couponDrops.drop(command, await house.host());
    const ticket = room.page.locator('[data-ticket]');
    await ticket.locator('[data-ticket-take]').click();
    await until(
      () => ticket.getAttribute('data-mine'),
      (mine) => mine !== null,
    );
    await room.buyPinned.click();
    await room.sheet.locator('[data-buy-coupon]').waitFor();
    await room.confirm.click();
    await room.receipt.waitFor();
    const code = await room.sheet.locator('[data-receipt-code]').textContent();
    expect(await house.shop.ctx.orders.byCode(code!)).toMatchObject({ coupon: 'FALLS5', discountFen: 500 });
  });
});

describeInBrowser('what makes a room easy', () => {
  const house = useHouse();

  test('remembers what was switched off, opens a product beside the picture, and shows subtitles', async () => {
    const live = await house.startLive([HONEY]);
    const room = await enterRoom(house, live);
    const { page } = room;
    await page.locator('[data-open-tools]').click();
    await page.locator('[data-choice="danmaku"]').uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    expect(await page.locator('[data-danmaku]').isHidden()).toBe(true);

    await page.locator('[data-open-shelf]').click();
    await room.item(HONEY).locator('.item__name a').click();
    const panel = page.locator('[data-product-panel]');
    await panel.locator('.leaf__variant button').first().waitFor();
    expect(page.url()).toContain(`/live/${live}`);
    await panel.locator('[data-product-close]').click();
    expect(await panel.isHidden()).toBe(true);

    const host = await house.come({ as: 'host@demo.test', screen: DESKTOP });
    await host.page.goto(`/host/live/${live}`);
    const form = host.page.locator('[data-caption-form]');
    const said = page.locator('[data-caption]');
    await until(
      async () => {
        await form.locator('[name="text"]').fill('先看封盖，再闻香');
        await form.locator('[type="submit"]').click();
        return said.textContent();
      },
      (text) => text === '先看封盖，再闻香',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { enterRoom } from '../support/room-page.ts';
import { DESKTOP } from '../support/visitor.ts';

const [HONEY, TEA, MANTOU] = ['HNY-500', 'DKT-100', 'MTO-600'] as const;
const HOST = 'host@demo.test';

describe('a live that is changed on air', () => {
  const house = useHouse();

  test('shows its new title and shelf in room and console without loading them anew, and sells from it', async () => {
    const live = await house.startLive([HONEY, TEA], { pin: HONEY });
    const room = await enterRoom(house, live);
    const console = await house.come({ as: HOST, screen: DESKTOP });
    await console.page.goto(`/host/live/${live}`);
    await console.page.locator('[data-console][data-line="connected"]').waitFor();
    await Promise.all([room.visitor.markPage(), console.markPage()]);

    const editing = await house.come({ as: HOST, screen: DESKTOP });
    await editing.page.goto(`/host/live/${live}/edit`);
    await editing.page.locator('[name="titleZh"]').fill('边播边加一件');
    await editing.page.locator('.arrange__more summary').click();
    await editing.page.locator(`.arrange__more [value="${MANTOU}"]`).check();
    await editing.page
      .getByRole('button', { name: house.t('console.edit.save') })
      .last()
      .click();
    await until(
      async () => (await house.shop.ctx.lives.byId(live)).rail.join(),
      (rail) => rail === [HONEY, TEA, MANTOU].join(),
    );

    await room.item(MANTOU).waitFor({ state: 'attached' });
    expect(await room.page.title()).toContain('边播边加一件');
    await room.page.locator('[data-open-shelf]').click();
    await room.buyItem(MANTOU).click();
    await room.confirm.click();
    await room.receipt.waitFor();

    await console.page.locator(`[data-pin="${MANTOU}"]:enabled`).click();
    await until(
      async () => (await house.shop.ctx.lives.byId(live)).pinned?.sku,
      (sku) => sku === MANTOU,
    );
    await console.page.locator(`[data-item="${MANTOU}"][data-pinned]`).waitFor();
    expect(await console.page.locator('.console__name').textContent()).toBe('边播边加一件');
    expect([await room.visitor.isSamePage(), await console.isSamePage()]).toEqual([true, true]);
  });
});

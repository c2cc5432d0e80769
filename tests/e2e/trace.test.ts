import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { placeOf, SHEETS } from '../../server/trace/labels.rules.ts';
import { cashed } from '../support/cashed.ts';
import { until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { freshLot } from '../support/labelled.ts';
import { openPdf } from '../support/pdf.ts';
import { DESKTOP } from '../support/visitor.ts';

describe('a jar', () => {
  const house = useHouse();

  test('is labelled, packed by its label, looked at on a phone, and called back', async () => {
    const { shop } = house;
    const lot = await freshLot(shop, 'HNY-500', 4);
    const member = await house.come({ as: 'coop@demo.test', screen: DESKTOP });

    // A sheet of labels.
    await member.page.goto(`/coop/labels/${lot.code}`);
    await member.page.click('form[action$="/codes"] button');
    const download = member.page.waitForEvent('download');
    await member.page.click('form[action$="/print"] button[type=submit]');
    const pdf = await openPdf(await readFile(await (await download).path()));
    const sheet = SHEETS.a4_70x37;
    const link = await pdf.code(1, { ...placeOf(sheet, 0), width: sheet.width, height: sheet.height });
    await pdf.close();
    expect(link).toContain(`/10/${lot.code}/21/`);

    // An order is packed with it: a scanner types what it reads, and Enter.
    const buyer = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
    const order = await cashed(shop, { sku: 'HNY-500', qty: 1 }, buyer);
    expect(order.lines[0]!.lots[0]!.lot).toBe(lot._id);
    await member.page.goto(`/coop/orders/${order._id}?coop=huifeng`);
    await member.page.click('.packing__scan');
    const said = member.page.locator('[data-scan-said]');
    await until(
      () => member.page.evaluate('document.activeElement?.matches("[data-scan-input]") === true'),
      (focused) => focused === true,
    );
    await member.page.keyboard.type(link!);
    await member.page.keyboard.press('Enter');
    await until(
      () => said.getAttribute('class'),
      (state) => state?.includes('scan-said--good') === true,
    );
    expect(await member.page.locator('[data-scan-count]').textContent()).toBe('1 / 1');
    const [unit] = await shop.ctx.units.ofOrder(order._id);
    expect(link).toContain(unit!._id);
    // The same label on a second order is stopped.
    const second = await cashed(shop, { sku: 'HNY-500', qty: 1 }, buyer);
    member.expects(/409/);
    await member.page.goto(`/coop/orders/${second._id}/scan?coop=huifeng`);
    await member.page.fill('[data-scan-input]', link!);
    await member.page.keyboard.press('Enter');
    await until(
      () => said.textContent(),
      (text) => text === house.t('scanning.refused.already_sold'),
    );

    // The trace page on a phone.
    const phone = await house.come();
    const path = link!.slice(new URL(link!).origin.length);
    await phone.page.goto(path);
    expect(await phone.page.textContent('main')).toContain(lot.code);
    expect(await phone.page.textContent('main')).not.toContain(house.t('recalls.state.running'));

    // The recall changes it at once, and the buyer's order says so.
    await member.page.goto(`/coop/recalls/new/${lot.code}`);
    await member.page.fill('#why', '抽检时发现瓶口有碎屑');
    await member.page.check('input[name=confirm]');
    await member.page.click('form.form button[type=submit]');
    await until(
      async () => (await shop.ctx.stock.byCode(lot.code))!.state,
      (state) => state === 'recalled',
    );
    await phone.page.reload();
    expect(await phone.page.textContent('main')).toContain('召回');
    await shop.ctx.recalls.work();
    const shopper = await house.come({ as: 'shopper@demo.test' });
    await shopper.page.goto(`/orders/${order._id}`);
    expect(await shopper.page.textContent('.recall-notice')).toContain('抽检时发现瓶口有碎屑');
    await shopper.page.click('.recall-notice button');
    await until(
      async () => (await shop.ctx.orders.byCode(order._id))!.payment.refundedFen,
      (fen) => fen === order.lines[0]!.priceFen,
    );
  }, 60_000);
});

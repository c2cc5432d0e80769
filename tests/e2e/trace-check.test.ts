import { expect, test } from 'vitest';
import type { Lot } from '../../server/stock/index.ts';
import { grouped, gtin14 } from '../../server/trace/codes.rules.ts';
import { describeInBrowser } from '../support/browser.ts';
import { useHouse } from '../support/house.ts';
import { layoutShift, seriousFindings, sticksOut } from '../support/in-page.ts';

describeInBrowser('an identity card', () => {
  const house = useHouse();

  async function printed(at: number): Promise<{ code: string; link: string; path: string; lot: Lot }> {
    const { stock, catalog, units, signing } = house.shop.ctx;
    const lot = (await stock.byCode('HNY-500-A00'))!;
    const gtin = gtin14((await catalog.sellables([lot.sku])).get(lot.sku)!.variant.gtin);
    const codes: string[] = [];
    for await (const { _id } of units.ofLot(lot._id)) codes.push(_id);
    const code = codes[at]!;
    const link = await signing.linker(house.shop.url);
    const address = link({ gtin, lot: lot.code, serial: code, bestBefore: lot.bestBefore });
    return { code, link: address, path: address.slice(house.shop.url.length), lot };
  }

  for (const lang of ['zh-CN', 'en'] as const) {
    test(`is read on a phone without a script, nothing jumps or sticks out (${lang})`, async () => {
      const { code, path } = await printed(0);
      const { page } = await house.come({ lang, javaScript: false });
      await page.goto(path);
      expect(await page.locator('.id-card__signs').textContent()).toBe(grouped(code));
      expect(await page.locator('.trace-verdict__word').first().textContent()).toBe(
        house.t('trace.verdict.genuine.word', {}, lang),
      );
      expect(await page.locator('.trace-road__step').count()).toBeGreaterThan(3);

      const seeing = await house.come({ lang, still: true });
      await seeing.page.goto(path);
      expect(await sticksOut(seeing.page)).toMatchObject({ by: 0 });
      expect(await seriousFindings(seeing.page)).toEqual([]);
      expect(await layoutShift(seeing.page)).toBeLessThan(0.05);
    });
  }

  test('is checked without a line once the page has been opened: true, altered, forged, mistyped', async () => {
    const { link, code, lot } = await printed(1);
    const visitor = await house.come();
    const { page, context } = visitor;
    await page.goto('/trace/check');
    await page.locator('[data-check-offline]').waitFor();
    visitor.expects(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/);
    await context.setOffline(true);
    await page.reload();

    const verdict = async (text: string) => {
      // What was said of the last one must not pass for an answer.
      await page.evaluate(
        `for (const section of document.querySelectorAll('[data-verdict]')) section.hidden = true`,
      );
      await page.locator('#check-text').fill(text);
      await page.locator('[data-check-form] button[type=submit]').click();
      const shown = page.locator('[data-verdict]:not([hidden])');
      await shown.waitFor();
      return shown.getAttribute('data-verdict');
    };
    expect(await verdict(link.replace(lot.code, 'HNY-500-B00'))).toBe('altered');
    expect(await verdict(link)).toBe('genuine');
    const [head = '', token = ''] = link.split('s=');
    expect(await verdict(`${head}s=${token.slice(0, 6)}${'_'.repeat(86)}`)).toBe('forged');
    const other = code.at(-1) === '2' ? '3' : '2';
    expect(await verdict(link.replace(code, code.slice(0, 15) + other))).toBe('typing');
    expect(await verdict(grouped(code))).toBe('unsigned');
    await context.setOffline(false);
  });

  test('turns red at the top as soon as its lot is recalled', async () => {
    const { path, lot } = await printed(2);
    const lots = house.shop.ctx.db.collection<{ _id: string; state: string }>('lots');
    const entry = { ref: 'test', at: new Date(), by: 'test', from: 'open', to: 'recalled', why: '试一试' };
    await lots.updateOne(
      { _id: lot._id },
      {
        $set: { state: 'recalled' },
        $push: { history: entry },
      },
    );
    const { page } = await house.come();
    await page.goto(path);
    const alarm = page.locator('.trace-recall');
    expect(await alarm.textContent()).toContain('试一试');
    expect(await alarm.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(844);
  });
});

import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { readLink } from '../../server/trace/index.ts';
import { placeOf, SHEET_NAMES, SHEETS, type SheetName } from '../../server/trace/labels.rules.ts';
import { Client } from '../support/client.ts';
import { freshLot, keeper, labelledLot, linkFor } from '../support/labelled.ts';
import { openPdf } from '../support/pdf.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let member: Client;
let stranger: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  [member, stranger] = [new Client(shop.url), new Client(shop.url)];
  await member.logIn('coop@demo.test');
  await stranger.logIn('shopper@demo.test');
});
afterAll(() => shop.close());

const print = (lot: string, fields: Record<string, string>, who = member) =>
  who.form(`/coop/labels/${lot}/print`, { commandId: newId(), sheet: 'a4_70x37', codes: '', ...fields });

const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());

describe.each(SHEET_NAMES)('a sheet %s', (name: SheetName) => {
  test('holds codes that scan, in their order, with their signature, and says in words what they are', async () => {
    const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 5);
    const answer = await print(lot.code, { run: run.id, sheet: name, from: '1', to: '5' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const pdf = await openPdf(await bytesOf(answer));
    const sheet = SHEETS[name];
    const perPage = sheet.columns * sheet.rows;
    expect(pdf.pages).toBe(Math.ceil(5 / perPage));
    for (const [index, serial] of serials.entries()) {
      const { x, y } = placeOf(sheet, index);
      const page = Math.floor(index / perPage) + 1;
      const said = await pdf.code(page, { x, y, width: sheet.width, height: sheet.height });
      expect(said).toBe(await linkFor(shop, lot, serial));
      const read = readLink(said!);
      if ('fault' in read) throw new Error(read.fault);
      expect(await shop.ctx.signing.verdict(read.identity, read.signature)).toBe('genuine');
    }
    const [width, height] = await pdf.size(1);
    expect(width).toBeCloseTo((sheet.page[0] * 72) / 25.4, 1);
    expect(height).toBeCloseTo((sheet.page[1] * 72) / 25.4, 1);
    const text = (await pdf.text(1)).replaceAll(/\s/g, '');
    expect(text).toContain('城步中蜂蜜');
    expect(text).toContain(lot.code);
    expect(text).toContain(lot.bestBefore);
    expect(text).toContain(serials[0]!.slice(0, 4));
    await pdf.close();
  });
});

describe('what is printed', () => {
  test('is on record, and the same form sent again is the same print', async () => {
    const { lot, run } = await labelledLot(shop, 'HNY-500', 4);
    const fields = { run: run.id, commandId: newId(), from: '1', to: '4' };
    const [first, again] = [await print(lot.code, fields), await print(lot.code, fields)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect((await bytesOf(first)).length).toBeGreaterThan(1_000);
    const { runs } = await shop.ctx.labels.ofLot(lot.code, await keeper(shop));
    expect(runs[0]!.prints).toMatchObject([{ from: 1, to: 4, why: null }]);
    expect(runs[0]!.next).toBe(5);
  });

  test('is printed again for a reason only, and is marked', async () => {
    const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 4);
    await (await print(lot.code, { run: run.id, from: '1', to: '4' })).arrayBuffer();
    const refused = await print(lot.code, { run: run.id, from: '3', to: '4' });
    expect(refused.status).toBe(422);
    const text = await refused.text();
    expect(text).toContain(shop.ctx.translator.for('zh-CN')('errors.fields.reason_missing'));
    const answer = await print(lot.code, { run: run.id, from: '3', to: '4', why: '卷纸卡住' });
    const pdf = await openPdf(await bytesOf(answer));
    expect(await pdf.text(1)).toContain('补1');
    await pdf.close();
    const single = await print(lot.code, {
      run: run.id,
      codes: serials[1]!,
      why: '撕坏了',
      sheet: 'roll_40x30',
    });
    const one = await openPdf(await bytesOf(single));
    expect(one.pages).toBe(1);
    expect(await one.code(1, { x: 0, y: 0, width: 40, height: 30 })).toBe(
      await linkFor(shop, lot, serials[1]!),
    );
    await one.close();
    const { runs } = await shop.ctx.labels.ofLot(lot.code, await keeper(shop));
    expect(runs[0]!.prints.map(({ from, to, codes, why }) => ({ from, to, codes, why }))).toEqual([
      { from: 1, to: 4, codes: [], why: null },
      { from: 3, to: 4, codes: [], why: '卷纸卡住' },
      { from: 0, to: 0, codes: [serials[1]], why: '撕坏了' },
    ]);
  });

  test('by two at once is a first print for one of them only', async () => {
    const { lot, run } = await labelledLot(shop, 'HNY-500', 3);
    const answers = await Promise.all(
      [1, 2, 3].map(() => print(lot.code, { run: run.id, from: '1', to: '3' })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 422, 422]);
  });

  test.each([
    ['svg', 'image/svg+xml', '<svg'],
    ['png', 'image/png', '\u0089PNG'],
  ])('as a single %s is a picture', async (format, type, begins) => {
    const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 2);
    const answer = await print(lot.code, { run: run.id, format, codes: serials[0]!, why: '自己排版' });
    expect(answer.headers.get('content-type')).toContain(type);
    expect(
      Buffer.from(await bytesOf(answer))
        .toString('latin1')
        .trimStart()
        .startsWith(begins),
    ).toBe(true);
    expect((await print(lot.code, { run: run.id, format, why: '自己排版' })).status).toBe(422);
  });

  test('holds codes of that lot only', async () => {
    const { lot, run } = await labelledLot(shop, 'HNY-500', 2);
    const other = await labelledLot(shop, 'HNY-500', 1);
    for (const codes of [other.serials[0]!, 'NOT-A-CODE', '<script>']) {
      expect((await print(lot.code, { run: run.id, codes, why: '试试' })).status).toBe(422);
    }
    expect((await print(lot.code, { run: other.run.id, from: '1', to: '1' })).status).toBe(404);
    expect((await print(lot.code, { run: run.id, from: '1', to: '3' })).status).toBe(422);
    expect((await print(lot.code, { run: run.id, from: '2', to: '1' })).status).toBe(422);
  });
});

describe('codes', () => {
  const give = (lot: string, qty: string, commandId = newId(), who = member) =>
    who.form(`/coop/labels/${lot}/codes`, { commandId, qty });

  test('are given once by the same form, and never more than there are pieces', async () => {
    const lot = await freshLot(shop, 'HNY-500', 6);
    const commandId = newId();
    expect([
      (await give(lot.code, '4', commandId)).status,
      (await give(lot.code, '4', commandId)).status,
    ]).toEqual([303, 303]);
    expect(await shop.ctx.units.countOf(lot._id)).toBe(4);
    expect((await give(lot.code, '3')).status).toBe(409);
    expect((await give(lot.code, '2')).status).toBe(303);
    expect(await shop.ctx.units.countOf(lot._id)).toBe(6);
    expect((await member.get(`/coop/labels/${lot.code}`)).status).toBe(200);
  });

  test('and labels of another cooperative’s lot do not exist', async () => {
    const { lot, run } = await labelledLot(shop, 'TUT-100', 2);
    expect((await member.get(`/coop/labels/${lot.code}`)).status).toBe(404);
    expect((await give(lot.code, '1')).status).toBe(404);
    expect((await print(lot.code, { run: run.id, from: '1', to: '1' })).status).toBe(404);
    expect((await print(lot.code, { run: run.id, from: '1', to: '1' }, stranger)).status).toBe(403);
    expect((await print(lot.code, { run: run.id, from: '1', to: '1' }, new Client(shop.url))).status).toBe(
      401,
    );
  });
});

describe('thousands of labels', () => {
  const reader = () => ({ lang: 'zh-CN' as const, t: shop.ctx.translator.for('zh-CN') });
  async function job(qty: number) {
    const { lot, run } = await labelledLot(shop, 'HNY-500', qty);
    const format = { sheet: 'a4_52x30', format: 'pdf' } as const;
    const command = { commandId: newId(), run: run.id, ...format, codes: [], why: '' };
    return shop.ctx.labels.print(lot.code, command, await keeper(shop));
  }

  test('are written without holding them', async () => {
    const many = await job(5_000);
    let bytes = 0;
    let most = 0;
    const before = process.memoryUsage();
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        const now = process.memoryUsage();
        most = Math.max(most, now.heapUsed + now.external - before.heapUsed - before.external);
        done();
      },
    });
    await shop.ctx.labels.write(many, out, reader());
    expect(bytes).toBeGreaterThan(5_000_000);
    expect(most).toBeLessThan(160 * 1024 * 1024);
  }, 180_000);

  test('wait for a reader that is slow, and stop for one that has gone', async () => {
    const many = await job(1_500);
    const out = new PassThrough({ highWaterMark: 16 * 1024 });
    const writing = shop.ctx.labels.write(many, out, reader());
    let read = 0;
    for await (const chunk of out) {
      read += (chunk as Buffer).length;
      if (read > 200_000) break; // destroys the stream
    }
    await writing;
    expect(read).toBeLessThan(1_000_000);
  }, 60_000);
});

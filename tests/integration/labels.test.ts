import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { grouped, readLink } from '../../server/trace/index.ts';
import { placeOf, SHEET_NAMES, SHEETS, type SheetName } from '../../server/trace/labels.rules.ts';
import { Client } from '../support/client.ts';
import { gs1Faults } from '../support/gs1-schema.ts';
import { freshLot, keeper, labelledLot, linkFor } from '../support/labelled.ts';
import { paidOrder } from '../support/paid.ts';
import { openPdf } from '../support/pdf.ts';
import { openPicture } from '../support/picture.ts';
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
  });

  test.each(['svg', 'png'])('as %s is a file for each sheet, and every code on it scans', async (format) => {
    const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 16);
    const fields = { run: run.id, format, sheet: 'a4_99x38', from: '1', to: '16' };
    const answer = await print(lot.code, fields);
    expect(answer.status).toBe(303);
    const page = answer.headers.get('location')!;
    const html = await (await member.get(page)).text();
    const files = [...html.matchAll(/href="([^"]+\.(?:svg|png))"/g)].map(([, href]) => href!);
    expect(files.map((file) => file.slice(page.length))).toEqual([1, 2].map((at) => `/${at}.${format}`));
    const last = await member.get(files[1]!);
    expect(last.headers.get('content-disposition')).toContain(`${lot.code}-02.${format}`);
    const picture = await openPicture(await bytesOf(last));
    const sheet = SHEETS.a4_99x38;
    expect(picture.width / picture.height).toBeCloseTo(210 / 297, 2);
    for (const [index, serial] of serials.slice(14).entries()) {
      const { x, y } = placeOf(sheet, index);
      const area = { x, y, width: sheet.width, height: sheet.height };
      expect(await picture.code(area)).toBe(await linkFor(shop, lot, serial));
    }
    // The sheets of one print are one print, however often they are saved.
    const { runs } = await shop.ctx.labels.ofLot(lot.code, await keeper(shop));
    expect(runs[0]!.prints).toMatchObject([{ from: 1, to: 16, format, why: null }]);
    expect((await member.get(`${page}/3.${format}`)).status).toBe(404);
    expect((await stranger.get(files[0]!)).status).toBe(403);
    expect((await new Client(shop.url).get(page)).status).toBe(401);
  });

  test('of a roll, as a picture, is a strip that ends with its last label', async () => {
    const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 3);
    const answer = await print(lot.code, { run: run.id, format: 'svg', sheet: 'roll_40x30' });
    expect(answer.status).toBe(200);
    const picture = await openPicture(await bytesOf(answer));
    expect(picture.width / picture.height).toBeCloseTo(40 / 90, 2);
    const code = await picture.code({ x: 0, y: 60, width: 40, height: 30 });
    expect(code).toBe(await linkFor(shop, lot, serials[2]!));
  });

  test('as pictures is not more than anybody saves one by one', async () => {
    const { lot, run } = await labelledLot(shop, 'HNY-500', 1_300);
    const fields = { run: run.id, sheet: 'roll_40x30', from: '1', to: '1300' };
    const refused = await print(lot.code, { ...fields, format: 'png' });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('1200');
    const { runs } = await shop.ctx.labels.ofLot(lot.code, await keeper(shop));
    expect(runs[0]!.prints).toEqual([]);
  });

  test('as a list names every code with its signed link, once, for a press of its own', async () => {
    const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 5);
    const answer = await print(lot.code, { run: run.id, format: 'csv', from: '2', to: '4' });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [head, ...rows] = (await answer.text()).trim().split('\r\n');
    expect(head!.replace('\ufeff', '')).toBe('no,code,gtin,lot,best_before,link');
    expect(rows).toHaveLength(3);
    const cells = rows.map((row) => row.split(','));
    expect(cells.map(([no]) => no)).toEqual(['2', '3', '4']);
    expect(cells.map((row) => row[1])).toEqual(serials.slice(1, 4).map(grouped));
    expect(cells[0]![5]).toBe(await linkFor(shop, lot, serials[1]!));
    const again = await print(lot.code, { run: run.id, format: 'pdf', from: '1', to: '5' });
    expect(again.status).toBe(422);
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

describe('a single code', () => {
  const withdraw = (lot: string, fields: Record<string, string>, who = member) =>
    who.form(`/coop/labels/${lot}/withdraw`, { act: 'void', why: '标签弄脏', ...fields });

  test('is voided by its cooperative, and whoever scans it is told so', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 2);
    const [serial = ''] = serials;
    const code = await linkFor(shop, lot, serial);
    expect((await withdraw(lot.code, { code })).status).toBe(303);
    expect((await withdraw(lot.code, { code: grouped(serial) })).status).toBe(303);
    const said = await new Client(shop.url).json<{ verdict: string; road: { step: string; note: string }[] }>(
      `/api/trace/${serial}`,
    );
    expect(said.verdict).toBe('revoked');
    expect(said.road.filter(({ step }) => step === 'voided')).toMatchObject([{ note: '标签弄脏' }]);
    const whole = await new Client(shop.url).json<{ road: { step: string }[] }>(`/api/trace/${lot.code}`);
    expect(whole.road.map(({ step }) => step)).not.toContain('voided');
    expect(gs1Faults(await shop.ctx.exchange.documentOf(lot))).toEqual([]);
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
  });

  test('is not voided where it lies in a carton or with an order, and comes back from its buyer only', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 4);
    const [a = '', b = ''] = serials;
    const sscc = await shop.ctx.cartons.start(lot.code, newId(), await keeper(shop));
    await shop.ctx.cartons.put(sscc, a, await keeper(shop));
    const inCarton = await withdraw(lot.code, { code: a });
    expect(inCarton.status).toBe(422);
    expect(await inCarton.text()).toContain('外箱');
    const order = await paidOrder(shop, [{ sku: 'HNY-500', qty: 1 }]);
    await shop.ctx.units.bind({ code: b, order: order._id, line: 0, by: 'keeper' });
    expect((await withdraw(lot.code, { code: b })).status).toBe(422);
    expect((await withdraw(lot.code, { code: b, act: 'back' })).status).toBe(422);
    const packer = { id: 'keeper', cooperative: lot.cooperative };
    const items = [{ line: 0, qty: 1 }];
    const packed = await shop.ctx.packing.pack(order._id, { commandId: newId(), items }, packer);
    const parcel = packed.parcels[0]!.code;
    const sent = { carrier: 'sf', tracking: 'SF1234567890123', was: '' } as const;
    await shop.ctx.packing.ship(order._id, parcel, sent, packer);
    await shop.ctx.bus.idle();
    await shop.ctx.roads.idle();
    expect((await withdraw(lot.code, { code: b, act: 'back', why: '拒收' })).status).toBe(303);
    const unit = (await shop.ctx.units.byCode(b))!;
    expect(unit).toMatchObject({ state: 'returned', order: null, parcel: null });
    expect((await withdraw(lot.code, { code: b })).status).toBe(303);
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
  });

  test('of another lot, of another cooperative or without a reason is left alone', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 1);
    const other = await labelledLot(shop, 'HNY-500', 1);
    const theirs = await labelledLot(shop, 'TUT-100', 1);
    expect((await withdraw(lot.code, { code: other.serials[0]! })).status).toBe(422);
    expect((await withdraw(lot.code, { code: serials[0]!, why: ' ' })).status).toBe(422);
    expect((await withdraw(theirs.lot.code, { code: theirs.serials[0]! })).status).toBe(404);
    expect((await withdraw(lot.code, { code: serials[0]! }, stranger)).status).toBe(403);
    expect((await shop.ctx.units.byCode(serials[0]!))!.state).toBe('commissioned');
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

import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { Client } from '../support/client.ts';
import { labelledLot } from '../support/labelled.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openTestShop({ demo: true });
});
afterAll(() => shop.close());

const mails = () =>
  shop.ctx.db
    .collection<{ _id: string; to: string; about: Record<string, string> }>('mails')
    .find({ 'about.kind': 'trace_report' })
    .toArray();

function report(code: string, reportId: string, text = '盖子是松的') {
  const fields = { reportId, kind: 'quality', text, contact: '138 0000 0000' };
  return new Client(shop.url).form(`/trace/${code}/report`, fields);
}

test('a problem that somebody reports stands at the desk and is mailed to each member, once', async () => {
  const { serials, lot } = await labelledLot(shop, 'HNY-500', 1);
  const id = newId();
  expect((await report(serials[0]!, id)).status).toBe(303);
  expect((await report(serials[0]!, id)).status).toBe(303);
  const members = await shop.ctx.cooperatives.membersOf(lot.cooperative);
  const found = (await mails()).filter(({ about }) => about['report'] === id);
  expect(found.map(({ _id }) => _id).sort()).toEqual(
    members.map((one) => `trace_report:${id}:${one}`).sort(),
  );
  expect(found.map(({ to }) => to)).toContain('coop@demo.test');

  const letter = (await shop.ctx.reportMails.compose({ kind: 'trace_report', report: id }, 'zh-CN'))!;
  expect(letter.text).toContain('盖子是松的');
  expect(letter.text).toContain('/coop/trace?coop=huifeng#reports');
  expect(letter.text + letter.html).not.toContain('138 0000 0000');

  const member = new Client(shop.url);
  await member.logIn('coop@demo.test');
  const desk = await (await member.get('/coop/trace?coop=huifeng')).text();
  expect(desk).toContain('盖子是松的');
  expect(desk).toContain('138 0000 0000');
  const other = new Client(shop.url);
  await other.logIn('shopper@demo.test');
  expect((await other.get('/coop/trace?coop=huifeng')).status).toBe(403);
});

test('a report that a process died over is told later, and not twice', async () => {
  const { serials } = await labelledLot(shop, 'HNY-500', 1);
  const id = newId();
  await report(serials[0]!, id);
  const before = await mails();
  await shop.ctx.db
    .collection<{ _id: string }>('trace_reports')
    .updateOne({ _id: id }, { $set: { told: false } });
  await shop.ctx.db.collection('mails').deleteMany({ 'about.report': id });
  expect(await shop.ctx.reportMails.recover()).toBe(1);
  expect(await shop.ctx.reportMails.recover()).toBe(0);
  expect(await mails()).toHaveLength(before.length);
});

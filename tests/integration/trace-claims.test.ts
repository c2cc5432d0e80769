import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { localDay } from '../../server/platform/views/index.ts';
import { addDays, type Lot } from '../../server/stock/index.ts';
import { Client, until } from '../support/client.ts';
import { freshLot, keeper, labelledLot } from '../support/labelled.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const DAY_MS = 24 * 3_600_000;
const clock = movableClock();
let shop: TestShop;
let member: Client;
let lot: Lot;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
  lot = await freshLot(shop, 'HNY-500', 10);
});
afterAll(() => shop.close());

const today = () => localDay(clock.now());
const card = async (code: string) => (await new Client(shop.url).get(`/trace/${code}`)).text();
const refusal = () => shop.ctx.translator.for('zh-CN')('errors.claim_not_covered');

async function step(note: string, { day = today(), of = lot.code } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ commandId: newId(), step: 'harvest', day, note }))
    body.set(name, value);
  return member.request(`/coop/trace/${of}/steps`, { method: 'POST', body });
}

async function grower(words: string) {
  const body = new FormData();
  const fields = {
    ...{
      coop: 'huifeng',
      nameZh: '杨山',
      nameShown: 'full',
      townshipZh: '儒林镇',
      lat: '26.4',
      lng: '110.3',
    },
    ...{ plotShown: 'county', wordsZh: words },
  };
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return member.request('/coop/trace/growers', { method: 'POST', body });
}

async function certified(lots: string[], validFrom: string, validTo: string) {
  const { cooperative } = await shop.ctx.catalog.product('chengbu-honey');
  const command = {
    ...{ commandId: newId(), kind: 'organic' as const, number: `T-${newId().slice(0, 6)}` },
    ...{ issuer: { 'zh-CN': '试验', en: 'Trial' }, skus: ['HNY-500'], lots, validFrom, validTo },
  };
  return shop.ctx.certificates.add(cooperative, command, { file: null, keeper: await keeper(shop) });
}

test('a step or a grower’s words claim nothing that no certificate covers', async () => {
  for (const answer of [await step('有机蜜源地采收'), await grower('我家养的是有机蜂')]) {
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain(refusal());
    // What was typed is there still.
    expect(page).toMatch(/(?:有机蜜源地采收|我家养的是有机蜂)<\/textarea>/);
  }
  const raw = await member.form(`/coop/trace/${lot.code}/transform`, {
    ...{ commandId: newId(), day: today(), raw: '有 机 原蜜', kilograms: '12', note: '' },
  });
  expect(raw.status).toBe(422);
  expect(await card(lot.code)).not.toContain('有机');
  expect((await step('晴天采收')).status).toBe(303);
});

test('what a certificate covered on its day may be said of that day; words of today go when it runs out', async () => {
  const { lot: proven, serials } = await labelledLot(shop, 'HNY-500', 3);
  const other = await freshLot(shop, 'HNY-500', 3);
  await certified([proven.code], addDays(today(), -10), addDays(today(), 5));
  await until(
    () => step('有机蜜源地采收', { of: proven.code }),
    ({ status }) => status === 303,
  );
  expect((await step('有机蜜源地采收', { of: proven.code, day: addDays(today(), -15) })).status).toBe(422);
  expect((await step('有机蜜源地采收', { of: other.code })).status).toBe(422);

  const { cooperative } = await shop.ctx.catalog.product('chengbu-honey');
  const form = {
    ...{ nameZh: '杨山', nameEn: '', nameShown: 'full' as const, plotZh: '', plotEn: '' },
    ...{ townshipZh: '儒林镇', townshipEn: '', lat: 26.4, lng: 110.3, mu: 0, plotShown: 'county' as const },
    ...{ wordsZh: '蜂箱放在山上。我家养的是有机蜂。', wordsEn: '' },
  };
  const id = await shop.ctx.growers.add(cooperative, form, { by: 'test', picture: null });
  for (const one of [proven, other]) await shop.ctx.units.setGrowers(one._id, [id]);
  await until(
    () => card(serials[0]!),
    (page) => page.includes('我家养的是有机蜂') && page.includes('有机蜜源地采收'),
  );
  // Another lot of the same grower has no such certificate.
  const beside = await card(other.code);
  expect(beside).toContain('蜂箱放在山上');
  expect(beside).not.toContain('有机蜂');

  clock.forward(6 * DAY_MS);
  const later = await until(
    () => card(serials[0]!),
    (page) => !page.includes('有机蜂'),
    8_000,
  );
  expect(later).toContain('蜂箱放在山上');
  expect(later).toContain('有机蜜源地采收');
});

test('a step claims nothing any more once its certificate was taken back', async () => {
  const { lot: proven, serials } = await labelledLot(shop, 'HNY-500', 1);
  const { _id } = await certified([proven.code], addDays(today(), -1), addDays(today(), 90));
  await until(
    () => step('有机蜜源地采收', { of: proven.code }),
    ({ status }) => status === 303,
  );
  expect(await card(serials[0]!)).toContain('有机蜜源地');
  await shop.ctx.certificates.revoke(_id, {
    commandId: newId(),
    why: '抽检不合格',
    keeper: await keeper(shop),
  });
  await until(
    () => card(serials[0]!),
    (page) => !page.includes('有机蜜源地'),
    8_000,
  );
});

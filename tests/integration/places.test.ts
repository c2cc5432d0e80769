import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, until } from '../support/client.ts';
import { labelledLot } from '../support/labelled.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock, env: { TRUST_PROXY: '1', REGION_HEADER: 'X-Region' } });
});
afterAll(() => shop.close());

interface Look {
  first: Date;
  count: number;
  firstProvince: string | null;
  provinces: string[];
  provincesAfterSale: string[];
}

const kept = (code: string) => shop.ctx.db.collection<{ _id: string } & Look>('scans').findOne({ _id: code });

async function look(code: string, address: string, region?: string) {
  const headers = { 'x-forwarded-for': address, ...(region === undefined ? {} : { 'x-region': region }) };
  const answer = await new Client(shop.url).request(`/trace/${code}`, { headers });
  expect(answer.status).toBe(200);
  await shop.ctx.scans.idle();
  return answer.text();
}

test('a look is kept as a province: no address, no name, nothing that leads to either', async () => {
  const { serials } = await labelledLot(shop, 'HNY-500', 1);
  await look(serials[0]!, '198.51.100.77', 'CN-HN');
  const doc = await until(() => kept(serials[0]!), Boolean);
  expect(doc).toMatchObject({ count: 1, firstProvince: '湖南省', provinces: ['湖南省'] });
  expect(JSON.stringify(doc)).not.toContain('198.51.100');
  const page = await look(serials[0]!, '198.51.100.78', 'GD');
  expect(page).toContain('，在湖南');
});

test('a made-up region is no province, and no proxy is asked for one where none says it', async () => {
  const { serials } = await labelledLot(shop, 'HNY-500', 1);
  await look(serials[0]!, '192.0.2.9', '<script>');
  await look(serials[0]!, '203.0.113.4');
  expect(await until(() => kept(serials[0]!), Boolean)).toMatchObject({ firstProvince: null, provinces: [] });
});

test('looked at from three provinces on one day, its page warns of copies', async () => {
  const { serials } = await labelledLot(shop, 'HNY-500', 1);
  const warning = 'trace.scans.copied';
  const said = shop.ctx.translator.for('zh-CN')(warning);
  for (const [at, region] of ['HN', 'GD', 'BJ'].entries()) {
    expect(await look(serials[0]!, `198.51.100.${at}`, region)).not.toContain(said);
  }
  expect(await look(serials[0]!, '198.51.100.9', 'HN')).toContain(said);
});

test('a gift that goes to another province is no copy; the fourth province after its sale is', async () => {
  const { serials } = await labelledLot(shop, 'HNY-500', 1);
  const units = shop.ctx.db.collection<{ _id: string }>('units');
  await units.updateOne({ _id: serials[0]! }, { $set: { state: 'sold' } });
  const said = shop.ctx.translator.for('zh-CN')('trace.scans.copied');
  for (const region of ['HN', 'GD', 'BJ', 'SH']) {
    expect(await look(serials[0]!, '198.51.100.1', region)).not.toContain(said);
    clock.forward(24 * 3_600_000);
  }
  expect(await look(serials[0]!, '198.51.100.1', 'SH')).toContain(said);
});

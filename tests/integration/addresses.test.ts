import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HUNAN } from '../support/checkout.ts';
import { Client } from '../support/client.ts';
import { registered } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openTestShop();
});
afterAll(() => shop.close());

const BOOK = '/account/addresses';
const page = async (client: Client, path = BOOK) => (await client.get(path)).text();
const idsOn = (html: string) => [
  ...new Set([...html.matchAll(/\/account\/addresses\/([0-9a-z]{20})"/g)].map(([, id = '']) => id)),
];

async function withAddress(change: object = {}) {
  const client = new Client(shop.url);
  await page(client);
  const answer = await client.form(BOOK, { ...HUNAN, ...change });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, BOOK]);
  return client;
}

describe('the address book', () => {
  test('keeps what was written, with the phone in one form', async () => {
    const client = await withAddress({ phone: '+86 138 1234 5678' });
    const html = await page(client);
    for (const part of ['张三', '13812345678', '湖南省 长沙市 岳麓区', '麓山南路1号'])
      expect(html).toContain(part);
  });

  test('gives a wrong form back as it was typed, with what is wrong beside each field', async () => {
    const client = new Client(shop.url);
    const answer = await client.form(BOOK, { ...HUNAN, phone: '123', province: '', street: '麓山<b>' });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    const t = shop.ctx.translator.for('zh-CN');
    expect(html).toContain(t('errors.fields.phone_shape'));
    expect(html).toContain(t('errors.fields.province_unknown'));
    expect(html).toContain('value="123"');
    expect(html).toContain('麓山&lt;b&gt;');
    expect(idsOn(await page(client))).toEqual([]);
  });

  test('is read tolerantly and kept by its full names; a county of elsewhere is refused', async () => {
    const client = await withAddress({ province: '湖南省', city: '湘西州', county: '凤凰' });
    expect(await page(client)).toContain('湖南省 湘西土家族苗族自治州 凤凰县');
    const t = shop.ctx.translator.for('zh-CN');
    for (const [change, why] of [
      [{ city: '武汉市', county: '武昌区' }, 'city_unknown'],
      [{ county: '天河区' }, 'county_unknown'],
    ] as const) {
      const answer = await client.form(BOOK, { ...HUNAN, ...change });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(t(`errors.fields.${why}`));
    }
  });

  test('is helped by the lists of one province, which need no session', async () => {
    const ask = (province: string) =>
      fetch(`${shop.url}/api/divisions/${encodeURIComponent(province)}`).then(async (answer) => ({
        status: answer.status,
        cookie: answer.headers.get('set-cookie'),
        body: (await answer.json()) as { cities?: { name: string; counties: string[] }[] },
      }));
    const { status, cookie, body } = await ask('湖南省');
    expect([status, cookie]).toEqual([200, null]);
    expect(body.cities?.find(({ name }) => name === '长沙市')?.counties).toContain('岳麓区');
    expect((await ask('台湾省')).body.cities).toEqual([]);
    expect((await ask('哪里省')).status).toBe(404);
  });

  test('has one default: the oldest, then whichever was chosen last', async () => {
    const client = await withAddress();
    await client.form(BOOK, { ...HUNAN, name: '李四' });
    await client.form(BOOK, { ...HUNAN, name: '王五' });
    const names = async () => [...(await page(client)).matchAll(/<b>([^<]+)<\/b>/g)].map(([, name]) => name);
    expect(await names()).toEqual(['张三', '李四', '王五']);
    const [, second = '', third = ''] = idsOn(await page(client));
    await client.form(`${BOOK}/${second}/default`, {});
    await client.form(`${BOOK}/${third}/default`, {});
    expect(await names()).toEqual(['王五', '李四', '张三']);
    const makeDefault = `>${shop.ctx.translator.for('zh-CN')('addresses.makeDefault')}<`;
    expect((await page(client)).split(makeDefault)).toHaveLength(3);
    await client.form(`${BOOK}/${third}/delete`, {});
    expect(await names()).toEqual(['李四', '张三']);
  });

  test('is changed where it stands', async () => {
    const client = await withAddress();
    const [id = ''] = idsOn(await page(client));
    expect(await page(client, `${BOOK}/${id}`)).toContain('value="麓山南路1号"');
    await client.form(`${BOOK}/${id}`, { ...HUNAN, street: '韶山路2号' });
    const html = await page(client);
    expect(html).toContain('韶山路2号');
    expect(html).not.toContain('麓山南路1号');
  });

  test('of a guest belongs to the account that the guest opens', async () => {
    const client = await withAddress({ name: '赵六' });
    await registered(client);
    expect(await page(client)).toContain('赵六');
    await client.post('/api/logout', {});
    expect(await page(client)).not.toContain('赵六');
  });

  test('is seen, changed and deleted by nobody else', async () => {
    const mine = await withAddress();
    const [id = ''] = idsOn(await page(mine));
    const { visitor: other } = await registered(new Client(shop.url));
    expect(await page(other)).not.toContain('麓山南路1号');
    expect((await other.get(`${BOOK}/${id}`)).status).toBe(404);
    expect((await other.form(`${BOOK}/${id}`, { ...HUNAN, name: '别人' })).status).toBe(404);
    expect((await other.form(`${BOOK}/${id}/default`, {})).status).toBe(404);
    await other.form(`${BOOK}/${id}/delete`, {});
    expect(await page(mine)).toContain('麓山南路1号');
    expect(await page(mine)).not.toContain('别人');
  });
});

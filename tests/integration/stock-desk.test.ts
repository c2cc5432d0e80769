import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { guest } from '../support/checkout.ts';
import { paidOrder } from '../support/paid.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let member: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
});
afterAll(() => shop.close());

async function ofCoop(slug: string) {
  const coop = await shop.ctx.cooperatives.bySlug(slug);
  const lots = (await shop.ctx.stock.allLots()).filter(({ cooperative }) => cooperative === coop._id);
  return { coop, lots };
}

/** A lot of its own for each test, with so many pieces. */
async function freshLot(qty = 10) {
  const { coop, lots } = await ofCoop('huangshaping');
  return shop.ctx.stock.receive(
    {
      sku: lots[0]!.sku,
      code: `T-${newId().slice(0, 10).toUpperCase()}`,
      qty,
      madeOn: '2026-01-01',
      bestBefore: '2099-01-01',
    },
    { id: 'somebody', cooperatives: [coop._id] },
  );
}

const read = async (code: string) => (await shop.ctx.stock.allLots()).find((lot) => lot.code === code)!;
const books = () => shop.ctx.orders.audit();
const adjust = (code: string, fields: object, who = member) =>
  who.form(`/coop/stock/${code}/adjust`, {
    commandId: newId(),
    direction: 'less',
    qty: '1',
    why: '盘点',
    ...fields,
  });
const writeOff = (code: string, fields: object, who = member) =>
  who.form(`/coop/stock/${code}/write-off`, {
    commandId: newId(),
    reason: 'damaged',
    qty: '1',
    note: '',
    ...fields,
  });
const block = (code: string, act: 'block' | 'unblock', fields: object = {}, who = member) =>
  who.form(`/coop/stock/${code}/${act}`, { commandId: newId(), why: '客人反映漏气', ...fields });

describe('receiving', () => {
  async function form(fields: object) {
    const { lots } = await ofCoop('huangshaping');
    const code = `R-${newId().slice(0, 10).toUpperCase()}`;
    return {
      commandId: newId(),
      sku: lots[0]!.sku,
      code,
      qty: '24',
      madeOn: '2026-01-05',
      bestBefore: '',
      ...fields,
    };
  }

  test('offers a free code and dates by the shelf life, and puts the lot in stock', async () => {
    const fields = await form({});
    const page = await (await member.get(`/coop/stock/receive?sku=${fields.sku}`)).text();
    const suggested = /name="code"[^>]*value="([A-Z0-9-]+)"/.exec(page)?.[1];
    expect(suggested).toMatch(/^[A-Z0-9-]{3,20}$/);
    const answer = await member.form('/coop/stock/receive', { ...fields, code: suggested! });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/coop/stock/${suggested}`]);
    const product = (await shop.ctx.catalog.sellables([fields.sku])).get(fields.sku)!.product;
    const lot = await read(suggested!);
    const days = (Date.parse(lot.bestBefore) - Date.parse(lot.madeOn)) / 86_400_000;
    expect([lot.available, days]).toEqual([24, product.shelfLifeDays]);
    expect(lot.tail[0] ?? (await shop.ctx.stock.ledger(lot._id))[0]).toMatchObject({
      kind: 'received',
      qty: 24,
    });
    const again = await (await member.get(`/coop/stock/receive?sku=${fields.sku}`)).text();
    expect(/name="code"[^>]*value="([A-Z0-9-]+)"/.exec(again)?.[1]).not.toBe(suggested);
    expect(await books()).toEqual([]);
  });

  test('sent twice is one lot, and so when it is sent again after the book was written', async () => {
    const fields = await form({});
    const answers = await Promise.all([1, 2, 3].map(() => member.form('/coop/stock/receive', fields)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    await shop.ctx.stock.archiveTails();
    expect((await member.form('/coop/stock/receive', fields)).status).toBe(303);
    expect((await shop.ctx.stock.allLots()).filter(({ code }) => code === fields.code)).toHaveLength(1);
    // The same code from another form is somebody else's lot.
    const other = await member.form('/coop/stock/receive', { ...fields, commandId: newId() });
    expect(other.status).toBe(409);
    expect(await books()).toEqual([]);
  });

  test.each([
    ['qty', { qty: '0' }],
    ['qty', { qty: '1.5' }],
    ['qty', { qty: '' }],
    ['code', { code: 'ä' }],
    ['madeOn', { madeOn: '2999-01-01', bestBefore: '2999-06-01' }],
    ['bestBefore', { bestBefore: '2025-01-01' }],
    ['commandId', { commandId: 'x' }],
  ])('is refused for %s in %j, and comes back filled in', async (_field, wrong) => {
    const fields = await form(wrong);
    const before = (await shop.ctx.stock.allLots()).length;
    const answer = await member.form('/coop/stock/receive', fields);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('data-shelf-life');
    expect((await shop.ctx.stock.allLots()).length).toBe(before);
  });
});

describe('counting and writing off', () => {
  test('are movements that say who and why, and the ledger adds up', async () => {
    const lot = await freshLot(10);
    expect((await adjust(lot.code, { direction: 'more', qty: '4', why: '点多了' })).status).toBe(303);
    expect((await adjust(lot.code, { direction: 'less', qty: '3' })).status).toBe(303);
    expect((await writeOff(lot.code, { qty: '2', note: '瓶子碎了' })).status).toBe(303);
    const now = await read(lot.code);
    expect(now).toMatchObject({ available: 9, adjusted: 1, writtenOff: 2, received: 10 });
    const person = await shop.ctx.accounts.byLogin('coop@demo.test');
    const lines = await shop.ctx.stock.ledger(lot._id);
    expect(lines.slice(1)).toMatchObject([
      { kind: 'adjusted', qty: 4, by: person!.id, why: '点多了', available: 14 },
      { kind: 'adjusted', qty: -3, by: person!.id, why: '盘点', available: 11 },
      { kind: 'written_off', qty: 2, by: person!.id, why: 'damaged: 瓶子碎了', available: 9 },
    ]);
    const page = await (await member.get(`/coop/stock/${lot.code}`)).text();
    for (const text of ['点多了', '瓶子碎了', '合作社仓库']) expect(page).toContain(text);
    expect(await books()).toEqual([]);
  });

  test('sent twice are one movement, also when the book was written in between', async () => {
    const lot = await freshLot(10);
    const commandId = newId();
    await Promise.all([1, 2, 3, 4].map(() => adjust(lot.code, { commandId, qty: '2' })));
    await shop.ctx.stock.archiveTails();
    expect((await adjust(lot.code, { commandId, qty: '2' })).status).toBe(303);
    expect((await read(lot.code)).available).toBe(8);
    expect(await books()).toEqual([]);
  });

  test('never take more than there is, and say how much that is', async () => {
    const lot = await freshLot(5);
    for (const answer of [await adjust(lot.code, { qty: '6' }), await writeOff(lot.code, { qty: '6' })]) {
      expect(answer.status).toBe(409);
      const page = await answer.text();
      expect(page).toContain('最多只能动 5 件');
      expect(page).toContain('value="6"');
    }
    expect((await read(lot.code)).available).toBe(5);
    expect(await books()).toEqual([]);
  });

  test.each([
    ['a reason that is missing', () => adjust, { why: ' ' }],
    ['no pieces', () => adjust, { qty: '0' }],
    ['a direction that is none', () => adjust, { direction: 'sideways' }],
    ['a field that is not known', () => adjust, { by: 'somebody else' }],
    ['a reason that is none', () => writeOff, { reason: 'because' }],
    ['other without a note', () => writeOff, { reason: 'other' }],
  ])('are refused for %s', async (_what, act, wrong) => {
    const lot = await freshLot(5);
    expect((await act()(lot.code, wrong)).status).toBe(422);
    expect(await read(lot.code)).toMatchObject({ available: 5, seq: 1 });
  });

  test('against a running till: nothing goes below zero and every piece is accounted for', async () => {
    const { lots } = await ofCoop('huifeng');
    const { sku } = lots[0]!;
    const ofSku = lots.filter((lot) => lot.sku === sku);
    const pieces = (await shop.ctx.stock.availability([sku])).get(sku)!;
    const orders = Array.from({ length: 60 }, () =>
      shop.ctx.orders.place({ clickId: newId(), lines: [{ sku, qty: 3 }] }, guest()).then(
        () => 3,
        () => 0,
      ),
    );
    const takes = Array.from({ length: 40 }, async (_item, index) => {
      const answer = await (index % 2 ? adjust : writeOff)(ofSku[index % ofSku.length]!.code, { qty: '7' });
      return answer.status === 303 ? 7 : 0;
    });
    const gone = (await Promise.all([...orders, ...takes])).reduce((sum, qty) => sum + qty, 0);
    const after = (await shop.ctx.stock.availability([sku])).get(sku)!;
    expect(after).toBe(pieces - gone);
    for (const lot of ofSku) expect((await read(lot.code)).available).toBeGreaterThanOrEqual(0);
    expect(await books()).toEqual([]);
  });
});

describe('blocking', () => {
  test('takes a lot out of sale at once, keeps what orders hold, and is undone', async () => {
    const { lots } = await ofCoop('huangshaping');
    const { sku } = lots[0]!;
    const lot = await freshLot(10);
    const before = (await shop.ctx.stock.availability([sku])).get(sku)!;
    expect((await block(lot.code, 'block')).status).toBe(303);
    expect((await shop.ctx.stock.availability([sku])).get(sku)).toBe(before - 10);
    const takes = await shop.ctx.stock.take(newId(), new Map([[sku, before]]));
    expect(takes.map((take) => take.lot)).not.toContain(lot._id);
    await shop.ctx.stock.release(
      takes.map((take) => ({ ...take, ref: `${newId()}:rest` })),
      'test',
    );
    expect(await (await member.get('/coop/stock?coop=huangshaping&show=blocked')).text()).toContain(lot.code);
    expect((await block(lot.code, 'unblock', { why: '查过了，没问题' })).status).toBe(303);
    expect((await shop.ctx.stock.availability([sku])).get(sku)).toBe(before);
    const person = await shop.ctx.accounts.byLogin('coop@demo.test');
    expect((await read(lot.code)).history).toMatchObject([
      { from: 'open', to: 'blocked', by: person!.id, why: '客人反映漏气' },
      { from: 'blocked', to: 'open', by: person!.id, why: '查过了，没问题' },
    ]);
    expect(await books()).toEqual([]);
  });

  test('sent twice is done once, also after it was undone; another one finds it done', async () => {
    const lot = await freshLot(3);
    const commandId = newId();
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await block(lot.code, 'block', { commandId })).status),
    );
    expect(statuses).toEqual([303, 303, 303]);
    expect((await block(lot.code, 'block')).status).toBe(409);
    await block(lot.code, 'unblock');
    expect((await block(lot.code, 'block', { commandId })).status).toBe(303);
    expect(await read(lot.code)).toMatchObject({
      state: 'open',
      history: [{ to: 'blocked' }, { to: 'open' }],
    });
    expect((await block(lot.code, 'unblock')).status).toBe(409);
  });

  test('needs a reason', async () => {
    const lot = await freshLot(3);
    expect((await block(lot.code, 'block', { why: '' })).status).toBe(422);
    expect((await read(lot.code)).state).toBe('open');
  });
});

describe("another cooperative's lot", () => {
  test('does not exist, on any page and for any command', async () => {
    const all = await shop.ctx.cooperatives.list();
    const strange = all.find(({ slug }) => !['huangshaping', 'huifeng'].includes(slug))!;
    const { lots } = await ofCoop(strange.slug);
    const lot = lots[0]!;
    const before = await read(lot.code);
    const receive = {
      commandId: newId(),
      sku: lot.sku,
      code: 'STRANGE-1',
      qty: '1',
      madeOn: '2026-01-01',
      bestBefore: '',
    };
    const answers = [
      await member.get(`/coop/stock?coop=${strange.slug}`),
      await member.get(`/coop/stock/receive?coop=${strange.slug}`),
      await member.get(`/coop/stock/receive?sku=${lot.sku}`),
      await member.get(`/coop/stock/${lot.code}`),
      await member.form('/coop/stock/receive', receive),
      await member.form('/coop/stock/receive', { ...receive, qty: 'none' }),
      await adjust(lot.code, {}),
      await adjust(lot.code, { qty: 'none' }),
      await writeOff(lot.code, {}),
      await block(lot.code, 'block'),
      await block(lot.code, 'unblock'),
      await adjust('NO-SUCH-LOT', {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(await read(lot.code)).toEqual(before);
    for (const answer of answers) expect(await answer.text()).not.toContain('stat__value');
  });

  test('is open to an admin', async () => {
    const admin = new Client(shop.url);
    await admin.logIn('admin@demo.test');
    const { lots } = await ofCoop(
      (await shop.ctx.cooperatives.list()).find(({ slug }) => !['huangshaping', 'huifeng'].includes(slug))!
        .slug,
    );
    expect((await admin.get(`/coop/stock/${lots[0]!.code}`)).status).toBe(200);
    expect((await adjust(lots[0]!.code, {}, admin)).status).toBe(303);
  });

  test.each([
    ['a guest', undefined, 401],
    ['a shopper', 'shopper@demo.test', 403],
    ['a host', 'host@demo.test', 403],
  ])('nor is any lot for %s', async (_who, login, status) => {
    const client = new Client(shop.url);
    if (login) await client.logIn(login);
    const lot = await freshLot(2);
    for (const path of ['/coop/stock', '/coop/stock/receive', `/coop/stock/${lot.code}`]) {
      expect((await client.get(path)).status).toBe(status);
    }
    expect((await adjust(lot.code, {}, client)).status).toBe(status);
    expect((await block(lot.code, 'block', {}, client)).status).toBe(status);
    expect((await client.form('/coop/stock/receive', {})).status).toBe(status);
    expect(await read(lot.code)).toMatchObject({ available: 2, state: 'open' });
  });
});

describe('the book of a lot', () => {
  test('names the orders behind its movements, page by page, to the last line', async () => {
    const lot = await freshLot(50);
    const { lots } = await ofCoop('huangshaping');
    const others = lots.filter(
      ({ sku, state, _id }) => sku === lot.sku && state === 'open' && _id !== lot._id,
    );
    for (const { code } of others) await block(code, 'block');
    const order = await paidOrder(shop, [{ sku: lot.sku, qty: 2 }]);
    for (let turn = 0; turn < 32; turn += 1)
      await adjust(lot.code, { direction: turn % 2 ? 'less' : 'more', why: `第${turn}次` });
    for (const { code } of others) await block(code, 'unblock');
    await shop.ctx.stock.archiveTails();
    await adjust(lot.code, { why: '最后一次' });

    let path: string | undefined = `/coop/stock/${lot.code}`;
    const seen: string[] = [];
    let pages = 0;
    while (path) {
      const page: string = await (await member.get(path)).text();
      pages += 1;
      seen.push(page);
      path = /href="([^"]+)#book" rel="next"/
        .exec(page)?.[1]
        ?.replaceAll('&#x3D;', '=')
        .replaceAll('&amp;', '&');
    }
    const all = seen.join('\n');
    expect(pages).toBe(2);
    expect(all.match(/<tr>\s*<td class="book__at/g)).toHaveLength((await read(lot.code)).seq);
    for (let turn = 0; turn < 32; turn += 1) expect(all.split(`第${turn}次<`)).toHaveLength(2);
    // Once when its pieces were held, once when they were sold.
    expect(all.match(new RegExp(`/coop/orders/${order._id}`, 'g'))).toHaveLength(2);
  });
});

test('a change is told, so that rooms and desks look again', async () => {
  const lot = await freshLot(10);
  const heard: string[] = [];
  const off = [
    shop.ctx.bus.on('stock.changed', ({ skus }) => void heard.push(...skus)),
    shop.ctx.bus.on('lot.changed', ({ lot: code }) => void heard.push(code)),
  ];
  const socket = await member.socket();
  await socket.emitWithAck('desk:join', { cooperative: 'huangshaping' });
  let changed = 0;
  socket.on('desk:changed', () => (changed += 1));
  await adjust(lot.code, {});
  await until(
    () => changed,
    (n) => n > 0,
  );
  expect(heard).toEqual([lot.sku, lot.code]);
  await block(lot.code, 'block');
  expect(heard).toEqual([lot.sku, lot.code, lot.sku, lot.code]);
  for (const stop of off) stop();
  member.close();
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { paidOrder } from '../support/paid.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let member: Client;
/** SKUs of the two cooperatives that the member keeps, and of one that they do not. */
let skus: { mine: string; also: string; strange: string };
let strangeCoop: string;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  member = await signedIn('coop@demo.test');
  const lots = await shop.ctx.stock.allLots();
  const all = await shop.ctx.cooperatives.list();
  strangeCoop = all.find(({ slug }) => !['huangshaping', 'huifeng'].includes(slug))!.slug;
  const skuOf = (slug: string) => {
    const id = all.find((coop) => coop.slug === slug)!._id;
    return lots.filter(({ cooperative }) => cooperative === id).sort((a, b) => b.available - a.available)[0]!
      .sku;
  };
  skus = { mine: skuOf('huangshaping'), also: skuOf('huifeng'), strange: skuOf(strangeCoop) };
});
afterAll(() => shop.close());

async function signedIn(login: string) {
  const client = new Client(shop.url);
  await client.logIn(login);
  return client;
}

const now = async ({ _id }: Order) => (await shop.ctx.orders.byCode(_id))!;

function pack(
  order: Order,
  items: Record<number, number>,
  more: { coop?: string; who?: Client; commandId?: string } = {},
) {
  const body = new URLSearchParams({
    coop: more.coop ?? 'huangshaping',
    commandId: more.commandId ?? newId(),
  });
  for (const [line, qty] of Object.entries(items)) {
    body.append('line', line);
    body.append('qty', String(qty));
  }
  return (more.who ?? member).request(`/coop/orders/${order._id}/parcels`, { method: 'POST', body });
}

type Act = 'ship' | 'unpack' | 'delivered';
function act(order: Order, parcel: string, name: Act, fields: Record<string, string> = {}, who = member) {
  return who.form(`/coop/orders/${order._id}/parcels/${parcel}/${name}`, { coop: 'huangshaping', ...fields });
}
const SENT = { carrier: 'sf', tracking: 'SF 1234 5678 90123', was: '' };
const codes = async (order: Order) => (await now(order)).parcels.map(({ code }) => code);

describe('one order of two cooperatives', () => {
  test('is packed by each, leaves in parts, and its state follows all its parcels', async () => {
    const buyer = await signedIn('shopper@demo.test');
    const person = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
    const order = await paidOrder(
      shop,
      [
        { sku: skus.mine, qty: 3 },
        { sku: skus.also, qty: 1 },
      ],
      person,
    );
    const told: string[] = [];
    const off = (['parcel.packed', 'parcel.shipped', 'parcel.delivered'] as const).map((name) =>
      shop.ctx.bus.on(name, (fact) => void (fact.order === order._id && told.push(name))),
    );
    const moved: string[] = [];
    off.push(shop.ctx.bus.on('order.moved', (fact) => void (fact.code === order._id && moved.push(fact.to))));

    expect((await pack(order, { 0: 2 })).status).toBe(303);
    expect((await now(order)).state).toBe('packing');
    const [first = ''] = await codes(order);
    expect((await act(order, first, 'ship', SENT)).status).toBe(303);
    expect(await now(order)).toMatchObject({
      state: 'packing',
      parcels: [
        { state: 'shipped', carrier: 'sf', tracking: 'SF1234567890123', items: [{ line: 0, qty: 2 }] },
      ],
    });

    expect((await pack(order, { 0: 1 })).status).toBe(303);
    expect((await pack(order, { 1: 1 }, { coop: 'huifeng' })).status).toBe(303);
    const [, second = '', third = ''] = await codes(order);
    expect(
      (await act(order, second, 'ship', { carrier: 'zto', tracking: '773412345678901', was: '' })).status,
    ).toBe(303);
    expect((await now(order)).state).toBe('packing');
    const huifeng = { coop: 'huifeng' };
    expect((await act(order, third, 'ship', { ...SENT, ...huifeng })).status).toBe(303);
    expect((await now(order)).state).toBe('shipped');

    const atHome = await (await buyer.get(`/orders/${order._id}`)).text();
    for (const code of ['SF1234567890123', '773412345678901', `/parcels/${first}/received`]) {
      expect(atHome).toContain(code);
    }

    expect((await buyer.form(`/orders/${order._id}/parcels/${first}/received`, {})).status).toBe(303);
    expect((await act(order, second, 'delivered')).status).toBe(303);
    expect((await now(order)).state).toBe('shipped');
    expect((await act(order, third, 'delivered', huifeng)).status).toBe(303);
    const done = await now(order);
    expect(done.state).toBe('delivered');
    expect(done.history.map(({ to }) => to)).toEqual([
      'awaiting_payment',
      'paid',
      'packing',
      'shipped',
      'delivered',
    ]);
    expect(moved).toEqual(['packing', 'shipped', 'delivered']);
    expect(told).toEqual([
      'parcel.packed',
      'parcel.shipped',
      'parcel.packed',
      'parcel.packed',
      'parcel.shipped',
      'parcel.shipped',
      'parcel.delivered',
      'parcel.delivered',
      'parcel.delivered',
    ]);
    for (const stop of off) stop();
    // Packing is no movement of stock: the pieces were sold when the order was paid.
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

describe('a box', () => {
  test('holds no more than was ordered, and the form says how many are left', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 2 }]);
    await pack(order, { 0: 1 });
    const answer = await pack(order, { 0: 2 });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('最多只能动 1 件');
    expect((await now(order)).parcels).toHaveLength(1);
  });

  test('packed twice with one command is one, at once and later', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 5 }]);
    const commandId = newId();
    const answers = await Promise.all([1, 2, 3].map(() => pack(order, { 0: 2 }, { commandId })));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    await pack(order, { 0: 2 }, { commandId });
    expect((await now(order)).parcels).toMatchObject([{ items: [{ line: 0, qty: 2 }] }]);
  });

  test('is packed by several members at once without a piece too many', async () => {
    const order = await paidOrder(shop, [
      { sku: skus.mine, qty: 7 },
      { sku: skus.also, qty: 4 },
    ]);
    const admin = await signedIn('admin@demo.test');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_item, index) =>
        index % 3 === 2
          ? pack(order, { 1: 1 }, { coop: 'huifeng' })
          : pack(order, { 0: 2 }, { who: index % 2 ? admin : member }),
      ),
    );
    const packed = answers.filter(({ status }) => status === 303).length;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]));
    const { parcels, state } = await now(order);
    expect(parcels).toHaveLength(packed);
    const sum = (line: number) =>
      parcels
        .flatMap(({ items }) => items)
        .reduce((total, item) => (item.line === line ? total + item.qty : total), 0);
    expect([sum(0), sum(1)]).toEqual([6, 4]);
    expect(state).toBe('packing');
  });

  test('is not written over by another that is packed in the same breath', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 9 }]);
    await pack(order, { 0: 1 });
    const packer = { id: 'somebody', cooperative: order.lines[0]!.cooperative };
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () =>
        shop.ctx.packing.pack(order._id, { commandId: newId(), items: [{ line: 0, qty: 1 }] }, packer),
      ),
    );
    const refusals = results.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as { code: string }] : [],
    );
    expect(refusals.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'conflict'));
    const { parcels } = await now(order);
    expect(parcels).toHaveLength(9);
    expect(new Set(parcels.map(({ code }) => code)).size).toBe(9);
  });

  test('handed over at the same moment as the others, the order is on its way', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const order = await paidOrder(shop, [{ sku: skus.mine, qty: 3 }]);
      for (let box = 0; box < 3; box += 1) await pack(order, { 0: 1 });
      const parcels = await codes(order);
      await Promise.all(parcels.map((code) => act(order, code, 'ship', SENT)));
      expect((await now(order)).state).toBe('shipped');
      await Promise.all(parcels.map((code) => act(order, code, 'delivered')));
      const done = await now(order);
      expect(done.state).toBe('delivered');
      expect(done.history.filter(({ to }) => to === 'delivered')).toHaveLength(1);
    }
  });

  test('is opened again until it has left', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 2 }]);
    await pack(order, { 0: 2 });
    const [code = ''] = await codes(order);
    expect((await act(order, code, 'unpack')).status).toBe(303);
    expect((await act(order, code, 'unpack')).status).toBe(303);
    expect((await now(order)).parcels).toEqual([]);
    await pack(order, { 0: 2 });
    const [again = ''] = await codes(order);
    await act(order, again, 'ship', SENT);
    expect((await act(order, again, 'unpack')).status).toBe(409);
    expect((await now(order)).state).toBe('shipped');
  });

  test('has its number corrected, once, by whoever saw the wrong one', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 1 }]);
    await pack(order, { 0: 1 });
    const [code = ''] = await codes(order);
    await act(order, code, 'ship', SENT);
    const right = { carrier: 'sf', tracking: 'SF9999999999999' };
    expect((await act(order, code, 'ship', { ...right, was: '' })).status).toBe(409);
    expect((await act(order, code, 'ship', { ...right, was: 'SF1234567890123' })).status).toBe(303);
    expect((await act(order, code, 'ship', { ...right, was: 'SF1234567890123' })).status).toBe(303);
    expect((await now(order)).parcels).toMatchObject([{ tracking: 'SF9999999999999', state: 'shipped' }]);
  });

  test.each([
    [{ tracking: 'short' }],
    [{ tracking: 'HELLO WORLD HELLO' }],
    [{ carrier: 'zto' }],
    [{ carrier: 'pigeon' }],
    [{ carrier: '' }],
    [{ by: 'x' }],
  ])('stays here with %j', async (wrong) => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 1 }]);
    await pack(order, { 0: 1 });
    const [code = ''] = await codes(order);
    const answer = await act(order, code, 'ship', { ...SENT, ...wrong });
    expect(answer.status).toBe(422);
    expect((await now(order)).parcels).toMatchObject([{ state: 'packed', tracking: null }]);
  });

  test('needs something in it', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 1 }]);
    for (const items of [{}, { 0: 0 }, { 0: -1 }, { 0: 1.5 }] as Record<number, number>[])
      expect((await pack(order, items)).status).toBe(422);
    expect((await pack(order, { 5: 1 })).status).toBe(404);
    expect((await now(order)).state).toBe('paid');
  });

  test('is not made for an order that is not paid', async () => {
    const person = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
    const { order } = await shop.ctx.orders.place(
      { clickId: newId(), lines: [{ sku: skus.mine, qty: 1 }] },
      person,
    );
    expect((await pack(order, { 0: 1 })).status).toBe(409);
    expect((await now(order)).parcels).toEqual([]);
    const list = await (await member.get('/coop/orders?coop=huangshaping')).text();
    expect(list).not.toContain(order._id);
  });
});

describe("another cooperative's part", () => {
  test('does not exist, on any page and for any command', async () => {
    const order = await paidOrder(shop, [{ sku: skus.strange, qty: 2 }]);
    const admin = await signedIn('admin@demo.test');
    expect((await pack(order, { 0: 1 }, { coop: strangeCoop, who: admin })).status).toBe(303);
    const [code = ''] = await codes(order);
    const before = await now(order);
    const answers = [
      await member.get(`/coop/orders?coop=${strangeCoop}`),
      await member.get(`/coop/orders/pick?coop=${strangeCoop}`),
      await member.get(`/coop/orders/${order._id}`),
      await member.get(`/coop/orders/${order._id}?coop=${strangeCoop}`),
      await member.get(`/coop/orders/${order._id}?coop=huangshaping`),
    ];
    for (const coop of [strangeCoop, 'huangshaping', 'no-such']) {
      answers.push(
        await pack(order, { 0: 1 }, { coop }),
        await pack(order, { 0: 0 }, { coop }),
        await act(order, code, 'ship', { ...SENT, coop }),
        await act(order, code, 'ship', { ...SENT, tracking: '', coop }),
        await act(order, code, 'unpack', { coop }),
        await act(order, code, 'delivered', { coop }),
      );
    }
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(await now(order)).toEqual(before);
  });

  test('of an order that is partly theirs is neither shown nor touched', async () => {
    const order = await paidOrder(shop, [
      { sku: skus.mine, qty: 1 },
      { sku: skus.strange, qty: 1 },
    ]);
    const admin = await signedIn('admin@demo.test');
    await pack(order, { 1: 1 }, { coop: strangeCoop, who: admin });
    const [code = ''] = await codes(order);
    const before = await now(order);
    const page = await (await member.get(`/coop/orders/${order._id}`)).text();
    expect(page).not.toContain(code);
    expect(page).not.toContain(order.lines[1]!.name['zh-CN']);
    expect(await (await member.get(`/orders/${order._id}`)).text()).not.toContain(code);
    const answers = [
      await pack(order, { 1: 1 }),
      await act(order, code, 'ship', SENT),
      await act(order, code, 'unpack'),
      await act(order, code, 'delivered'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await now(order)).toEqual(before);
  });

  test('nor is anything to be packed by whoever keeps no desk, or received by whoever did not buy', async () => {
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 1 }]);
    const shopper = await signedIn('shopper@demo.test');
    const nobody = new Client(shop.url);
    for (const [who, status] of [
      [shopper, 403],
      [nobody, 401],
    ] as const) {
      expect((await who.get('/coop/orders')).status).toBe(status);
      expect((await who.get('/coop/orders/pick')).status).toBe(status);
      expect((await who.get(`/coop/orders/${order._id}`)).status).toBe(status);
      expect((await pack(order, { 0: 1 }, { who })).status).toBe(status);
      expect((await act(order, 'ABCDEFGH2345', 'ship', SENT, who)).status).toBe(status);
    }
    await pack(order, { 0: 1 });
    const [code = ''] = await codes(order);
    await act(order, code, 'ship', SENT);
    expect((await shopper.form(`/orders/${order._id}/parcels/${code}/received`, {})).status).toBe(404);
    expect((await nobody.form(`/orders/${order._id}/parcels/${code}/received`, {})).status).toBe(401);
    expect((await member.form(`/orders/${order._id}/parcels/${code}/received`, {})).status).toBe(404);
    expect((await now(order)).state).toBe('shipped');
  });
});

describe('the desk', () => {
  test('lists what is to be packed, then what is on its way, and what to take from which lot', async () => {
    const order = await paidOrder(shop, [{ sku: skus.also, qty: 3 }]);
    const listed = async (show: string) =>
      (await (await member.get(`/coop/orders?coop=huifeng&show=${show}`)).text()).includes(order._id);
    expect([await listed('pack'), await listed('way')]).toEqual([true, false]);
    const lots = await shop.ctx.stock.lots(order.lines[0]!.lots.map(({ lot }) => lot));
    const pick = await (await member.get('/coop/orders/pick?coop=huifeng&first=200')).text();
    for (const { code } of lots) expect(pick).toContain(code);
    expect(pick).toContain(order._id);

    await pack(order, { 0: 3 }, { coop: 'huifeng' });
    expect([await listed('pack'), await listed('way')]).toEqual([true, false]);
    expect(await (await member.get('/coop/orders/pick?coop=huifeng&first=200')).text()).not.toContain(
      order._id,
    );
    const [code = ''] = await codes(order);
    await act(order, code, 'ship', { ...SENT, coop: 'huifeng' });
    expect([await listed('pack'), await listed('way')]).toEqual([false, true]);
    await act(order, code, 'delivered', { coop: 'huifeng' });
    expect([await listed('pack'), await listed('way')]).toEqual([false, false]);
  });

  test('turns its pages without losing an order', async () => {
    const made: string[] = [];
    for (let turn = 0; turn < 35; turn += 1)
      made.push((await paidOrder(shop, [{ sku: skus.also, qty: 1 }]))._id);
    let path: string | undefined = '/coop/orders?coop=huifeng';
    let all = '';
    while (path) {
      const page: string = await (await member.get(path)).text();
      all += page;
      path = /href="([^"]+)" rel="next"/.exec(page)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
    }
    for (const code of made) expect(all.split(`>${code}<`)).toHaveLength(2);
  });

  test('and the buyer hear of each step', async () => {
    const buyer = await signedIn('shopper@demo.test');
    const person = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
    const order = await paidOrder(shop, [{ sku: skus.mine, qty: 2 }], person);
    const [atDesk, atHome] = [await member.socket(), await buyer.socket()];
    await atDesk.emitWithAck('desk:join', { cooperative: 'huangshaping' });
    const heard: string[] = [];
    let looks = 0;
    atHome.on('order:updated', ({ code, state }) => void (code === order._id && heard.push(state)));
    atDesk.on('desk:changed', () => (looks += 1));
    await pack(order, { 0: 1 });
    await until(
      () => heard.length,
      (n) => n >= 1,
    );
    await until(
      () => looks,
      (n) => n >= 1,
    );
    await pack(order, { 0: 1 });
    // No state is left by it, and yet there is something to see.
    await until(
      () => heard.length,
      (n) => n >= 3,
    );
    expect(new Set(heard)).toEqual(new Set(['packing']));
    member.close();
    buyer.close();
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { checkOut, codeOf, HUNAN, readCheckout, sellDownTo, setPrice, totalOf } from '../support/checkout.ts';
import { Client } from '../support/client.ts';
import { registered } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
});
afterAll(() => shop.close());

const somebody = () => new Client(shop.url);
const put = (client: Client, sku: string, qty: number) => client.post('/api/cart/items', { sku, qty });
const orderOf = async (code: string) => (await shop.ctx.orders.byCode(code))!;
const t = (key: string, values?: Record<string, unknown>) => shop.ctx.translator.for('zh-CN')(key, values);
const cartOf = async (client: Client) =>
  (await client.json<{ items: { sku: string; qty: number }[] }>('/api/cart')).items.map(({ sku, qty }) => [
    sku,
    qty,
  ]);

async function coupon(code: string, change: object = {}) {
  const admin = { id: 'admin', admin: true, cooperatives: [] };
  const now = shop.ctx.clock.now().getTime();
  await shop.ctx.coupons.make(
    {
      code,
      kind: 'fixed',
      amountFen: 1000,
      percent: 0,
      capFen: null,
      minSpendFen: 0,
      cooperative: null,
      scope: { kind: 'all' },
      total: 10,
      perPerson: 1,
      from: new Date(now - 1000),
      until: new Date(now + 3_600_000),
      ...change,
    },
    admin,
  );
}

describe('the cart at the checkout', () => {
  test('becomes one order whose every number is the one that was shown', async () => {
    const client = somebody();
    await put(client, 'HNY-500', 1);
    await put(client, 'DKT-100', 2);
    await put(client, 'MTO-600', 1);
    await coupon('SPREAD10');
    const page = await checkOut(client, {
      ...HUNAN,
      coupon: 'spread10',
      note: '请傍晚送到',
      email: 'zhang@example.test',
    });
    expect(page.status).toBe(303);
    const order = await orderOf(codeOf(page));
    // 39.00 + 2 × 26.80 + 19.80, less 10.00 spread by the largest remainder.
    expect(order).toMatchObject({
      state: 'awaiting_payment',
      goodsFen: 11_240,
      discountFen: 1000,
      coupon: 'SPREAD10',
      note: '请傍晚送到',
      email: 'zhang@example.test',
      address: HUNAN,
    });
    const discounts = Object.fromEntries(order.lines.map(({ sku, discountFen }) => [sku, discountFen]));
    expect(discounts).toEqual({ 'HNY-500': 347, 'DKT-100': 477, 'MTO-600': 176 });
    expect(order.totalFen).toBe(11_240 - 1000 + order.shippingFen);
    expect(order.shipping.reduce((sum, { fen }) => sum + fen, 0)).toBe(order.shippingFen);
    expect(order.shipping).toHaveLength(2);
    expect(await cartOf(client)).toEqual([]);
    expect(await (await client.get('/account/addresses')).text()).toContain('麓山南路1号');
  });

  test('may be a part of it; the rest stays', async () => {
    const client = somebody();
    await put(client, 'HNY-500', 1);
    await put(client, 'MTO-600', 2);
    const page = await checkOut(client, { ...HUNAN, pick: 'MTO-600' });
    expect((await orderOf(codeOf(page))).lines.map(({ sku, qty }) => [sku, qty])).toEqual([['MTO-600', 2]]);
    expect(await cartOf(client)).toEqual([['HNY-500', 1]]);
  });

  test('is one order for one click, also when the cart is empty by then', async () => {
    const client = somebody();
    await put(client, 'HNY-500', 1);
    const clickId = newId();
    const quoted = await readCheckout(await client.form('/checkout', { ...HUNAN, clickId, intent: 'quote' }));
    const place = async () =>
      readCheckout(
        await client.form('/checkout', { ...HUNAN, clickId, shown: quoted.shown, intent: 'place' }),
      );
    const pages = [...(await Promise.all([place(), place(), place()])), await place()];
    expect(new Set(pages.map(codeOf)).size).toBe(1);
    expect(pages.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    await put(client, 'HNY-500', 4);
    expect(codeOf(await place())).toBe(codeOf(pages[0]!));
    expect(await cartOf(client)).toEqual([['HNY-500', 4]]);
  });

  test('is all of it or nothing', async () => {
    const client = somebody();
    await put(client, 'HNW-250', 3);
    await put(client, 'HNY-500', 1);
    await sellDownTo(shop, 'HNW-250', 2);
    const before = await shop.ctx.stock.availability(['HNW-250', 'HNY-500']);
    const page = await checkOut(client, HUNAN);
    expect(page.status).toBe(409);
    expect(page.html).toContain(t('errors.sold_out'));
    expect(await shop.ctx.stock.availability(['HNW-250', 'HNY-500'])).toEqual(before);
    expect(await cartOf(client)).toHaveLength(2);
  });
});

describe('nothing is charged that was not shown', () => {
  const one = { sku: 'HNY-1000', qty: '1' };

  test('an address typed without working it out comes back with the shipping first', async () => {
    const client = somebody();
    const first = await readCheckout(await client.get('/checkout?sku=HNY-1000&qty=1'));
    const press = async ({ shown, clickId }: typeof first) =>
      readCheckout(await client.form('/checkout', { ...one, ...HUNAN, clickId, shown, intent: 'place' }));
    const second = await press(first);
    expect(second.status).toBe(409);
    expect(second.html).toContain(t('checkout.changed.title'));
    expect(totalOf(second)).toBeGreaterThan(totalOf(first));
    const third = await press(second);
    expect(third.status).toBe(303);
    expect((await orderOf(codeOf(third))).totalFen).toBe(totalOf(second));
  });

  test('a price that has changed comes back with what it was and is', async () => {
    const client = somebody();
    const page = await readCheckout(
      await client.form('/checkout', { ...one, ...HUNAN, clickId: newId(), intent: 'quote' }),
    );
    const [sellable] = (await shop.ctx.catalog.sellables(['HNY-1000'])).values();
    await setPrice(shop, 'HNY-1000', sellable!.variant.priceFen + 250);
    const fields = { ...one, ...HUNAN, clickId: page.clickId, intent: 'place' };
    const back = await readCheckout(await client.form('/checkout', { ...fields, shown: page.shown }));
    expect(back.status).toBe(409);
    expect(back.html).toMatch(/的单价：/);
    expect(totalOf(back)).toBe(totalOf(page) + 250);
    expect(
      await shop.ctx.orders.byClick(page.clickId, { id: '', guest: true, name: '', roles: [], ids: [] }),
    ).toBeUndefined();
    expect(
      (await readCheckout(await client.form('/checkout', { ...fields, shown: back.shown }))).status,
    ).toBe(303);
  });

  test('a made-up total places nothing', async () => {
    const client = somebody();
    for (const shown of [
      '',
      'x',
      '{}',
      JSON.stringify({ lines: [], discountFen: 0, shippingFen: 0, totalFen: 1 }),
    ]) {
      const fields = { ...one, ...HUNAN, clickId: newId(), intent: 'place', shown };
      expect((await readCheckout(await client.form('/checkout', fields))).status).toBe(409);
    }
  });

  test('between the last look and the till, too', async () => {
    const { checkout, orders } = shop.ctx;
    const id = newId();
    const person = { id, guest: true, name: '', roles: [], ids: [id] };
    const asked = { sku: 'HNC-250', qty: 1, pick: [] };
    const drawn = await checkout.draw(asked, person, { province: HUNAN.province, coupon: '' });
    const settle = () => ({
      address: HUNAN,
      discounts: [0],
      discountFen: 0,
      shipping: [],
      shippingFen: drawn.quote.shippingFen,
    });
    const terms = { email: null, note: '', coupon: null, settle: () => undefined };
    const command = { clickId: newId(), lines: [{ sku: 'HNC-250', qty: 1 }] };
    await expect(orders.place(command, person, terms)).rejects.toMatchObject({ code: 'conflict' });
    await expect(orders.place(command, person, { ...terms, settle })).resolves.toMatchObject({ fresh: true });
  });
});

describe('where to', () => {
  test('needs an address, says what is wrong with it, and keeps what was typed', async () => {
    const client = somebody();
    const fields = { sku: 'MTO-600', qty: '1', ...HUNAN, phone: '12', street: '', note: '<b>你好' };
    const page = await checkOut(client, { ...fields, email: 'not an address' });
    expect(page.status).toBe(422);
    for (const key of ['phone_shape', 'street_short', 'email_shape']) {
      expect(page.html).toContain(t(`errors.fields.${key}`));
    }
    expect(page.html).toContain('value="12"');
    expect(page.html).toContain('&lt;b&gt;你好');
  });

  test('is refused where a cooperative does not deliver', async () => {
    const page = await checkOut(somebody(), {
      ...HUNAN,
      ...{ sku: 'MTO-600', qty: '1', province: '香港特别行政区', city: '', county: '' },
    });
    expect(page.status).toBe(422);
    expect(page.html).toMatch(/不寄往香港特别行政区/);
  });

  test('is never another person’s address', async () => {
    const other = { id: newId(), guest: true, name: '', roles: [], ids: [] as string[] };
    other.ids = [other.id];
    const { _id } = await shop.ctx.addresses.add(HUNAN, other, { isDefault: true });
    const page = await checkOut(somebody(), { sku: 'MTO-600', qty: '1', addressId: _id });
    expect(page.status).toBe(404);
    expect(page.html).not.toContain(HUNAN.street);
  });
});

describe('an order of a live', () => {
  const place = async (client: Client) => {
    const lines = [{ sku: 'DKT-100', qty: 2 }];
    const command = { clickId: newId(), liveId: LIVE, lines };
    return (await client.post<{ code: string; total: { amount: number } }>('/api/orders', command)).body;
  };

  test('of a fresh guest is price × quantity; its address and shipping come later, in the total', async () => {
    const client = somebody();
    await client.get(`/live/${LIVE}`);
    const { code, total } = await place(client);
    expect(total.amount).toBe(5360);
    const wrong = await client.form(`/orders/${code}/address`, { ...HUNAN, phone: '1' });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain(t('errors.fields.phone_shape'));
    const done = await client.form(`/orders/${code}/address`, HUNAN);
    expect([done.status, done.headers.get('location')]).toEqual([303, `/orders/${code}`]);
    const order = await orderOf(code);
    expect(order.address).toEqual(HUNAN);
    expect(order.shippingFen).toBeGreaterThan(0);
    expect(order.totalFen).toBe(5360 + order.shippingFen);
  });

  test('gets the buyer’s default address by itself, with its shipping', async () => {
    const client = somebody();
    await client.get('/account/addresses');
    await client.form('/account/addresses', HUNAN);
    const { code, total } = await place(client);
    const order = await orderOf(code);
    expect(order.address).toEqual(HUNAN);
    expect(total.amount).toBe(5360 + order.shippingFen);
    expect(order.shippingFen).toBeGreaterThan(0);
  });

  test('asks where to with the default chosen, and keeps a new address open while it is put right', async () => {
    const client = somebody();
    await client.get(`/live/${LIVE}`);
    const { code } = await place(client);
    await client.form('/account/addresses', HUNAN);
    const page = await (await client.get(`/orders/${code}/address`)).text();
    expect(page).toMatch(/name="addressId" value="[0-9a-z]{20}" checked/);
    const again = await client.form(`/orders/${code}/address`, { ...HUNAN, addressId: 'new', phone: '1' });
    const html = await again.text();
    expect(html).toContain('name="addressId" value="new" checked');
    expect(html).toContain('value="麓山南路1号"');
  });

  test('is found in the buyer’s list by what is still to be done, with the way to pay', async () => {
    const client = somebody();
    await client.get(`/live/${LIVE}`);
    const { code } = await place(client);
    const list = async (show: string) => (await client.get(`/orders?show=${show}`)).text();
    expect(await list('pay')).toContain(`class="button button--buy" href="/orders/${code}"`);
    expect(await list('send')).not.toContain(code);
    expect(await list('send')).toContain(t('orders.group.none'));
    expect(await list('nonsense')).toContain(code);
    await client.form(`/orders/${code}/cancel`, {});
    expect(await list('pay')).not.toContain(code);
    expect(await list('')).toContain(code);
  });

  test('goes nowhere that another says, and nowhere any more when it awaits no payment', async () => {
    const client = somebody();
    await client.get(`/live/${LIVE}`);
    const { code } = await place(client);
    const other = somebody();
    await other.get(`/live/${LIVE}`);
    expect((await other.form(`/orders/${code}/address`, HUNAN)).status).toBe(404);
    await client.form(`/orders/${code}/cancel`, {});
    expect((await client.form(`/orders/${code}/address`, HUNAN)).status).toBe(409);
    expect((await orderOf(code)).address).toBeNull();
  });

  test('keeps to one address when two are said at once', async () => {
    const client = somebody();
    await client.get(`/live/${LIVE}`);
    const { code } = await place(client);
    const far = { ...HUNAN, province: '西藏自治区', city: '拉萨市', county: '城关区' };
    await Promise.all([HUNAN, far, HUNAN, far].map((to) => client.form(`/orders/${code}/address`, to)));
    const order = await orderOf(code);
    expect(order.totalFen).toBe(order.goodsFen + order.shippingFen);
    const alone = shop.ctx.delivery.setAddress;
    const person = { id: order.buyer, guest: true, name: '', roles: [], ids: [order.buyer] };
    expect((await alone(code, order.address!, person)).shippingFen).toBe(order.shippingFen);
  });
});

describe('coupons at the checkout', () => {
  const one = { ...HUNAN, sku: 'MTO-600', qty: '1' };

  test('that are worth nothing place nothing and say why', async () => {
    await coupon('FROM100', { minSpendFen: 10_000 });
    const page = await checkOut(somebody(), { ...one, coupon: 'FROM100' });
    expect(page.status).toBe(422);
    expect(page.html).toContain(t('coupons.refused.min_spend', { fen: '¥80.20' }));
    expect((await checkOut(somebody(), { ...one, coupon: 'NO-SUCH' })).html).toContain(
      t('coupons.refused.unknown'),
    );
  });

  test('cannot be tried out one after another', async () => {
    const client = somebody();
    const fields = { ...one, clickId: newId(), intent: 'quote' };
    const statuses: number[] = [];
    for (let turn = 0; turn < 18; turn += 1) {
      statuses.push((await client.form('/checkout', { ...fields, coupon: `GUESS${turn}` })).status);
    }
    expect(statuses.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 200));
    expect(statuses.slice(15)).toEqual([429, 429, 429]);
    await coupon('RIGHTONE');
    expect((await client.form('/checkout', { ...fields, coupon: 'RIGHTONE' })).status).toBe(429);
    expect((await client.form('/checkout', fields)).status).toBe(200);
  });
});

describe('at the desk', () => {
  const member = async () => {
    const client = somebody();
    await client.logIn('coop@demo.test');
    return client;
  };
  const table = {
    ...{ version: '0', freeOverFen: '', refused: '台湾省' },
    ...{ 'zones.0.provinces': '湖南省', 'zones.0.firstGrams': '500', 'zones.0.firstFen': '1.23' },
    ...{ 'zones.0.stepGrams': '100', 'zones.0.stepFen': '0.07', 'zones.0.surchargeFen': '0' },
    ...{ 'rest.firstGrams': '1000', 'rest.firstFen': '8', 'rest.stepGrams': '1000', 'rest.stepFen': '3' },
    'rest.surchargeFen': '0',
  };

  test('a member changes what its own cooperative charges, and the next order pays that', async () => {
    const client = await member();
    const postage = async () => {
      const html = await (await somebody().get('/products/chengbu-honey')).text();
      return new RegExp(`<dt>${t('catalog.product.postage')}</dt><dd>([^<]*)`).exec(html)?.[1];
    };
    expect(await postage()).toContain('¥6.00');
    const saved = await client.form('/coop/shipping', { ...table, coop: 'huifeng' });
    expect(saved.status).toBe(303);
    expect(await postage()).toContain('¥1.23');
    const page = await checkOut(somebody(), { ...HUNAN, sku: 'HNY-500', qty: '1' });
    // 820 g: 1.23 and four steps begun of 0.07.
    expect(await orderOf(codeOf(page))).toMatchObject({ shippingFen: 151 });
    const html = await (await client.get('/coop/shipping?coop=huifeng')).text();
    expect(html).toContain(t('shipping.version', { n: 1, by: '合作社仓库' }));
  });

  test('of two who change it at once one is told', async () => {
    const client = await member();
    const statuses = await Promise.all(
      [1, 2].map(
        async () => (await client.form('/coop/shipping', { ...table, coop: 'huangshaping' })).status,
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([303, 409]));
  });

  test('a wrong table comes back as it was typed', async () => {
    const client = await member();
    const wrong = { ...table, version: '1', coop: 'huifeng', 'zones.0.firstFen': '1,5', refused: '湖南省' };
    const answer = await client.form('/coop/shipping', wrong);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain(t('errors.fields.yuan_shape'));
    expect(html).toContain('value="1,5"');
  });

  test('nobody changes another cooperative’s table or makes coupons for its goods', async () => {
    const client = await member();
    expect((await client.form('/coop/shipping', { ...table, coop: 'songrong' })).status).toBe(404);
    expect((await client.get('/coop/coupons?coop=songrong')).status).toBe(404);
    expect((await client.get('/coop/coupons?coop=-')).status).toBe(404);
    const shopper = somebody();
    await shopper.logIn('shopper@demo.test');
    expect((await shopper.form('/coop/shipping', { ...table, coop: 'huifeng' })).status).toBe(403);
    expect((await shopper.get('/coop/coupons')).status).toBe(403);
    expect((await somebody().get('/coop/shipping')).status).toBe(401);

    const [own, other] = await Promise.all(
      ['huifeng', 'songrong'].map((slug) => shop.ctx.cooperatives.bySlug(slug)),
    );
    const by = { id: 'x', admin: false, cooperatives: [own!._id] };
    const command = {
      ...{ code: undefined, kind: 'fixed' as const, amountFen: 1, percent: 0, capFen: null, minSpendFen: 0 },
      ...{ total: 1, perPerson: 1, from: new Date(0), until: new Date(), cooperative: own!._id },
      scope: { kind: 'all' as const },
    };
    const make = (change: object) => shop.ctx.coupons.make({ ...command, ...change }, by);
    await expect(make({ cooperative: other!._id })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(make({ cooperative: null })).rejects.toMatchObject({ code: 'forbidden' });
    const tea = { kind: 'products', products: ['anhua-dark-tea'] };
    await expect(make({ scope: tea })).rejects.toMatchObject({ code: 'forbidden' });
    const made = await make({});
    await expect(
      shop.ctx.coupons.stop(made._id, { ...by, cooperatives: [other!._id] }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a member makes a coupon by a form, and it counts for its own goods only', async () => {
    const client = await member();
    const form = {
      ...{
        coop: 'huifeng',
        code: 'feng5',
        kind: 'percent',
        percent: '5',
        minSpendFen: '',
        capFen: '1.00',
        scope: 'all',
      },
      ...{ total: '3', perPerson: '1', from: '2020-01-01T00:00', until: '2099-01-01T00:00' },
    };
    expect((await client.form('/coop/coupons', form)).status).toBe(303);
    expect((await client.form('/coop/coupons', form)).status).toBe(409);
    expect((await client.form('/coop/coupons', { ...form, code: 'feng6', percent: '100' })).status).toBe(422);
    const buyer = (await registered(somebody())).visitor;
    await put(buyer, 'HNY-500', 1);
    await put(buyer, 'MTO-600', 1);
    const order = await orderOf(codeOf(await checkOut(buyer, { ...HUNAN, coupon: 'FENG5' })));
    expect(order.lines.map(({ sku, discountFen }) => [sku, discountFen])).toEqual([
      ['HNY-500', 100],
      ['MTO-600', 0],
    ]);
    await client.form('/coop/coupons/FENG5/stop', { coop: 'huifeng' });
    const late = await checkOut(somebody(), { ...HUNAN, sku: 'HNY-500', qty: '1', coupon: 'FENG5' });
    expect(late.html).toContain(t('coupons.refused.stopped'));
  });
});

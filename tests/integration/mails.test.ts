import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cooperative } from '../../server/cooperatives/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { Client } from '../support/client.ts';
import { ADDRESS, endedMail, insertOrder, writtenMail } from '../support/mailed-orders.ts';
import { LIVE } from '../support/people.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const NOTHING = { restock: [], items: [], shipping: [], shares: [] };

const clock = movableClock();
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  // Here each turn of a job is taken by hand.
  await shop.ctx.jobs.stop();
});
afterAll(() => shop.close());

async function placed(login: string | undefined, lang?: string): Promise<string> {
  const client = new Client(shop.url);
  await client.get(`/live/${LIVE}${lang ? `?lang=${lang}` : ''}`);
  if (login) await client.logIn(login);
  const live = await client.json<{ rail: { sku: string; available: number }[] }>(`/api/lives/${LIVE}`);
  const { body } = await client.post<{ code: string }>('/api/orders', {
    clickId: newId(),
    liveId: LIVE,
    lines: [{ sku: live.rail[0]!.sku, qty: 1 }],
  });
  return body.code;
}

const mailsOf = (order: string) =>
  shop.ctx.db.collection<{ _id: string; tries: number }>('mails').find({ 'about.order': order }).toArray();

describe('a placed order', () => {
  test('is confirmed to the login of its buyer, with until when it must be paid', async () => {
    const code = await placed('shopper@demo.test');
    const mail = await endedMail(shop, `${code}:placed`);
    expect(mail).toMatchObject({
      to: 'shopper@demo.test',
      lang: 'zh-CN',
      state: 'sent',
      via: 'log',
      tries: 1,
    });
    const { subject, html, text } = mail.content!;
    expect(subject).toContain(code);
    for (const body of [html, text]) {
      expect(body).toContain(`${shop.url}/orders/${code}`);
      expect(body).toContain('付款期限');
    }
    expect(html).not.toMatch(/mails\.[a-z]/);
    expect(text).not.toMatch(/mails\.[a-z]|&#|&amp;|<td/);
  });

  test('is confirmed in the language in which it was placed', async () => {
    const code = await placed('shopper@demo.test', 'en');
    const mail = await endedMail(shop, `${code}:placed`);
    expect(mail.lang).toBe('en');
    expect(mail.content!.subject).toMatch(/^Shanxiang: order .* please pay by/);
    expect(mail.content!.text).toContain(`${shop.url}/orders/${code}?lang=en`);
    expect(mail.content!.text).not.toMatch(/[。，]/);
  });

  test('of a guest without an address is confirmed to nobody', async () => {
    const code = await placed(undefined);
    await shop.ctx.bus.idle();
    await shop.ctx.orderMails.idle();
    await shop.ctx.orderMails.recover();
    expect(await mailsOf(code)).toEqual([]);
  });

  test('goes to the address given with it, not to the login', async () => {
    const shopper = await shop.ctx.accounts.byLogin('shopper@demo.test');
    const order = await insertOrder(shop, ['awaiting_payment'], {
      buyer: shopper!.id,
      email: 'gift@example.com',
    });
    await shop.ctx.orderMails.lookAt([order._id]);
    expect((await endedMail(shop, `${order._id}:placed`)).to).toBe('gift@example.com');
  });

  test('writes to no address that is several, or none', async () => {
    for (const email of ['a@example.com, b@example.com', 'a@example.com\nBcc: b@example.com', 'nobody']) {
      const order = await insertOrder(shop, ['awaiting_payment'], { email });
      expect(await shop.ctx.orderMails.lookAt([order._id])).toBe(0);
    }
  });
});

describe('told twice', () => {
  test('the same news is one mail', async () => {
    const order = await insertOrder(shop, ['awaiting_payment', 'paid']);
    const fact = {
      code: order._id,
      buyer: order.buyer,
      buyerName: '',
      live: null,
      cooperatives: [],
      lines: [],
      totalFen: 1,
    };
    for (let turn = 0; turn < 5; turn += 1) {
      shop.ctx.bus.tell('order.placed', { ...fact, order, isReachable: true });
      shop.ctx.bus.tell('order.moved', { ...fact, from: 'awaiting_payment', to: 'paid' });
    }
    const results = await Promise.all([1, 2, 3].map(() => shop.ctx.orderMails.lookAt([order._id])));
    await endedMail(shop, `${order._id}:paid`);
    await endedMail(shop, `${order._id}:placed`);
    await shop.ctx.orderMails.idle();
    expect(results.reduce((sum, queued) => sum + queued, 0)).toBeLessThanOrEqual(2);
    const mails = await mailsOf(order._id);
    expect(Object.fromEntries(mails.map(({ _id, tries }) => [_id, tries]))).toEqual({
      [`${order._id}:paid`]: 1,
      [`${order._id}:placed`]: 1,
    });
  });
});

describe('news that nobody was told of', () => {
  test('is found in the orders of the last day, once', async () => {
    const at = new Date(clock.now().getTime() - 3_600_000);
    const parcel = (code: string, shippedAt: Date | null) => ({
      ...{ code, cooperative: 'x', items: [{ line: 0, qty: 1 }], carrier: 'sf', tracking: 'SF1234567890' },
      ...{ state: 'shipped' as const, packedAt: at, packedBy: 'x', shippedAt, deliveredAt: null },
    });
    const refund = { key: 'r1', fen: 500, why: '', by: 'x', at, state: 'done' as const, ...NOTHING };
    const way = ['awaiting_payment', 'paid', 'packing', 'partly_refunded'] as const;
    const order = await insertOrder(shop, [...way], {
      parcels: [parcel('BOX1', at), parcel('BOX2', null)],
      refunds: [refund],
    });
    const expired = await insertOrder(shop, ['awaiting_payment', 'expired']);
    const longAgo = await insertOrder(shop, ['awaiting_payment', 'paid']);
    const before = new Date(clock.now().getTime() - 25 * 3_600_000);
    await shop.ctx.db
      .collection<{ _id: string }>('orders')
      .updateOne({ _id: longAgo._id }, { $set: { 'history.$[].at': before } });

    // A process that has just begun: it has looked at nothing yet.
    const fresh = await openTestShop({ uri: shop.uri, clock });
    await fresh.ctx.jobs.stop();
    await fresh.ctx.orderMails.recover();
    const kinds = (await mailsOf(order._id)).map(({ _id }) => _id.slice(order._id.length + 1)).sort();
    expect(kinds).toEqual(['paid', 'partly_refunded:r1', 'placed', 'shipped:BOX1']);
    expect((await mailsOf(expired._id)).length).toBe(2);
    expect(await mailsOf(longAgo._id)).toEqual([]);
    expect(await fresh.ctx.orderMails.recover()).toBe(0);
    await fresh.close();
  });

  test('is looked for anew at each turn, not only at the first', async () => {
    await shop.ctx.orderMails.recover();
    const order = await insertOrder(shop, ['awaiting_payment', 'paid']);
    expect(await shop.ctx.orderMails.recover()).toBe(2);
    await endedMail(shop, `${order._id}:paid`);
  });
});

describe('a mail that comes too late', () => {
  test('asks nobody to pay for an order that is gone', async () => {
    const order = await insertOrder(shop, ['awaiting_payment', 'expired']);
    await shop.ctx.orderMails.lookAt([order._id]);
    expect(await endedMail(shop, `${order._id}:placed`)).toMatchObject({ state: 'dropped', content: null });
    expect((await endedMail(shop, `${order._id}:expired`)).state).toBe('sent');
  });

  test('says that the order is there, when it has been paid meanwhile', async () => {
    const order = await insertOrder(shop, ['awaiting_payment', 'paid'], { lang: 'en' });
    await shop.ctx.orderMails.lookAt([order._id]);
    const { text } = await writtenMail(shop, `${order._id}:placed`);
    expect(text).toContain('We have your order');
    expect(text).not.toContain('Pay now');
  });
});

describe('what a mail says', () => {
  test('is what was bought, what it costs and where it goes, the phone number masked', async () => {
    const coop = (await shop.ctx.cooperatives.list())[1]!;
    const order = await insertOrder(shop, ['awaiting_payment', 'paid'], {
      cooperatives: [coop._id],
      payment: { intent: 'x', paidFen: 13_400, paidAt: clock.now(), refundedFen: 0, disputed: false },
    });
    await shop.ctx.orderMails.lookAt([order._id]);
    const { html, text } = await writtenMail(shop, `${order._id}:paid`);
    for (const body of [html, text]) {
      for (const fact of [
        '城步土蜂蜜',
        '500克一瓶',
        coop.name['zh-CN'],
        order._id,
        ADDRESS.name,
        '138****5678',
      ]) {
        expect(body).toContain(fact);
      }
      for (const sum of ['¥68.00', '¥136.00', '-¥10.00', '¥8.00', '¥134.00']) expect(body).toContain(sum);
      expect(body).toContain(ADDRESS.street);
      expect(body).not.toContain(ADDRESS.phone);
    }
    expect(html).toContain('<table role="presentation"');
    expect(html).not.toMatch(/<script|<link|src=/);
  });

  test('names carrier, number and contents of the parcel', async () => {
    const [a, b] = (await shop.ctx.cooperatives.list()) as [Cooperative, Cooperative];
    const order = await insertOrder(shop, ['awaiting_payment', 'paid', 'packing'], { lang: 'en' });
    const [line] = order.lines as [(typeof order.lines)[0]];
    const tea = {
      ...line,
      sku: 'SKU-2',
      qty: 3,
      cooperative: b._id,
      name: { 'zh-CN': '黑茶', en: 'Dark tea' },
    };
    const at = clock.now();
    await shop.ctx.db.collection<{ _id: string }>('orders').updateOne(
      { _id: order._id },
      {
        $set: {
          lines: [{ ...line, cooperative: a._id }, tea],
          cooperatives: [a._id, b._id],
          parcels: [
            {
              ...{ code: 'BOX9', cooperative: b._id, items: [{ line: 1, qty: 3 }], state: 'shipped' },
              ...{
                carrier: 'sf',
                tracking: 'SF1234567890',
                packedAt: at,
                packedBy: 'x',
                shippedAt: at,
                deliveredAt: null,
              },
            },
          ],
        },
      },
    );
    const fact = {
      order: order._id,
      parcel: 'BOX9',
      cooperative: b._id,
      buyer: order.buyer,
      state: 'shipped' as const,
    };
    shop.ctx.bus.tell('parcel.shipped', fact);
    const { text, html } = await writtenMail(shop, `${order._id}:shipped:BOX9`);
    const top = text.slice(0, text.indexOf('-----'));
    for (const body of [top, html]) {
      expect(body).toContain('SF1234567890');
      expect(body).toContain(b.name.en);
    }
    expect(top).toContain('Dark tea 500 g jar ×3');
    expect(top).not.toContain('honey');
  });

  test('is how much has gone back, for a part and for the whole', async () => {
    const at = clock.now();
    const refund = (key: string, fen: number) => ({
      key,
      fen,
      why: 'secret',
      by: 'x',
      at,
      state: 'done' as const,
      ...NOTHING,
    });
    const part = await insertOrder(shop, ['awaiting_payment', 'paid', 'partly_refunded'], {
      refunds: [refund('a', 500), refund('b', 250)],
    });
    const whole = await insertOrder(shop, ['awaiting_payment', 'expired', 'refunded'], {
      payment: { intent: 'x', paidFen: 13_400, paidAt: at, refundedFen: 0, disputed: false },
    });
    await shop.ctx.orderMails.lookAt([part._id, whole._id]);
    const ofPart = await writtenMail(shop, `${part._id}:partly_refunded:b`);
    expect(ofPart.subject).toContain('¥2.50');
    expect(ofPart.text).toContain('¥7.50');
    expect(ofPart.text).not.toContain('secret');
    const ofWhole = await writtenMail(shop, `${whole._id}:refunded`);
    expect(ofWhole.subject).toContain('¥134.00');
    expect(ofWhole.text).toContain('货已经放回架上');
  });

  test('is text, whatever somebody called a thing', async () => {
    const evil = '<img src=x onerror=alert(1)>&"';
    const order = await insertOrder(shop, ['awaiting_payment', 'paid'], {
      buyerName: evil,
      address: { ...ADDRESS, street: evil },
    });
    await shop.ctx.orderMails.lookAt([order._id]);
    const { html, text } = await writtenMail(shop, `${order._id}:paid`);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
    expect(text).toContain(evil);
  });

  test('is nothing of anybody else', async () => {
    const mine = await insertOrder(shop, ['awaiting_payment', 'paid'], { buyerName: '甲某' });
    const theirs = await insertOrder(shop, ['awaiting_payment', 'paid'], {
      ...{ buyerName: '乙某', note: '暗号', clickId: 'their-click' },
      address: { ...ADDRESS, name: '王大山', phone: '13987654321', street: '别处1号' },
    });
    await shop.ctx.orderMails.lookAt([mine._id, theirs._id]);
    const { html, text, subject } = await writtenMail(shop, `${mine._id}:paid`);
    const all = html + text + subject;
    for (const secret of [theirs._id, theirs.email!, '乙某', '王大山', '139', '别处1号', '暗号']) {
      expect(all).not.toContain(secret);
    }
    for (const inner of [mine.buyer, mine.clickId, mine.batch, mine.email!]) expect(all).not.toContain(inner);
    expect((await endedMail(shop, `${theirs._id}:paid`)).to).toBe(theirs.email);
  });
});

test('the address of the links is the shop’s own, whatever Host somebody sends', async () => {
  const { port } = new URL(shop.url);
  await new Promise<void>((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', path: '/', headers: { host: 'evil.example' } },
      (res) => {
        res.resume().on('end', () => resolve());
      },
    );
    asked.on('error', reject).end();
  });
  const order = await insertOrder(shop, ['awaiting_payment']);
  await shop.ctx.orderMails.lookAt([order._id]);
  const { html } = await writtenMail(shop, `${order._id}:placed`);
  const hosts = [...html.matchAll(/href="(https?:\/\/[^/"]+)/g)].map(([, host]) => host);
  expect(new Set(hosts)).toEqual(new Set([shop.url]));
});

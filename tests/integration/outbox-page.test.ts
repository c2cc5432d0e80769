import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, until } from '../support/client.ts';
import { endedMail, insertOrder } from '../support/mailed-orders.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';
import { openSmtpPeer, type SmtpPeer } from '../support/smtp-peer.ts';

let shop: TestShop;
let id: string;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  id = await mailOf(shop);
});
afterAll(() => shop.close());

async function mailOf(of: TestShop): Promise<string> {
  const order = await insertOrder(of, ['awaiting_payment', 'paid']);
  await of.ctx.orderMails.lookAt([order._id]);
  await endedMail(of, `${order._id}:placed`);
  await endedMail(of, `${order._id}:paid`);
  return `${order._id}:paid`;
}

const paths = (mail: string) =>
  ['', `/${mail}`, `/${mail}/html`, `/${mail}/text`].map((rest) => `/dev/outbox${rest}`);

/** Somebody at another machine. */
class Stranger extends Client {
  override request(path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-for', '192.0.2.7');
    return super.request(path, { ...init, headers });
  }
}

async function statuses(client: Client, mail: string): Promise<number[]> {
  return Promise.all(paths(mail).map(async (path) => (await client.get(path)).status));
}

describe('the development outbox', () => {
  test('lists the mails and shows each as it would arrive', async () => {
    const client = new Client(shop.url);
    const list = await (await client.get('/dev/outbox')).text();
    expect(list).toContain(`/dev/outbox/${encodeURIComponent(id)}`);
    expect(list).toContain('付款成功');
    const page = await (await client.get(`/dev/outbox/${id}`)).text();
    expect(page).toMatch(/<iframe[^>]+sandbox="(?![^"]*allow-(scripts|same-origin))/);
    const text = await client.get(`/dev/outbox/${id}/text`);
    expect(text.headers.get('content-type')).toMatch(/^text\/plain/);
    expect((await client.get('/dev/outbox/NOSUCHCODE:paid')).status).toBe(404);
  });

  test('gives the mail a document that can do nothing but be looked at', async () => {
    const html = await new Client(shop.url).get(`/dev/outbox/${id}/html`);
    const policy = html.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/sandbox(?!.*allow-scripts)/);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(html.headers.get('cache-control')).toBe('no-store');
    expect(await html.text()).toMatch(/^<!doctype html>/);
  });

  test('is for this machine and for admins', async () => {
    const stranger = new Stranger(shop.url);
    expect(await statuses(stranger, id)).toEqual([404, 404, 404, 404]);
    await stranger.logIn('shopper@demo.test');
    expect(await statuses(stranger, id)).toEqual([404, 404, 404, 404]);
    const admin = new Stranger(shop.url);
    await admin.logIn('admin@demo.test');
    expect(await statuses(admin, id)).toEqual([200, 200, 200, 200]);
  });
});

describe('where mails are sent', () => {
  let peer: SmtpPeer;
  let real: TestShop;
  beforeAll(async () => {
    peer = await openSmtpPeer();
    real = await openTestShop({ env: { SMTP_URL: peer.url, MAIL_FROM: 'Shanxiang <shop@shop.example>' } });
  });
  afterAll(async () => {
    await real.close();
    await peer.close();
  });

  test('they arrive, nothing of them is kept, and there is no outbox page', async () => {
    const mail = await mailOf(real);
    await until(
      () => peer.received.length,
      (count) => count === 2,
    );
    expect(await real.ctx.outbox.byId(mail)).toMatchObject({ state: 'sent', via: 'smtp', content: null });
    expect(await statuses(new Client(real.url), mail)).toEqual([404, 404, 404, 404]);
  });
});

test('in production there is no outbox page either, and nothing is kept', async () => {
  const production = await openTestShop({ env: { NODE_ENV: 'production', ALLOW_TEST_CASHIER: '1' } });
  const mail = await mailOf(production);
  expect(await production.ctx.outbox.byId(mail)).toMatchObject({ state: 'sent', via: 'log', content: null });
  expect(await statuses(new Client(production.url), mail)).toEqual([404, 404, 404, 404]);
  await production.close();
});

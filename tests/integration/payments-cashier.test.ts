import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCode } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { Client, until } from '../support/client.ts';
import { openPaymentsHouse, type PaymentsHouse } from '../support/payments-house.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

describe("the peer speaks Stripe's HTTP API", () => {
  let house: PaymentsHouse;
  let stripe: Stripe;

  beforeAll(async () => {
    house = await openPaymentsHouse();
    const { hostname, port } = new URL(house.peerUrl);
    stripe = new Stripe(house.keys.apiKey, { host: hostname, port, protocol: 'http', telemetry: false });
  });
  afterAll(() => house.close());

  interface Asked {
    path: string;
    form?: string;
    key?: string;
    headers?: Record<string, string>;
  }

  async function ask({ path, form, key, headers = {} }: Asked) {
    const response = await fetch(house.peerUrl + path, {
      method: form === undefined ? 'GET' : 'POST',
      ...(form === undefined ? {} : { body: form }),
      headers: {
        authorization: `Bearer ${house.keys.apiKey}`,
        'content-type': 'application/x-www-form-urlencoded',
        ...(key ? { 'idempotency-key': key } : {}),
        ...headers,
      },
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  }
  interface Answer {
    id?: string;
    error?: { type: string; code?: string; param?: string; decline_code?: string };
  }

  const CREATE = 'amount=100&currency=cny&automatic_payment_methods[enabled]=true&metadata[ref]=A';

  test('the same key and parameters give the stored answer, other parameters an error', async () => {
    const first = await ask({ path: '/v1/payment_intents', form: CREATE, key: 'k1' });
    const again = await ask({ path: '/v1/payment_intents', form: CREATE, key: 'k1' });
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('request-id')).toMatch(/^req_/);
    const other = await ask({ path: '/v1/payment_intents', form: CREATE.replace('100', '200'), key: 'k1' });
    expect(other).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } });
    const none = await ask({ path: '/v1/payment_intents', form: CREATE });
    expect(none.body.id).not.toBe(first.body.id);
  });

  test('a bad answer is the answer, too; a mistake in the parameters is not kept', async () => {
    const { id = '' } = (await ask({ path: '/v1/payment_intents', form: CREATE })).body;
    const confirm = { path: `/v1/payment_intents/${id}/confirm`, key: 'k2' };
    const declined = await ask({ ...confirm, form: 'payment_method=pm_card_visa_chargeDeclined' });
    expect(declined).toMatchObject({
      status: 402,
      body: { error: { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' } },
    });
    const again = await ask({ ...confirm, form: 'payment_method=pm_card_visa_chargeDeclined' });
    expect(again.body).toEqual(declined.body);

    const wrong = await ask({ path: '/v1/payment_intents', form: 'amount=0&currency=cny', key: 'k3' });
    expect(wrong).toMatchObject({ status: 400, body: { error: { param: 'amount' } } });
    expect((await ask({ path: '/v1/payment_intents', form: CREATE, key: 'k3' })).status).toBe(200);
  });

  test.each([
    ['no key', { path: '/v1/events', headers: { authorization: '' } }, 401, {}],
    ['another key', { path: '/v1/events', headers: { authorization: 'Bearer sk_test_x' } }, 401, {}],
    ['another version', { path: '/v1/events', headers: { 'stripe-version': '2020-08-27' } }, 400, {}],
    [
      'an unknown intent',
      { path: '/v1/payment_intents/pi_x' },
      404,
      { code: 'resource_missing', param: 'intent' },
    ],
    ['an unknown address', { path: '/v1/customers' }, 404, {}],
    [
      'an unknown parameter',
      { path: '/v1/refunds', form: 'payment_intent=pi_x&metadata[a]=b&all=1' },
      400,
      { code: 'parameter_unknown', param: 'all' },
    ],
    [
      'a missing one',
      { path: '/v1/refunds', form: '' },
      400,
      { code: 'parameter_missing', param: 'payment_intent' },
    ],
  ])('%s is refused as Stripe does', async (_what, asked, status, error) => {
    expect(await ask(asked)).toMatchObject({
      status,
      body: { error: { type: 'invalid_request_error', ...error } },
    });
  });

  test("Stripe's own library finds its objects, errors, lists and events there", async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 700,
      currency: 'cny',
      automatic_payment_methods: { enabled: true },
      metadata: { ref: 'lib' },
    });
    await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    const paid = await stripe.paymentIntents.retrieve(intent.id);
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 700, metadata: { ref: 'lib' } });
    await expect(stripe.paymentIntents.cancel(intent.id)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'payment_intent_unexpected_state',
    });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 200 });
    await expect(stripe.refunds.create({ payment_intent: intent.id, amount: 501 })).rejects.toMatchObject({
      param: 'amount',
    });
    await stripe.refunds.create({ payment_intent: intent.id });
    await expect(stripe.refunds.create({ payment_intent: intent.id })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    });
    const refunds = await stripe.refunds
      .list({ payment_intent: intent.id, limit: 1 })
      .autoPagingToArray({ limit: 9 });
    expect(refunds.map(({ amount }) => amount).sort((a, b) => a - b)).toEqual([200, 500]);
    const charge = await stripe.charges.retrieve(paid.latest_charge as string);
    expect(charge).toMatchObject({ amount_refunded: 700, refunded: true });
    await house.settled();
    const events = await stripe.events.list({ types: ['refund.created'], limit: 100 });
    expect(
      events.data.filter(({ data }) => (data.object as Stripe.Refund).payment_intent === intent.id),
    ).toHaveLength(2);
    const event = await stripe.events.retrieve(events.data[0]!.id);
    expect(event).toMatchObject({ object: 'event', type: 'refund.created', api_version: Stripe.API_VERSION });
  });

  test('lists go on where they ended', async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) {
      const made = await stripe.paymentIntents.create({ amount: 10 + count, currency: 'cny' });
      ids.push(made.id);
    }
    const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 1_000 });
    const found = all.map(({ id }) => id);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(expect.arrayContaining(ids));
  });
});

describe('the test cashier in the shop', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await openTestShop({ demo: true });
  });
  afterAll(() => shop.close());

  async function opened(fen = 6800) {
    const ref = newCode();
    const request = {
      ref,
      amount: money(fen),
      description: '订单',
      returnUrl: `${shop.url}/orders/${ref}?from=pay`,
    };
    const { payUrl = '', clientSecret, intentId } = await shop.ctx.payments.open(request);
    const form = { client_secret: clientSecret, return_url: `/orders/${ref}?from=pay` };
    return { ref, payUrl, intentId, form };
  }
  const stateOf = async (ref: string) => (await shop.ctx.payments.of(ref))?.state;

  test('shows the amount, takes the payment, and leads back into the shop', async () => {
    const { ref, payUrl, intentId, form } = await opened(123_456);
    const buyer = new Client(shop.url);
    const page = await (await buyer.get(payUrl)).text();
    expect(page).toContain('1,234.56');
    const answer = await buyer.form(`/cashier/pay/${intentId}`, { ...form, choice: 'pay' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `/orders/${ref}?from=pay&payment_intent=${intentId}&redirect_status=succeeded`,
    );
    await until(
      () => stateOf(ref),
      (state) => state === 'succeeded',
    );
  });

  test('declines when asked to, and takes the payment afterwards', async () => {
    const { ref, payUrl, intentId, form } = await opened();
    const buyer = new Client(shop.url);
    const declined = await buyer.form(`/cashier/pay/${intentId}`, { ...form, choice: 'decline' });
    expect(declined.headers.get('location')).toMatch(new RegExp(`^/cashier/pay/${intentId}\\?`));
    expect(await (await buyer.get(payUrl)).text()).toContain('card_declined');
    expect(await stateOf(ref)).toBe('open');
    await buyer.form(`/cashier/pay/${intentId}`, { ...form, choice: 'twice' });
    await until(
      () => stateOf(ref),
      (state) => state === 'succeeded',
    );
    const second = await buyer.form(`/cashier/pay/${intentId}`, { ...form, choice: 'pay' });
    expect(second.headers.get('location')).toMatch(/^\/cashier\/pay\//);
  });

  test('lets the buyer’s bank dispute what is paid, once, and decide it', async () => {
    const { ref, intentId, form } = await opened();
    const buyer = new Client(shop.url);
    const choose = async (choice: string) =>
      (await buyer.form(`/cashier/pay/${intentId}`, { ...form, choice })).headers.get('location') ?? '';
    const here = /^\/cashier\/pay\//;
    const offered = async () => {
      const page = await (await buyer.get(`/cashier/pay/${intentId}?${new URLSearchParams(form)}`)).text();
      return [...page.matchAll(/value="(dispute\w*)"/g)].map(([, choice]) => choice);
    };
    const told = async () => (await shop.ctx.payments.of(ref))?.disputes.map(({ status }) => status);
    expect([await offered(), await choose('dispute')]).toEqual([[], expect.stringMatching(here)]);
    await choose('pay');
    expect(await offered()).toEqual(['dispute']);
    expect(await choose('dispute_won')).toMatch(here);
    expect(await choose('dispute')).not.toMatch(here);
    await until(told, (all) => all?.[0] === 'needs_response');
    expect(await offered()).toEqual(['dispute_won', 'dispute_lost']);
    expect(await choose('dispute')).toMatch(here);
    expect(await choose('dispute_lost')).not.toMatch(here);
    expect(await until(told, (all) => all?.[0] === 'lost')).toEqual(['lost']);
    expect(await offered()).toEqual([]);
  });

  test('is found by nobody without the client secret, and leads to no other site', async () => {
    const { ref, intentId, form } = await opened();
    const stranger = new Client(shop.url);
    const get = async (query: string) => (await stranger.get(`/cashier/pay/${intentId}${query}`)).status;
    expect(await get('')).toBe(422);
    expect(await get('?client_secret=guessed')).toBe(404);
    const guess = { ...form, client_secret: 'guessed', choice: 'pay' };
    expect((await stranger.form(`/cashier/pay/${intentId}`, guess)).status).toBe(404);
    for (const away of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
      const sent = await stranger.form(`/cashier/pay/${intentId}`, {
        ...form,
        return_url: away,
        choice: 'pay',
      });
      expect(sent.status).toBe(422);
    }
    expect(await stateOf(ref)).toBe('open');
  });

  test('opens its API to nobody without its key', async () => {
    const stranger = new Client(shop.url);
    expect((await stranger.get('/cashier/v1/events')).status).toBe(401);
    expect(
      (await stranger.form('/cashier/v1/payment_intents', { amount: '1', currency: 'cny' })).status,
    ).toBe(401);
  });

  test.each(['/', '/products', '/live/huangshaping-market', '/login', '/no-such-page'])(
    'is announced on %s',
    async (path) => {
      const page = await (await new Client(shop.url).get(path)).text();
      expect(page).toContain('class="test-banner"');
    },
  );

  test('needs nothing foreign: the policy names no other origin', async () => {
    const policy = (await new Client(shop.url).get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).not.toContain('http');
  });
});

describe('a shop with Stripe', () => {
  test('lets in what Stripe documents, shows no banner, and has no test cashier', async () => {
    const shop = await openTestShop({
      env: {
        STRIPE_SECRET_KEY: 'sk_test_none',
        STRIPE_PUBLISHABLE_KEY: 'pk_test_none',
        STRIPE_WEBHOOK_SECRET: 'whsec_none',
        STRIPE_API_BASE: 'http://127.0.0.1:9',
      },
    });
    try {
      const visitor = new Client(shop.url);
      const home = await visitor.get('/');
      const policy = home.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/script-src 'self' https:\/\/js\.stripe\.com/);
      expect(policy).toMatch(/connect-src 'self' https:\/\/api\.stripe\.com/);
      expect(policy).toMatch(/frame-src 'self' https:\/\/js\.stripe\.com/);
      expect(await home.text()).not.toContain('test-banner');
      expect((await visitor.get('/cashier/v1/events')).status).toBe(404);
      expect(shop.ctx.payments.browserConfig()).toEqual({ kind: 'stripe', publishableKey: 'pk_test_none' });
      const unsigned = await visitor.post<{ error: { code: string } }>('/payments/stripe/webhook', {});
      expect([unsigned.status, unsigned.body.error.code]).toEqual([400, 'bad_signature']);
      const crossSite = await visitor.request('/payments/stripe/webhook', {
        method: 'POST',
        headers: { origin: 'https://stripe.com', 'sec-fetch-site': 'cross-site' },
      });
      expect(crossSite.status).toBe(400);
    } finally {
      await shop.close();
    }
  });
});

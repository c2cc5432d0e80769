import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { LIVE, registered, Visitor, type Failure } from '../support/people.ts';
import { raw } from '../support/raw.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let admin: Visitor;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, env: { TRUST_PROXY: '1', LOG_LEVEL: 'silent' } });
  admin = new Visitor(shop);
  await admin.logIn('admin@demo.test');
});
afterAll(() => shop.close());
afterEach(() => vi.restoreAllMocks());

const JSON_HEADERS = { 'content-type': 'application/json' };

const codeOf = (text: string) => (JSON.parse(text) as Failure).error.code;

describe('every page', () => {
  const PAGES = [
    '/',
    '/products',
    '/products?q=%E8%9C%82%E8%9C%9C',
    '/products/chengbu-honey',
    '/cooperatives/huangshaping',
    '/live',
    `/live/${LIVE}`,
    '/live/honey-morning',
    '/live/tea-evening',
    '/orders',
    '/login',
    '/register',
    '/account',
    '/host',
    `/host/live/${LIVE}`,
    '/coop',
    '/api/docs',
    '/no/such/page',
  ];

  test.each(PAGES)('%s keeps to itself', async (path) => {
    const { headers } = await admin.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    // The console encodes the host's sound by WebAssembly, which a policy has to allow by name; no other page does.
    const scripts = path.startsWith('/host/live/')
      ? "script-src 'self' 'wasm-unsafe-eval'"
      : "script-src 'self'";
    for (const part of ["default-src 'self'", scripts, "style-src 'self'", "object-src 'none'"]) {
      expect(policy.split(';')).toContain(part);
    }
    for (const part of ["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split(';')).toContain(part);
    }
    expect(policy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test.each(PAGES)('%s needs nothing that the policy forbids', async (path) => {
    const answer = await admin.get(path);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await answer.text();
    const scripts = [...page.matchAll(/<script\b([^>]*)>/g)].map(([, attributes = '']) => attributes);
    expect(scripts.filter((tag) => !/\bsrc="\/|type="application\/(ld\+)?json"/.test(tag))).toEqual([]);
    expect(page).not.toMatch(/<style\b/);
    expect(page).not.toMatch(/<[^>]+\s(style|on[a-z]+)\s*=/);
    expect(page).not.toMatch(/(src|href|action)="\s*javascript:/i);
  });

  test('of one person is kept by nobody else', async () => {
    for (const path of ['/account', '/orders', '/coop', `/live/${LIVE}`]) {
      expect((await admin.get(path)).headers.get('cache-control')).toMatch(/private/);
    }
  });
});

describe('a write from another site', () => {
  const FOREIGN: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  const WRITES = ['/api/login', '/api/logout', '/api/orders', '/login', '/logout', '/orders', '/host'];

  test.each(FOREIGN)('with %j is refused everywhere, before anything else is asked', async (headers) => {
    for (const path of [...WRITES, '/coop/products/chengbu-honey/image', '/api/no-such-thing']) {
      const answer = await raw(shop.url, path, {
        method: 'POST',
        headers: { ...JSON_HEADERS, accept: 'application/json', ...headers, cookie: admin.cookieHeader },
        body: '{not json',
      });
      expect([path, answer.status, codeOf(answer.text)]).toEqual([path, 403, 'cross_site']);
    }
    expect(await admin.json('/api/me')).toMatchObject({ signedIn: true });
  });

  test.each(FOREIGN)('with %j opens no socket', async (headers) => {
    const socket = io(shop.url, {
      transports: ['websocket'],
      extraHeaders: { ...headers, cookie: admin.cookieHeader },
      forceNew: true,
      reconnection: false,
    });
    const failure = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', () => resolve('refused'));
    });
    socket.close();
    expect(failure).toBe('refused');
    const polling = await raw(shop.url, '/socket.io/?EIO=4&transport=polling', { headers });
    expect([polling.status, JSON.parse(polling.text)]).toMatchObject([403, { message: 'cross_site' }]);
  });

  test('is told from one of our own, and from reading', async () => {
    const host = new URL(shop.url).host;
    const own = await raw(shop.url, '/api/login', {
      method: 'POST',
      headers: { ...JSON_HEADERS, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ login: 'nobody', password: 'nothing' }),
    });
    expect(codeOf(own.text)).toBe('wrong_credentials');
    const link = await raw(shop.url, '/products', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(link.status).toBe(200);
    const socket = await raw(shop.url, '/socket.io/?EIO=4&transport=polling', {
      headers: { origin: `http://${host}` },
    });
    expect(socket.status).toBe(200);
  });
});

describe('an address that does not exist', () => {
  test('answers programs as programs and people as people', async () => {
    const api = await admin.get('/api/no-such-thing');
    expect([api.status, await api.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
    const page = await admin.get('/no-such-thing');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const program = await admin.request('/no-such-thing', { headers: { accept: 'application/json' } });
    expect(await program.json()).toMatchObject({ error: { code: 'not_found' } });
    expect((await admin.request('/api/products', { method: 'DELETE' })).status).toBe(404);
  });

  test.each([
    '//',
    '//evil.example',
    '/\\',
    '/%',
    '/%ff',
    '/?lang=%ff',
    '///x',
    '/x//../y',
    '/..//evil.example',
    'http://evil.example/',
    '/[',
    '/<script>x()</script>',
  ])('is survived: %s', async (path) => {
    const answer = await raw(shop.url, path);
    expect([200, 404]).toContain(answer.status);
    expect(answer.text).not.toContain('<script>x()');
    expect(answer.text).not.toMatch(/at .*\.(ts|js):\d+/);
  });
});

describe('a failure of our own', () => {
  const SECRET = 'mongodb://root:hunter2@db/shop at /srv/app/server/catalog.ts:12';

  test('tells nobody what it was, in no language and on no path', async () => {
    vi.spyOn(shop.ctx.catalog, 'product').mockRejectedValue(new Error(SECRET));
    for (const path of ['/products/chengbu-honey?x=leak', '/api/products/chengbu-honey']) {
      const answer = await raw(shop.url, path, { headers: { host: 'leak.example' } });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toMatch(/hunter2|mongodb|srv|\.ts|Error|stack/);
    }
    const answer = await admin.json<Failure>('/api/products/chengbu-honey');
    expect(Object.keys(answer)).toEqual(['error']);
    expect(Object.keys(answer.error).sort()).toEqual(['code', 'message']);
    expect(answer.error.code).toBe('internal');
  });

  test('shows no stack either when its own page cannot be drawn', async () => {
    vi.spyOn(shop.ctx.pages, 'send').mockRejectedValue(new Error(SECRET));
    const answer = await raw(shop.url, '/no-such-thing');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.text).not.toMatch(/hunter2|mongodb|srv|\.ts|stack/);
  });

  test('tells nobody over a socket either, and the socket lives on', async () => {
    const { visitor } = await registered(new Visitor(shop));
    const socket = await visitor.socket();
    vi.spyOn(shop.ctx.lives, 'like').mockRejectedValue(new Error(SECRET));
    const answer = await socket.emitWithAck('live:like', { liveId: LIVE, count: 1 });
    expect(answer).toEqual({ ok: false, error: { code: 'internal', message: expect.any(String) } });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|mongodb/);
    expect(await socket.emitWithAck('live:join', { liveId: LIVE })).toMatchObject({ ok: true });
    socket.disconnect();
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/client.ts';
import { LIVE, registered, Visitor, type Failure } from '../support/people.ts';
import { raw } from '../support/raw.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let reader: Visitor;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, env: { TRUST_PROXY: '1', LOG_LEVEL: 'silent' } });
  reader = new Visitor(shop);
});
afterAll(() => shop.close());

const JSON_HEADERS = { 'content-type': 'application/json' };

describe('what comes in', () => {
  async function send(path: string, body: string, headers: Record<string, string> = JSON_HEADERS) {
    const answer = await raw(shop.url, path, {
      method: 'POST',
      headers: { ...headers, 'x-forwarded-for': new Visitor(shop).address },
      body,
    });
    const { error } = JSON.parse(answer.text) as Failure;
    return { status: answer.status, code: error.code, fields: error.fields };
  }

  test.each([
    ['an operator for a login', '{"login":{"$ne":1},"password":{"$ne":1}}', ['login', 'password']],
    ['a list for a login', '{"login":["a","b"],"password":"long enough"}', ['login']],
    ['a field that nobody knows', '{"login":"abc","password":"long enough","role":"admin"}', ['body']],
    ['a prototype', '{"login":"abc","password":"long enough","__proto__":{"admin":true}}', ['body']],
    ['a constructor', '{"login":"abc","password":"x","constructor":{"prototype":{"x":1}}}', ['body']],
    ['a list', '[]', ['login', 'password']],
    ['nothing', '', ['login', 'password']],
  ])('is refused when it is %s', async (_what, body, fields) => {
    const answer = await send('/api/login', body);
    expect(answer).toMatchObject({ status: 422, code: 'invalid' });
    expect(Object.keys(answer.fields ?? {}).sort()).toEqual(fields);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  test.each(['{', '{"login":', 'login=abc', 'null', '"text"'])(
    'is refused when it is no JSON object: %s',
    async (body) => {
      expect(await send('/api/login', body)).toMatchObject({ status: 422, code: 'invalid' });
    },
  );

  test('is refused when it is too large, as JSON and as a form', async () => {
    const large = 'x'.repeat(70_000);
    expect(await send('/api/login', JSON.stringify({ login: large }))).toMatchObject({
      status: 413,
      code: 'too_large',
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    expect(await send('/login', `login=${large}`, form)).toMatchObject({ status: 413, code: 'too_large' });
  });

  test('is refused in an encoding or a character set that nobody reads', async () => {
    const headers = { ...JSON_HEADERS, 'content-encoding': 'zip' };
    expect(await send('/api/login', '{}', headers)).toMatchObject({ status: 422, code: 'invalid' });
    const foreign = { 'content-type': 'application/json; charset=utf-7' };
    expect(await send('/api/login', '{}', foreign)).toMatchObject({ status: 422, code: 'invalid' });
  });

  test('in a query or a path finds nothing that it should not', async () => {
    for (const query of ['q=a&q=b', 'limit=-1', 'limit=1e9', 'category=__proto__', `q=${'x'.repeat(300)}`]) {
      expect([query, (await reader.get(`/api/products?${query}`)).status]).toEqual([query, 422]);
    }
    for (const slug of [
      '__proto__',
      'constructor',
      'CHENGBU-HONEY',
      '%24ne',
      '%00',
      '%ff',
      '%E0%A4%A',
      "'",
      '..%2f..',
    ]) {
      expect([slug, (await reader.get(`/api/products/${slug}`)).status]).toEqual([slug, 404]);
      expect([slug, (await reader.get(`/products/${slug}`)).status]).toEqual([slug, 404]);
      expect([slug, (await reader.get(`/orders/${slug}`)).status]).toEqual([slug, 404]);
      expect([slug, (await reader.get(`/api/lives/${slug}`)).status]).toEqual([slug, 404]);
    }
  });

  test('over a socket is parsed as strictly', async () => {
    const { visitor } = await registered(new Visitor(shop));
    const socket = await visitor.socket();
    const send_ = (event: string, input: unknown) =>
      socket.emitWithAck(event as 'live:join', input as { liveId: string }) as Promise<Failure>;
    for (const input of [undefined, null, 'x', { liveId: { $ne: 1 } }, { liveId: LIVE, more: 1 }, []]) {
      expect((await send_('live:join', input)).error.code).toBe('invalid');
    }
    const order = { clickId: 'click-strict', liveId: LIVE, sku: 'X', qty: 1 };
    expect((await send_('order:place', { ...order, price: 1 })).error.code).toBe('invalid');
    expect((await send_('order:place', { ...order, qty: '2' })).error.code).toBe('invalid');
    expect((await send_('live:join', { liveId: 'no-such-live' })).error.code).toBe('not_found');
    socket.disconnect();
  });
});

describe('too much', () => {
  test('searching is slowed down, for that address only', async () => {
    const eager = new Visitor(shop);
    const answers = await Promise.all(
      Array.from({ length: 201 }, () => eager.get('/api/products?q=x&limit=1')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(await refused[0]!.json()).toMatchObject({ error: { code: 'rate_limited' } });
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await new Visitor(shop).get('/api/products?q=x')).status).toBe(200);
  });

  test('ordering is slowed down for that person, whatever the address, over HTTP and over the socket', async () => {
    const [eager, other] = [await registered(new Visitor(shop)), await registered(new Visitor(shop))];
    const codes: string[] = [];
    for (let n = 0; n < 31; n += 1)
      codes.push((await eager.visitor.post<Failure>('/api/orders', {})).body.error.code);
    expect(codes.slice(0, 30).every((code) => code === 'invalid')).toBe(true);
    expect(codes[30]).toBe('rate_limited');
    expect((await other.visitor.post<Failure>('/api/orders', {})).body.error.code).toBe('invalid');

    const socket = await other.visitor.socket();
    const order = (n: number) => ({ clickId: `click-much-${n}`, liveId: LIVE, sku: 'NO-SUCH-SKU', qty: 1 });
    const answers = await Promise.all(
      Array.from({ length: 31 }, (_item, n) => socket.emitWithAck('order:place', order(n))),
    );
    const refusals = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(refusals.filter((code) => code === 'not_found')).toHaveLength(30);
    expect(refusals.at(-1)).toBe('rate_limited');
    socket.disconnect();
  });

  test('talking is slowed down', async () => {
    const { visitor } = await registered(new Visitor(shop));
    const socket = await visitor.socket();
    const said = await Promise.all(
      Array.from({ length: 13 }, (_item, n) =>
        socket.emitWithAck('chat:send', { liveId: LIVE, text: `第${n}句` }),
      ),
    );
    expect(said.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual([
      ...Array.from({ length: 12 }, () => 'ok'),
      'rate_limited',
    ]);
    socket.disconnect();
  });

  test('a message that nobody has a reason to send ends the socket, not the shop', async () => {
    const { visitor } = await registered(new Visitor(shop));
    const socket = await visitor.socket();
    socket.emit('chat:send', { liveId: LIVE, text: 'x'.repeat(20_000) }, () => {});
    await until(() => socket.connected, (connected) => !connected); // prettier-ignore
    expect((await visitor.get('/healthz')).status).toBe(200);
  });
});

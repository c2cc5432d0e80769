import express, { type Request, type RequestHandler } from 'express';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPageCache, type PageCacheOptions } from '../../server/platform/http/page-cache.ts';
import { until } from '../support/client.ts';
import { raw } from '../support/raw.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.useRealTimers();
});

/** A page on a server of its own; `arrivals` counts requests that have reached the cache. */
async function served(
  render: (req: Request) => Promise<string> | string,
  options: Partial<PageCacheOptions> & { query?: readonly string[] } = {},
) {
  const cache = createPageCache({ maxAgeMs: 60_000, maxEntries: 100, ...options });
  const renders: string[] = [];
  const state = { arrivals: 0 };
  const arrive: RequestHandler = (req, _res, next) => {
    req.lang = req.query['lang'] === 'en' ? 'en' : 'zh-CN';
    next();
    state.arrivals += 1;
  };
  const app = express().disable('etag').set('query parser', 'simple');
  const page = cache.page(async (req) => {
    renders.push(req.url);
    return render(req);
  }, options.query ?? []);
  app.get('/*path', arrive, page);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string, headers: Record<string, string> = {}) => raw(origin, path, { headers });
  return { cache, renders, state, origin, get };
}

const PAGE = `<p>${'山里的蜂蜜 '.repeat(200)}</p>`;

describe('a kept page', () => {
  test('is drawn once for all who read the same language', async () => {
    const { get, renders } = await served((req) => `${req.lang} ${req.path}`);
    const bodies = [
      await get('/a'),
      await get('/a'),
      await get('/b'),
      await get('/a?lang=en'),
      await get('/a?lang=en'),
    ];
    expect(bodies.map(({ text }) => text)).toEqual(['zh-CN /a', 'zh-CN /a', 'zh-CN /b', 'en /a', 'en /a']);
    expect(renders).toHaveLength(3);
  });

  test('is another one for another host, whose address stands in its links', async () => {
    const { get } = await served((req) => req.headers.host ?? '');
    expect((await get('/a', { host: 'one.example' })).text).toBe('one.example');
    expect((await get('/a', { host: 'two.example' })).text).toBe('two.example');
  });

  test('depends on what it reads of the query and on nothing else', async () => {
    const { get, renders } = await served((req) => req.query['q'] as string, { query: ['q'] });
    expect((await get('/a?q=tea')).text).toBe('tea');
    expect((await get('/a?q=honey&x=1')).text).toBe('honey');
    expect((await get('/a?x=2&q=honey')).text).toBe('honey');
    expect(renders).toHaveLength(2);
  });

  test('is in every encoding that a browser may ask for', async () => {
    const { get } = await served(() => PAGE);
    const plain = await get('/a');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.text).toBe(PAGE);
    const gzip = await get('/a', { 'accept-encoding': 'gzip, deflate' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toBe(PAGE);
    const brotli = await get('/a', { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body).toString()).toBe(PAGE);
    for (const { headers, body } of [plain, gzip, brotli]) {
      expect(headers['content-length']).toBe(String(body.length));
      expect(headers.vary).toMatch(/Accept-Encoding/);
    }
  });

  test.each([
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0,gzip;q=0.5', 'gzip'],
    ['br;q=0.1', 'br'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['brx, xgzip', undefined],
  ])('asked for with "%s" comes as %s', async (accept, encoding) => {
    const { get } = await served(() => PAGE);
    expect((await get('/a', { 'accept-encoding': accept })).headers['content-encoding']).toBe(encoding);
  });

  test('is not sent to whoever has it already', async () => {
    const { get, cache } = await served(() => PAGE);
    const etag = (await get('/a')).headers.etag!;
    const again = await get('/a', { 'if-none-match': etag });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
    expect((await get('/a', { 'if-none-match': '"other"' })).status).toBe(200);
    cache.clear();
    expect((await get('/a', { 'if-none-match': etag })).status).toBe(304);
  });

  test('has its headers, and no body, for HEAD', async () => {
    const { origin } = await served(() => PAGE);
    const head = await raw(origin, '/a', { method: 'HEAD' });
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(PAGE)));
    expect(head.body.length).toBe(0);
  });
});

describe('a page that is being drawn', () => {
  function held() {
    const waiting: ((text: string) => void)[] = [];
    return { waiting, render: () => new Promise<string>((resolve) => waiting.push(resolve)) };
  }

  test('is drawn once for all who come meanwhile', async () => {
    const { waiting, render } = held();
    const { get, state } = await served(render);
    const readers = [get('/a'), get('/a'), get('/a')];
    await until(() => state.arrivals, (n) => n === 3); // prettier-ignore
    expect(waiting).toHaveLength(1);
    waiting[0]!('once');
    expect((await Promise.all(readers)).map(({ text }) => text)).toEqual(['once', 'once', 'once']);
  });

  test('when everything is forgotten is answered but not kept, and nobody joins it', async () => {
    const { waiting, render } = held();
    const { get, state, cache } = await served(render);
    const early = get('/a');
    await until(() => state.arrivals, (n) => n === 1); // prettier-ignore
    cache.clear();
    const late = get('/a');
    await until(() => waiting.length, (n) => n === 2); // prettier-ignore
    waiting[1]!('new');
    expect((await late).text).toBe('new');
    waiting[0]!('old');
    expect((await early).text).toBe('old');
    expect((await get('/a')).text).toBe('new');
    expect(waiting).toHaveLength(2);
  });

  test('and fails is drawn again for the next', async () => {
    let turn = 0;
    const { get } = await served(() => {
      turn += 1;
      if (turn === 1) throw Object.assign(new Error('not now'), { status: 503 });
      return 'there';
    });
    expect((await get('/a')).status).toBe(503);
    expect((await get('/a')).text).toBe('there');
  });
});

describe('the cache', () => {
  test('forgets a page that is too old', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { get, renders } = await served(() => PAGE, { maxAgeMs: 1_000 });
    await get('/a');
    vi.setSystemTime(Date.now() + 999);
    await get('/a');
    expect(renders).toHaveLength(1);
    vi.setSystemTime(Date.now() + 1);
    await get('/a');
    expect(renders).toHaveLength(2);
  });

  test('forgets everything when told to', async () => {
    const { get, renders, cache } = await served(() => PAGE);
    await get('/a');
    await get('/b');
    cache.clear();
    await get('/a');
    await get('/b');
    expect(renders).toEqual(['/a', '/b', '/a', '/b']);
  });

  test('holds no more than it may: the oldest goes', async () => {
    const { get, renders } = await served(() => PAGE, { maxEntries: 2 });
    for (const path of ['/a', '/b', '/c', '/b', '/c', '/a']) await get(path);
    expect(renders).toEqual(['/a', '/b', '/c', '/a']);
  });
});

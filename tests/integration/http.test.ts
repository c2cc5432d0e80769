import type { IRouter } from 'express';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, until } from '../support/client.ts';
import { raw } from '../support/raw.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
});
afterAll(() => shop.close());

describe('the process', () => {
  test('says that it lives and is ready', async () => {
    expect((await raw(shop.url, '/healthz')).text).toBe('ok\n');
    expect((await raw(shop.url, '/readyz')).status).toBe(200);
  });

  test('lives on without its database, but is not ready', async () => {
    const lonely = await openTestShop({ env: { LOG_LEVEL: 'silent' } });
    try {
      await lonely.ctx.db.close();
      expect((await raw(lonely.url, '/readyz')).status).toBe(503);
      expect((await raw(lonely.url, '/healthz')).status).toBe(200);
    } finally {
      await lonely.close();
    }
  });

  test('tells its figures on this machine, but to nobody whom a proxy let in', async () => {
    await raw(shop.url, '/products/chengbu-honey');
    const { status, headers, text } = await raw(shop.url, '/metrics');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    // By pattern: a label per address would grow with the catalog.
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/products\/:slug",status="200"\} \d/,
    );
    expect(text).not.toContain('chengbu-honey');
    const proxied = await raw(shop.url, '/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect([proxied.status, proxied.text]).toEqual([404, '']);
    const token = { authorization: 'Bearer undefined', 'x-forwarded-for': '203.0.113.7' };
    expect((await raw(shop.url, '/metrics', { headers: token })).status).toBe(404);
  });

  test('tells them to whoever has the token', async () => {
    const METRICS_TOKEN = 'a token for the figures';
    const guarded = await openTestShop({ env: { METRICS_TOKEN } });
    const ask = async (authorization: string) =>
      (await raw(guarded.url, '/metrics', { headers: { authorization, 'x-forwarded-for': '203.0.113.7' } }))
        .status;
    try {
      expect(await ask(`Bearer ${METRICS_TOKEN}`)).toBe(200);
      for (const wrong of [
        '',
        METRICS_TOKEN,
        `Bearer ${METRICS_TOKEN}x`,
        `Bearer ${'x'.repeat(METRICS_TOKEN.length)}`,
      ]) {
        expect([wrong, await ask(wrong)]).toEqual([wrong, 404]);
      }
    } finally {
      await guarded.close();
    }
  });
});

describe('the language', () => {
  test('is Chinese until asked otherwise, and then remembered', async () => {
    const reader = new Client(shop.url);
    const htmlLang = async (path: string) =>
      /<html lang="([^"]+)"/.exec(await (await reader.get(path)).text())?.[1];
    expect(await htmlLang('/products')).toBe('zh-CN');
    expect(reader.cookies.has('lang')).toBe(false);
    expect(await htmlLang('/products?lang=en')).toBe('en');
    expect(reader.cookies.get('lang')).toBe('en');
    expect(await htmlLang('/')).toBe('en');
    expect(await htmlLang('/live')).toBe('en');
    expect(await htmlLang('/?lang=zh-CN')).toBe('zh-CN');
    expect(await htmlLang('/')).toBe('zh-CN');
  });

  test('that nobody speaks here changes nothing', async () => {
    const reader = new Client(shop.url);
    for (const lang of ['de', 'EN', 'zh', '__proto__', '']) await reader.get(`/?lang=${lang}`);
    expect(reader.cookies.has('lang')).toBe(false);
    reader.cookies.set('lang', 'de');
    expect(await (await reader.get('/')).text()).toContain('<html lang="zh-CN"');
  });

  test('is that of names and failures in JSON, and of sockets', async () => {
    const reader = new Client(shop.url);
    const ask = async () => ({
      name: (await reader.json<{ name: string }>('/api/products/chengbu-honey')).name,
      failure: (await reader.json<{ error: { message: string } }>('/api/products/none')).error.message,
    });
    const chinese = await ask();
    await reader.get('/?lang=en');
    const english = await ask();
    expect(chinese.name).toMatch(/\p{Script=Han}/u);
    expect(Object.values(english).join()).not.toMatch(/\p{Script=Han}/u);
    const answer = await (await reader.socket()).emitWithAck('live:join', { liveId: 'huangshaping-market' });
    expect(answer.ok && answer.live.title).not.toMatch(/\p{Script=Han}/u);
    reader.close();
  });

  test('has its own address for each page', async () => {
    const { text } = await raw(shop.url, '/products?category=honey&lang=en');
    const links = [...text.matchAll(/<link rel="(alternate|canonical)"[^>]*href="([^"]+)"/g)];
    const addresses = links.map(([, , href = '']) => href.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'));
    const page = `${shop.url}/products?category=honey`;
    expect(addresses).toEqual([`${page}&lang=en`, `${page}&lang=zh-CN`, `${page}&lang=en`, page]);
  });
});

describe('a page for everybody', () => {
  test('carries nothing of what one reader added to its address', async () => {
    shop.ctx.pageCache.clear();
    await raw(shop.url, '/products/chengbu-honey?from=one-reader');
    expect((await raw(shop.url, '/products/chengbu-honey')).text).not.toContain('one-reader');
    await raw(shop.url, '/?from=one-reader&category=honey');
    expect((await raw(shop.url, '/')).text).not.toMatch(/one-reader|\/\?category/);
  });

  test('is new when something on it has changed', async () => {
    const path = '/products/chengbu-honey';
    const { etag } = (await raw(shop.url, path)).headers;
    expect((await raw(shop.url, path, { headers: { 'if-none-match': etag! } })).status).toBe(304);
    const { variants } = await new Client(shop.url).json<{ variants: { sku: string; available: number }[] }>(
      `/api${path}`,
    );
    const sold = new Map(variants.map(({ sku, available }) => [sku, available]));
    await shop.ctx.stock.take('a test that takes all', sold);
    await until(async () => (await raw(shop.url, path)).headers.etag, (now) => now !== etag); // prettier-ignore
    const after = await new Client(shop.url).json<{ variants: { available: number }[] }>(`/api${path}`);
    expect(after.variants.map(({ available }) => available)).toEqual(variants.map(() => 0));
  });
});

/** Method and path of every route of an app, routers within routers included. */
function routesOf(router: IRouter): string[] {
  return router.stack.flatMap((layer) => {
    if (layer.route) {
      const { path, stack } = layer.route;
      return [...new Set(stack.map(({ method }) => method))].map((method) => `${method} ${path}`);
    }
    const inner = layer.handle as unknown as Partial<IRouter>;
    return Array.isArray(inner.stack) ? routesOf(inner as IRouter) : [];
  });
}

describe('the description of the interface', () => {
  const ABOUT_ITSELF = ['get /api/openapi.json', 'get /api/docs'];

  interface Document {
    openapi: string;
    servers: { url: string }[];
    paths: Record<string, Record<string, { requestBody?: unknown; parameters: { name: string }[] }>>;
  }

  test('names every route that there is, and no other', async () => {
    const real = routesOf(shop.app.router as unknown as IRouter)
      .filter((route) => / \/api\//.test(route) && !ABOUT_ITSELF.includes(route))
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    expect(real.length).toBeGreaterThan(8);
    const { openapi, paths, servers } = await new Client(shop.url).json<Document & Record<string, unknown>>(
      '/api/openapi.json',
    );
    expect([openapi, servers]).toEqual(['3.1.0', [{ url: shop.url }]]);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(real.sort());
  });

  test('says what goes in, as the schemas have it', async () => {
    const { paths } = await new Client(shop.url).json<Document & Record<string, unknown>>(
      '/api/openapi.json',
    );
    const parameters = paths['/api/products']!['get']!.parameters.map(({ name }) => name);
    expect(parameters).toEqual(
      expect.arrayContaining(['q', 'cooperative', 'certificate', 'sort', 'limit', 'cursor']),
    );
    expect(paths['/api/orders/{code}']!['get']!.parameters).toMatchObject([
      { name: 'code', in: 'path', required: true },
    ]);
    expect(JSON.stringify(paths['/api/orders']!['post']!.requestBody)).toContain('"clickId"');
    for (const methods of Object.values(paths)) {
      if (methods['post']) expect(JSON.stringify(methods['post'])).not.toContain('unrepresentable');
    }
  });

  test('can be read by people in both languages', async () => {
    for (const lang of ['zh-CN', 'en']) {
      const { status, text } = await raw(shop.url, `/api/docs?lang=${lang}`);
      expect([status, text.includes('/api/orders/{code}')]).toEqual([200, true]);
    }
  });
});

describe('closing', () => {
  /** A request that the server has begun to read, and whose body the test sends when it wants to. */
  async function begun(origin: string, cookie: string, body: string) {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    const ended = new Promise<void>((resolve, reject) =>
      socket.on('close', () => resolve()).on('error', reject),
    );
    const head = [
      'POST /api/orders HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `Cookie: ${cookie}`,
      'Connection: close',
      'Expect: 100-continue',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    await until(() => text, (received) => received.startsWith('HTTP/1.1 100')); // prettier-ignore
    return {
      received: () => text,
      async finish() {
        socket.write(body);
        await ended;
        return text.slice(text.indexOf('\r\n\r\n') + 4);
      },
    };
  }

  async function isOpen(url: string) {
    return raw(url, '/healthz').then(
      () => true,
      () => false,
    );
  }

  test('finishes what is under way, lets nobody in, and can be asked for twice', async () => {
    const house = await openTestShop({ uri: shop.uri });
    const buyer = new Client(house.url);
    await buyer.get('/live/huangshaping-market');
    const socket = await buyer.socket();
    const { rail } = await buyer.json<{ rail: { sku: string }[] }>('/api/lives/huangshaping-market');
    const command = { clickId: 'click-closing', lines: [{ sku: rail[0]!.sku, qty: 1 }] };
    const order = await begun(house.url, buyer.cookieHeader, JSON.stringify(command));

    const closed = [house.close(), house.close()];
    await until(() => isOpen(house.url), (open) => !open); // prettier-ignore
    await until(() => socket.connected, (connected) => !connected); // prettier-ignore
    expect(order.received()).not.toContain('201');
    const answer = await order.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    await Promise.all(closed);

    const { code } = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as {
      code: string;
    };
    expect(await shop.ctx.orders.byCode(code)).toMatchObject({ state: 'awaiting_payment' });
  });
});

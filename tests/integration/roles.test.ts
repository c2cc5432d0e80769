import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { LIVE, PASSWORD, registered, setRoles, Visitor } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, env: { TRUST_PROXY: '1' } });
});
afterAll(() => shop.close());

describe('a place for some', () => {
  const PLACES = ['/host', '/coop', `/host/live/${LIVE}`];

  async function statuses(visitor: Client) {
    return Promise.all(PLACES.map(async (path) => (await visitor.get(path)).status));
  }

  test('sends a guest to sign in, and back again', async () => {
    const visitor = new Visitor(shop);
    await visitor.get(`/live/${LIVE}`);
    expect(await statuses(visitor)).toEqual([401, 401, 401]);
    expect(await statuses(new Visitor(shop))).toEqual([401, 401, 401]);
    expect(await (await visitor.get('/host')).text()).toContain('href="/login?next&#x3D;%2Fhost"');
  });

  test('refuses a shopper', async () => {
    const { visitor } = await registered(new Visitor(shop));
    expect(await statuses(visitor)).toEqual([403, 403, 403]);
    expect((await visitor.form('/host', { titleZh: '我的直播' })).status).toBe(403);
  });

  test.each([
    ['host@demo.test', [200, 403, 200]],
    ['coop@demo.test', [403, 200, 403]],
    ['admin@demo.test', [200, 200, 200]],
  ])('opens for %s what is theirs: %j', async (login, expected) => {
    const visitor = new Visitor(shop);
    await visitor.logIn(login);
    expect(await statuses(visitor)).toEqual(expected);
  });

  test('closes at once when a role is taken away', async () => {
    const { visitor, login } = await registered(new Visitor(shop));
    await setRoles(shop, login, ['shopper', 'host']);
    expect((await visitor.get('/host')).status).toBe(200);
    await setRoles(shop, login, ['shopper']);
    expect((await visitor.get('/host')).status).toBe(403);
  });

  test('shows a member its own cooperatives and nothing of another', async () => {
    const member = new Visitor(shop);
    await member.logIn('coop@demo.test');
    const page = await (await member.get('/coop')).text();
    const all = (await shop.ctx.cooperatives.list()).map(({ slug }) => slug);
    const own = ['huangshaping', 'huifeng'];
    expect(all.length).toBeGreaterThan(own.length);
    for (const slug of all) {
      const mine = own.includes(slug);
      expect([slug, page.includes(`/coop?coop=${slug}`) || page.includes(`coop&#x3D;${slug}`)]).toEqual([
        slug,
        mine,
      ]);
      expect([slug, (await member.get(`/coop?coop=${slug}`)).status]).toEqual([slug, mine ? 200 : 404]);
    }
  });

  test('has room for nobody without a cooperative', async () => {
    const { visitor, login } = await registered(new Visitor(shop));
    await setRoles(shop, login, ['shopper', 'coop']);
    expect((await visitor.get('/coop')).status).toBe(403);
  });
});

test('the logins of the demonstration open nothing in production', async () => {
  const production = await openTestShop({
    uri: shop.uri,
    env: { NODE_ENV: 'production', ALLOW_TEST_CASHIER: '1' },
  });
  try {
    const visitor = new Client(production.url);
    for (const name of ['shopper', 'host', 'coop', 'admin']) {
      expect(await visitor.logIn(`${name}@demo.test`)).toMatchObject({
        status: 401,
        body: { error: { code: 'wrong_credentials' } },
      });
    }
    const command = { login: 'real@test.test', password: PASSWORD, name: '真' };
    expect((await visitor.post('/api/register', command)).status).toBe(201);
  } finally {
    await production.close();
  }
});

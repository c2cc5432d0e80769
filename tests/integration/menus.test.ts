import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { registered } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openTestShop({ demo: true });
});
afterAll(() => shop.close());

/** Every page that can be reached by links alone, from where somebody starts; actions are not followed. */
async function walk(client: Client, from: string, within: RegExp): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  const waiting = [from];
  for (let href = waiting.shift(); href !== undefined; href = waiting.shift()) {
    const [path = ''] = href.split('?');
    if (seen.has(path)) continue;
    const response = await client.get(href);
    seen.set(path, response.status);
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    const html = isPage ? await response.text() : '';
    await response.body?.cancel().catch(() => {});
    const links = [...html.matchAll(/<a\b[^>]*\bhref="(\/[^"]*)/g)].map(
      ([, link = '']) => link.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=').split('#')[0]!,
    );
    waiting.push(...links.filter((link) => within.test(link.split('?')[0] ?? '')));
  }
  return seen;
}

async function as(login: string): Promise<Client> {
  const client = new Client(shop.url);
  await client.logIn(login);
  return client;
}

describe('from their account, by links alone,', () => {
  test('a host finds every page of their lives, and none that is closed to them', async () => {
    const client = await as('host@demo.test');
    const live = 'huangshaping-market';
    const found = await walk(
      client,
      '/account',
      new RegExp(`^/(account$|host($|/recordings$|/live/${live}))`),
    );
    for (const page of ['', '/edit', '/script', '/prompter', '/rehearsal', '/crew', '/encoders', '/report']) {
      expect([page, found.get(`/host/live/${live}${page}`)]).toEqual([page, 200]);
    }
    expect(found.get(`/host/live/${live}/records.jsonl`)).toBe(200);
    expect(found.get('/host/recordings')).toBe(200);
    expect([...found].filter(([, status]) => status >= 400)).toEqual([]);
  });

  test('an assistant finds the lives they help in, and no page that is not theirs', async () => {
    const { visitor, login } = await registered(new Client(shop.url));
    const within = /^\/(account$|host)/;
    expect([...(await walk(visitor, '/account', within)).keys()]).not.toContain('/host');
    const host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
    const live = 'huangshaping-market';
    await shop.ctx.crews.invite(live, { login, rights: ['pin', 'moderate'] }, host);
    const found = await walk(visitor, '/account', within);
    for (const page of ['', '/prompter', '/log', '/report']) {
      expect([page, found.get(`/host/live/${live}${page}`)]).toEqual([page, 200]);
    }
    expect([...found].filter(([, status]) => status >= 400)).toEqual([]);
  });

  test('a member finds every page of the desk, and an admin what only admins do', async () => {
    const desk = await walk(await as('coop@demo.test'), '/account', /^\/(account$|coop(\/[a-z]+)?$)/);
    for (const page of ['stock', 'orders', 'shipping', 'coupons', 'certificates', 'trace', 'recalls']) {
      expect([page, desk.get(`/coop/${page}`)]).toEqual([page, 200]);
    }
    expect([...desk].filter(([, status]) => status >= 400)).toEqual([]);
    const admin = await walk(await as('admin@demo.test'), '/account', /^\/(account|admin)/);
    for (const page of ['certificates', 'claims', 'chat']) {
      expect([page, admin.get(`/admin/${page}`)]).toEqual([page, 200]);
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until, type Client } from '../support/client.ts';
import { LIVE, PASSWORD, registered, Visitor, type Failure } from '../support/people.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, env: { TRUST_PROXY: '1' } });
});
afterAll(() => shop.close());

async function ordered(visitor: Client, clickId: string): Promise<string> {
  await visitor.get(`/live/${LIVE}`);
  const { rail } = await visitor.json<{ rail: { sku: string }[] }>(`/api/lives/${LIVE}`);
  const lines = [{ sku: rail[0]!.sku, qty: 1 }];
  return (await visitor.post<{ code: string }>('/api/orders', { clickId, liveId: LIVE, lines })).body.code;
}

describe('an account', () => {
  test('is opened, left and entered again over JSON', async () => {
    const visitor = new Visitor(shop);
    expect(await visitor.json('/api/me')).toEqual({ signedIn: false, guest: false });
    const me = { signedIn: true, guest: false, name: '李', roles: ['shopper'], cartCount: 0 };
    const command = { login: 'li@json.test', password: PASSWORD, name: '李' };
    expect(await visitor.post('/api/register', command)).toMatchObject({ status: 201, body: me });
    expect(await visitor.json('/api/me')).toEqual(me);
    expect((await visitor.post('/api/logout', {})).body).toEqual({ signedIn: false, guest: false });
    expect(await visitor.json('/api/me')).toEqual({ signedIn: false, guest: false });
    expect(await visitor.post('/api/login', { login: ' LI@json.test ', password: PASSWORD })).toMatchObject({
      status: 200,
      body: me,
    });
  });

  test('is opened, left and entered again with forms', async () => {
    const visitor = new Visitor(shop);
    const form = { login: 'li@form.test', password: PASSWORD, name: '李' };
    const answers = [
      await visitor.form('/register', { ...form, next: '/orders' }),
      await visitor.form('/logout', {}),
      await visitor.form('/login', { login: form.login, password: form.password }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(['/orders', '/', '/account']);
    expect((await visitor.get('/account')).status).toBe(200);
  });

  test('has a login that nobody else has, however it is written', async () => {
    const { login } = await registered(new Visitor(shop));
    const answer = await new Visitor(shop).post<Failure>('/api/register', {
      login: login.toUpperCase(),
      password: PASSWORD,
      name: '乙',
    });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'login_taken' } } });
    const form = await new Visitor(shop).form('/register', { login, password: PASSWORD, name: '乙' });
    expect(form.status).toBe(409);
  });

  test('comes with no role that was asked for', async () => {
    const visitor = new Visitor(shop);
    const command = { login: 'grabs@test.test', password: PASSWORD, name: '丙', roles: ['admin'] };
    expect(await visitor.post('/api/register', command)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid' } },
    });
    await visitor.form('/register', {
      login: 'grabs@test.test',
      password: PASSWORD,
      name: '丙',
      roles: 'admin',
    });
    expect(await visitor.json('/api/me')).toMatchObject({ signedIn: false });
  });

  test('keeps no password that can be read', async () => {
    const { login } = await registered(new Visitor(shop));
    const stored = await shop.ctx.db.collection('users').findOne({ login });
    expect(stored?.['passwordHash']).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(stored)).not.toContain(PASSWORD);
  });
});

describe('a refused form', () => {
  test('comes back filled in but for the password, and harmless', async () => {
    const answer = await new Visitor(shop).form('/login', {
      login: '"><script>x()</script>',
      password: 'pass-phrase',
    });
    const page = await answer.text();
    expect(answer.status).toBe(401);
    expect(page).toContain('&lt;script&gt;x()');
    expect(page).not.toContain('<script>x()');
    expect(page).not.toContain('pass-phrase');
  });

  test('names its fields', async () => {
    const answer = await new Visitor(shop).post<Failure>('/api/register', { login: 'a', password: 'b' });
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.error.fields ?? {}).sort()).toEqual(['login', 'name', 'password']);
  });
});

describe('the way on after signing in', () => {
  test.each(['/orders', '/live/huangshaping-market?x=1', '/checkout?sku=HONEY-500&qty=2'])(
    'leads to %s',
    async (next) => {
      const { login } = await registered(new Visitor(shop));
      const answer = await new Visitor(shop).form('/login', { login, password: PASSWORD, next });
      expect(answer.headers.get('location')).toBe(next);
    },
  );

  test.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/ /evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '\n//evil.example',
  ])('never leads to %j', async (next) => {
    const { login } = await registered(new Visitor(shop));
    const visitor = new Visitor(shop);
    const page = await (await visitor.get(`/login?next=${encodeURIComponent(next)}`)).text();
    expect(page).toContain('name="next" value="/account"');
    expect(page).toContain('href="/register?next=/account"');
    const answer = await visitor.form('/login', { login, password: PASSWORD, next });
    expect(answer.headers.get('location')).toBe('/account');
  });
});

describe('a guest', () => {
  test('is claimed by registering, and what they ordered stays theirs', async () => {
    const visitor = new Visitor(shop);
    const code = await ordered(visitor, 'click-register');
    await registered(visitor);
    expect((await visitor.get(`/api/orders/${code}`)).status).toBe(200);
  });

  test('is claimed by signing in, also when they order as several guests', async () => {
    const { login } = await registered(new Visitor(shop));
    const visitors = [new Visitor(shop), new Visitor(shop)];
    const codes: string[] = [];
    for (const [index, visitor] of visitors.entries()) {
      codes.push(await ordered(visitor, `click-guest-${index}`));
      expect(await visitor.tryLogIn(login, PASSWORD)).toBe('ok');
    }
    for (const code of codes) expect((await visitors[1]!.get(`/api/orders/${code}`)).status).toBe(200);
  });

  test('is not claimed by a login that fails', async () => {
    const { login } = await registered(new Visitor(shop));
    const visitor = new Visitor(shop);
    const code = await ordered(visitor, 'click-unclaimed');
    expect(await visitor.tryLogIn(login, 'wrong')).toBe('wrong_credentials');
    const owner = new Visitor(shop);
    await owner.logIn(login, PASSWORD);
    expect((await owner.get(`/api/orders/${code}`)).status).toBe(404);
    expect((await visitor.get(`/api/orders/${code}`)).status).toBe(200);
  });
});

describe('a session', () => {
  test('gets another id at signing in, and the old one is worth nothing', async () => {
    const { login } = await registered(new Visitor(shop));
    const visitor = new Visitor(shop);
    await visitor.get(`/live/${LIVE}`);
    const planted = visitor.cookies.get('sid')!;
    await visitor.logIn(login, PASSWORD);
    expect(visitor.cookies.get('sid')).not.toBe(planted);
    const thief = new Visitor(shop);
    thief.cookies.set('sid', planted);
    expect(await thief.json('/api/me')).toEqual({ signedIn: false, guest: false });
  });

  test('ends everywhere when it is signed out of', async () => {
    const { visitor } = await registered(new Visitor(shop));
    const copy = new Visitor(shop);
    copy.cookies.set('sid', visitor.cookies.get('sid')!);
    expect(await copy.json('/api/me')).toMatchObject({ signedIn: true });
    await visitor.post('/api/logout', {});
    expect(await copy.json('/api/me')).toMatchObject({ signedIn: false });
  });

  test('that nobody signed is nobody', async () => {
    const { visitor } = await registered(new Visitor(shop));
    const forger = new Visitor(shop);
    forger.cookies.set('sid', visitor.cookies.get('sid')!.replace(/\.[^.]*$/, '.forged'));
    expect(await forger.json('/api/me')).toEqual({ signedIn: false, guest: false });
  });

  test('keeps its cookie from scripts and other sites', async () => {
    const answer = await new Visitor(shop).get(`/live/${LIVE}`);
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('sid='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
  });

  test.each([
    ['signed by somebody else', (cookie: string) => `${cookie.slice(0, -8)}AAAAAAAA`],
    ['of another session', (cookie: string) => cookie.replace(/s%3A[^.]+/, 's%3Aanother')],
    ['without a signature', (cookie: string) => cookie.replace(/\..*$/, '')],
    ['that is none at all', () => 's%3A%E0%A4%A'],
  ])('opens no socket for a cookie %s', async (_name, forged) => {
    const { visitor } = await registered(new Visitor(shop));
    const cookie = visitor.cookies.get('sid')!;
    const mine = await visitor.socket();
    expect(await mine.emitWithAck('wait:leave', { sku: 'HNY-500' })).toMatchObject({ ok: true });
    visitor.cookies.set('sid', forged(cookie));
    const socket = await visitor.socket();
    const answer = await socket.emitWithAck('wait:leave', { sku: 'HNY-500' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'not_signed_in' } });
    mine.disconnect();
    socket.disconnect();
  });

  test('takes its sockets along when it ends, and no others', async () => {
    const { visitor, login } = await registered(new Visitor(shop));
    const elsewhere = new Visitor(shop);
    await elsewhere.logIn(login, PASSWORD);
    const [gone, stays] = [await visitor.socket(), await elsewhere.socket()];
    await visitor.post('/api/logout', {});
    await until(() => gone.connected, (connected) => !connected); // prettier-ignore
    expect(await stays.emitWithAck('live:join', { liveId: LIVE })).toMatchObject({ ok: true });
    stays.disconnect();
  });

  test("takes the guest's sockets along at signing in: they would go on as the guest", async () => {
    const { login } = await registered(new Visitor(shop));
    const visitor = new Visitor(shop);
    await visitor.get(`/live/${LIVE}`);
    const socket = await visitor.socket();
    await visitor.logIn(login, PASSWORD);
    await until(() => socket.connected, (connected) => !connected); // prettier-ignore
  });
});

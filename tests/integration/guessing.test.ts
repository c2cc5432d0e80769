import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, registered, Visitor, type Failure } from '../support/people.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock, env: { TRUST_PROXY: '1' } });
});
afterAll(() => shop.close());

describe('guessing', () => {
  test('tells nothing of who has an account', async () => {
    const { login } = await registered(new Visitor(shop));
    const answers = [
      await new Visitor(shop).post<Failure>('/api/login', { login, password: 'not this one' }),
      await new Visitor(shop).post<Failure>('/api/login', {
        login: 'nobody@test.test',
        password: 'not this one',
      }),
    ];
    expect(answers[0]!.status).toBe(401);
    expect(answers[0]!.body.error.code).toBe('wrong_credentials');
    expect(answers[1]!.status).toBe(answers[0]!.status);
    expect(answers[1]!.body).toEqual(answers[0]!.body);
    const names = answers.map(({ headers }) => [...headers.keys()].sort());
    expect(names[1]).toEqual(names[0]);
  });

  test('ends after five tries at an account from an address, for a while', async () => {
    const { login } = await registered(new Visitor(shop));
    const guesser = new Visitor(shop);
    const tries: string[] = [];
    for (let n = 0; n < 5; n += 1) tries.push(await guesser.tryLogIn(login, `guess ${n}`));
    expect(tries).toEqual(Array.from({ length: 5 }, () => 'wrong_credentials'));
    const refused = await guesser.post<Failure>('/api/login', { login, password: PASSWORD });
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await new Visitor(shop).tryLogIn(login, PASSWORD)).toBe('ok');
    clock.forward(15 * 60_000 + 1);
    expect(await guesser.tryLogIn(login, PASSWORD)).toBe('ok');
  });

  test('is counted also when it all comes at once', async () => {
    const { login } = await registered(new Visitor(shop));
    const guesser = new Visitor(shop);
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_item, n) => guesser.tryLogIn(login, `guess ${n}`)),
    );
    expect(tries.filter((answer) => answer === 'wrong_credentials')).toHaveLength(5);
    expect(tries.filter((answer) => answer === 'rate_limited')).toHaveLength(7);
  });

  test('is forgotten when the owner gets in', async () => {
    const { login } = await registered(new Visitor(shop));
    const visitor = new Visitor(shop);
    for (let n = 0; n < 4; n += 1) await visitor.tryLogIn(login, 'wrong');
    expect(await visitor.tryLogIn(login, PASSWORD)).toBe('ok');
    const stranger = new Visitor(shop, visitor.address);
    for (let n = 0; n < 5; n += 1) expect(await stranger.tryLogIn(login, 'wrong')).toBe('wrong_credentials');
  });

  /** As if there had been that many tries just now. */
  async function exhausted(key: string, count: number) {
    const until_ = new Date(clock.now().getTime() + 600_000);
    await shop.ctx.db
      .collection<{ _id: string }>('login_attempts')
      .updateOne({ _id: key }, { $set: { count, until: until_ } }, { upsert: true });
  }

  test('ends for an address that tries many accounts', async () => {
    const { login } = await registered(new Visitor(shop));
    const guesser = new Visitor(shop);
    await exhausted(`address:${guesser.address}`, 100);
    expect(await guesser.tryLogIn(login, PASSWORD)).toBe('rate_limited');
    expect(await new Visitor(shop).tryLogIn(login, PASSWORD)).toBe('ok');
  });

  test('from many addresses ends for the account, but does not lock its owner out of a device they know', async () => {
    const { login } = await registered(new Visitor(shop));
    const owner = new Visitor(shop);
    expect(await owner.tryLogIn(login, PASSWORD)).toBe('ok');
    expect(owner.cookies.get('device')).toBeDefined();
    await owner.post('/api/logout', {});
    await exhausted(`account:${login}`, 60);
    expect(await new Visitor(shop).tryLogIn(login, PASSWORD)).toBe('rate_limited');
    expect(await owner.tryLogIn(login, PASSWORD)).toBe('ok');
  });

  test('is not helped by the mark of a device that somebody else signed in on, or by a made-up one', async () => {
    const [owner, other] = [await registered(new Visitor(shop)), await registered(new Visitor(shop))];
    const device = new Visitor(shop);
    await device.logIn(other.login, PASSWORD);
    await exhausted(`account:${owner.login}`, 60);
    expect(await device.tryLogIn(owner.login, PASSWORD)).toBe('rate_limited');
    for (const made of ['x.y', 'x', '.', '%', '%E0%A4%A', 'a'.repeat(500)]) {
      const guesser = new Visitor(shop);
      guesser.cookies.set('device', made);
      expect(await guesser.tryLogIn(owner.login, PASSWORD)).toBe('rate_limited');
    }
  });

  test('on a known device is limited too', async () => {
    const { login } = await registered(new Visitor(shop));
    const thief = new Visitor(shop);
    await thief.logIn(login, PASSWORD);
    await thief.post('/api/logout', {});
    const tries: string[] = [];
    for (let n = 0; n < 11; n += 1) tries.push(await thief.tryLogIn(login, `guess ${n}`));
    expect(tries.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'wrong_credentials'));
    expect(tries[10]).toBe('rate_limited');
  });
});

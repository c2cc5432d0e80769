import jsQR from 'jsqr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { registered, Visitor } from '../support/people.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'honey-morning';
const clock = movableClock();
let shop: TestShop;
/** Another process on the same database. */
let other: TestShop;

beforeAll(async () => {
  const env = { TRUST_PROXY: '1' };
  shop = await openTestShop({ demo: true, clock, env });
  other = await openTestShop({ clock, uri: shop.uri, env });
  await Promise.all([shop, other].map(({ ctx }) => ctx.jobs.stop()));
});
afterAll(() => Promise.all([shop.close(), other.close()]));

const JSON_PLEASE = { accept: 'application/json' };
const newcomer = async () => (await registered(new Visitor(shop))).visitor;

async function tap(client: Client, path: string, fields: Record<string, string>) {
  const answer = await client.request(path, {
    method: 'POST',
    headers: JSON_PLEASE,
    body: new URLSearchParams(fields),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const company = async (client: Client, id = LIVE) => {
  const answer = await client.request(`/live/${id}/company`, { headers: JSON_PLEASE });
  return (await answer.json()) as Record<string, unknown>;
};

const mailsOf = (prefix: string) =>
  shop.ctx.db
    .collection<{ _id: string; about: Record<string, string>; to: string; lang: 'zh-CN' }>('mails')
    .find({ _id: new RegExp(`^${prefix}`) })
    .toArray();

/** How long until the live of the test begins. */
async function startsIn(minutes: number, id = LIVE) {
  const startsAt = new Date(clock.now().getTime() + minutes * 60_000);
  await shop.ctx.db.collection('lives').updateOne({ _id: id as never }, { $set: { startsAt } });
}

describe('following', () => {
  test('a host is done once, undone once, and counted without a name', async () => {
    const [anna, ben] = [await newcomer(), await newcomer()];
    await Promise.all(Array.from({ length: 5 }, () => tap(anna, `/live/${LIVE}/follow`, { on: '1' })));
    await tap(ben, `/live/${LIVE}/follow`, { on: '1' });
    expect(await company(anna)).toMatchObject({ signedIn: true, following: true, followers: 2 });
    // The same host on another live.
    expect(await company(anna, 'huangshaping-market')).toMatchObject({ following: true });
    expect(await tap(anna, `/live/${LIVE}/follow`, { on: '0' })).toMatchObject({
      body: { following: false, followers: 1 },
    });
    expect(await company(new Client(shop.url))).toEqual({
      ...{ signedIn: false, following: false, followers: 1, reminded: false, waiting: 0 },
    });
  });

  test('a cooperative works by a plain form, too', async () => {
    const anna = await newcomer();
    const path = '/cooperatives/huangshaping/follow';
    const form = await anna.form(path, { on: '1' });
    expect([form.status, form.headers.get('location')]).toEqual([303, '/cooperatives/huangshaping']);
    const mine = (await (await anna.request(path, { headers: JSON_PLEASE })).json()) as object;
    expect(mine).toEqual({ following: true, count: 1 });
    const [coop] = await shop.ctx.cooperatives.byIds([
      (await shop.ctx.cooperatives.bySlug('huangshaping'))._id,
    ]);
    const person = await shop.ctx.accounts.byId((await mailless(anna)).id);
    const target = { kind: 'cooperative', target: coop!._id } as const;
    expect(await shop.ctx.follows.isFollower(target, person)).toBe(true);
    expect(await shop.ctx.follows.isFollower({ ...target, kind: 'host' }, person)).toBe(false);
  });

  test('asks for an account and a target that exists', async () => {
    const guest = new Client(shop.url);
    await guest.get(`/live/${LIVE}`);
    expect((await tap(guest, `/live/${LIVE}/follow`, { on: '1' })).status).toBe(401);
    const anna = await newcomer();
    expect((await tap(anna, '/live/no-such-live/follow', { on: '1' })).status).toBe(404);
    expect((await tap(anna, '/cooperatives/nobody/follow', { on: '1' })).status).toBe(404);
    expect((await tap(anna, `/live/${LIVE}/follow`, { on: 'x' })).status).toBe(422);
  });
});

async function mailless(client: Client) {
  const { name } = await client.json<{ name: string }>('/api/me');
  const found = await shop.ctx.db.collection<{ _id: string }>('users').findOne({ name } as never);
  return { id: found!._id };
}

describe('a reminder', () => {
  test('is one mail shortly before the live, on however many nodes and turns', async () => {
    const anna = await newcomer();
    await startsIn(20);
    expect((await tap(anna, `/live/${LIVE}/remind`, { on: '1' })).body).toEqual({
      reminded: true,
      waiting: 1,
    });
    await Promise.all([shop.ctx.reminders.remind(), other.ctx.reminders.remind()]);
    expect(await mailsOf(`reminder:${LIVE}:`)).toEqual([]);
    clock.forward(6 * 60_000);
    await Promise.all([shop, other, shop].map(({ ctx }) => ctx.reminders.remind()));
    await shop.ctx.reminders.remind();
    const [mail, ...more] = await mailsOf(`reminder:${LIVE}:`);
    expect(more).toEqual([]);
    const content = await shop.ctx.reminders.compose(mail!.about, mail!.lang);
    expect(content!.text).toContain(`/live/${LIVE}`);
    expect(content!.html).toContain(content!.unsubscribe!);

    // One request of the mail program ends it; the link alone changes nothing.
    const path = new URL(content!.unsubscribe!).pathname;
    const program = new Client(shop.url);
    expect((await program.get(path)).status).toBe(200);
    expect(await company(anna)).toMatchObject({ reminded: true });
    expect((await program.form(path, { 'List-Unsubscribe': 'One-Click' })).status).toBe(303);
    expect(await company(anna)).toMatchObject({ reminded: false });
    expect(await shop.ctx.reminders.compose(mail!.about, mail!.lang)).toBeUndefined();
    expect((await program.get(`${path.slice(0, -3)}abc`)).status).toBe(404);
  });

  test('goes to an address that is one; guests have the calendar', async () => {
    const client = new Visitor(shop);
    await client.post('/api/register', { login: 'no-mail-here', password: 'long enough', name: '无邮箱' });
    await startsIn(60);
    expect((await tap(client, `/live/${LIVE}/remind`, { on: '1' })).body).toMatchObject({
      error: { code: 'invalid', fields: { email: expect.any(String) as string } },
    });
    const given = await tap(client, `/live/${LIVE}/remind`, { on: '1', email: 'me@mail.test' });
    expect(given.status).toBe(200);
    const guest = new Client(shop.url);
    await guest.get(`/live/${LIVE}`);
    expect((await tap(guest, `/live/${LIVE}/remind`, { on: '1' })).status).toBe(401);
    const calendar = await guest.get(`/live/${LIVE}/calendar.ics`);
    expect(calendar.headers.get('content-type')).toContain('text/calendar');
    expect(await calendar.text()).toContain('BEGIN:VEVENT');
  });

  test('of a live that was put off is not sent at the old time', async () => {
    const anna = await newcomer();
    await startsIn(10);
    await tap(anna, `/live/${LIVE}/remind`, { on: '1' });
    await shop.ctx.reminders.remind();
    const { id } = await mailless(anna);
    const [mail] = await mailsOf(`reminder:${LIVE}:${id}:`);
    await startsIn(600);
    expect(await shop.ctx.reminders.compose(mail!.about, mail!.lang)).toBeUndefined();
    await startsIn(5);
    await shop.ctx.reminders.remind();
    expect(await mailsOf(`reminder:${LIVE}:${id}:`)).toHaveLength(2);
  });

  test('is not for a live that has begun', async () => {
    const anna = await newcomer();
    expect((await tap(anna, '/live/huangshaping-market/remind', { on: '1' })).status).toBe(409);
  });
});

describe('a card', () => {
  test.each([
    [`/live/${LIVE}/card.png`, `/live/${LIVE}?from=card`],
    ['/live/huangshaping-market/card.png?lang=en', '/live/huangshaping-market?from=card'],
    ['/products/chengbu-honey/card.png', '/products/chengbu-honey'],
  ])('%s is a picture whose code leads to %s', async (path, leads) => {
    const answer = await new Client(shop.url).get(path);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const picture = sharp(Buffer.from(await answer.arrayBuffer()));
    expect(await picture.metadata()).toMatchObject({ width: 1080, height: 1440 });
    const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const code = jsQR.default(new Uint8ClampedArray(data), info.width, info.height);
    const { pathname, search } = new URL(code!.data);
    expect(pathname + search).toBe(leads);
    const again = await new Client(shop.url).request(path, {
      headers: { 'if-none-match': answer.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  test('of what is not there is not there', async () => {
    expect((await new Client(shop.url).get('/live/no-such-live/card.png')).status).toBe(404);
    expect((await new Client(shop.url).get('/products/nothing/card.png')).status).toBe(404);
  });
});

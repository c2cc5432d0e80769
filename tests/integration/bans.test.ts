import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { newId } from '../../server/platform/ids.ts';
import type { TestSocket } from '../support/client.ts';
import { PASSWORD, registered, Visitor } from '../support/people.ts';
import { inDatabase, movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
/** Two processes' worth of shop on one database, with nothing between them but the database. */
let shops: TestShop[];
let shop: TestShop;
let host: Person;
let desk: TestSocket;

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `ban_${newId().slice(0, 8)}`);
  const env = { TRUST_PROXY: '1' };
  shop = await openTestShop({ demo: true, clock, uri, env });
  shops = [shop, await openTestShop({ clock, uri, env })];
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
  const hosting = new Visitor(shop);
  await hosting.logIn('host@demo.test');
  desk = await hosting.socket();
});
afterAll(() => Promise.all(shops.map((one) => one.close())));

async function newLive(): Promise<string> {
  const { _id } = await shop.ctx.lives.schedule(
    {
      ...{ title: { 'zh-CN': '试播', en: 'Trial' }, intro: { 'zh-CN': '', en: '' } },
      ...{ poster: 'lives/honey-morning.svg', startsAt: clock.now(), rail: ['HNY-500'] },
    },
    host,
  );
  await shop.ctx.lives.start(_id, host);
  return _id;
}

type Anything = {
  emitWithAck(event: string, input: object): Promise<{ ok: boolean; error?: { code: string } }>;
};
async function ask<T = object>(socket: TestSocket, event: string, input: object) {
  const answer = await (socket as unknown as Anything).emitWithAck(event, input);
  return { ...(answer as unknown as T), code: answer.ok ? 'ok' : (answer.error?.code ?? 'none') };
}

/** In the room, and what they hear when it is closed to them. */
async function inside(visitor: Visitor, liveId: string) {
  await visitor.get(`/live/${liveId}`);
  const socket = await visitor.socket();
  let reason: string | undefined;
  socket.on('live:closed', (news) => void (reason = news.reason));
  const gone = new Promise<string | undefined>((resolve) => {
    socket.on('disconnect', () => resolve(reason));
  });
  const { code } = await ask(socket, 'live:join', { liveId });
  return { socket, gone, code };
}

async function speak(socket: TestSocket, liveId: string): Promise<string> {
  const answer = await ask<{ message: { id: string } }>(socket, 'chat:send', { liveId, text: '骂人的话' });
  expect(answer.code).toBe('ok');
  return answer.message.id;
}

async function sanction(liveId: string, messageId: string, kind: 'mute' | 'ban'): Promise<string> {
  const answer = await ask<{ sanctionId: string }>(desk, 'mod:sanction', { liveId, messageId, kind });
  expect(answer.code).toBe('ok');
  return answer.sanctionId;
}

/** The same browser at the other process. */
function elsewhere(visitor: Visitor, keep: string[]): Visitor {
  const other = new Visitor(shops[1]!, visitor.address);
  for (const name of keep) {
    const value = visitor.cookies.get(name);
    if (value !== undefined) other.cookies.set(name, value);
  }
  return other;
}

describe('a banned person', () => {
  test('is put out of every room of the host in every process, and told why', async () => {
    const [liveId, next] = [await newLive(), await newLive()];
    const { visitor, login } = await registered(new Visitor(shop));
    const here = await inside(visitor, liveId);
    const far = new Visitor(shops[1]!);
    await far.logIn(login, PASSWORD);
    const there = await inside(far, next);
    const neighbour = await inside(new Visitor(shops[1]!), next);
    expect([here.code, there.code]).toEqual(['ok', 'ok']);

    await sanction(liveId, await speak(here.socket, liveId), 'ban');
    expect(await Promise.all([here.gone, there.gone])).toEqual(['put_out', 'put_out']);
    expect(neighbour.socket.connected).toBe(true);
    expect((await ask(neighbour.socket, 'live:join', { liveId: next })).code).toBe('ok');
  });

  test('is not let in again by socket or page, on account or device, and may buy and see orders', async () => {
    const liveId = await newLive();
    const { visitor } = await registered(new Visitor(shop));
    const { socket, gone } = await inside(visitor, liveId);
    await sanction(liveId, await speak(socket, liveId), 'ban');
    await gone;
    expect((await inside(visitor, liveId)).code).toBe('put_out');
    // Another account on the same device, in the other process.
    const second = await registered(elsewhere(visitor, ['browser']));
    expect((await inside(second.visitor, liveId)).code).toBe('put_out');
    // From then on that account is known by itself, too.
    const bare = new Visitor(shop);
    await bare.logIn(second.login, PASSWORD);
    expect((await inside(bare, liveId)).code).toBe('put_out');

    const page = await visitor.get(`/live/${liveId}`);
    expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('data-put-out')]);
    const json = await visitor.request(`/live/${liveId}`, { headers: { accept: 'application/json' } });
    expect(await json.json()).toMatchObject({ error: { code: 'put_out' } });
    for (const path of ['/products', '/orders', '/cart', '/live']) {
      expect([path, (await visitor.get(path)).status]).toEqual([path, 200]);
    }
    const order = { clickId: newId(), lines: [{ sku: 'HNY-500', qty: 1 }] };
    expect((await visitor.post('/api/orders', order)).status).toBe(201);
    // What is sold in the room is not for them, by whichever door they ask for it.
    const inLive = { ...order, clickId: newId(), liveId };
    const refused = await visitor.post('/api/orders', inLive);
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    const form = { clickId: newId(), liveId, sku: 'HNY-500', qty: '1' };
    expect((await visitor.form('/orders', form)).status).toBe(403);
    const tap = { clickId: newId(), liveId, sku: 'HNY-500', qty: 1 };
    expect((await ask(await visitor.socket(), 'order:place', tap)).code).toBe('forbidden');
    const line = { liveId, sku: 'HNY-500' };
    expect((await ask(await visitor.socket(), 'wait:join', line)).code).toBe('forbidden');
    // A tap that has its order is answered with it.
    expect((await visitor.post('/api/orders', order)).status).toBe(200);
    for (const [event, input] of [
      ['coupon:take', { liveId, dropId: newId() }],
      ['draw:enter', { liveId, drawId: newId() }],
    ] as const) {
      expect([event, (await ask(await visitor.socket(), event, input)).code]).toEqual([event, 'put_out']);
    }
  });

  test('comes back when it is undone, and to the replay in any case', async () => {
    const liveId = await newLive();
    const { visitor } = await registered(new Visitor(shop));
    const { socket, gone } = await inside(visitor, liveId);
    const messageId = await speak(socket, liveId);
    const sanctionId = await sanction(liveId, messageId, 'ban');
    await gone;
    expect((await ask(desk, 'mod:lift', { liveId, sanctionId })).code).toBe('ok');
    expect((await inside(visitor, liveId)).code).toBe('ok');
    expect((await visitor.get(`/live/${liveId}`)).status).toBe(200);

    const again = await inside(visitor, liveId);
    await sanction(liveId, messageId, 'ban');
    expect(await again.gone).toBe('put_out');
    await shop.ctx.lives.stop(liveId, host);
    expect((await visitor.get(`/live/${liveId}`)).status).toBe(200);
  });
});

describe('those who stay', () => {
  test('are the muted, the neighbours of a banned guest, and people in another host’s room', async () => {
    const liveId = await newLive();
    const muted = await inside(new Visitor(shop, '10.88.1.1'), liveId);
    await sanction(liveId, await speak(muted.socket, liveId), 'mute');
    const nasty = await inside(new Visitor(shop, '10.88.2.1'), liveId);
    await sanction(liveId, await speak(nasty.socket, liveId), 'ban');
    expect(await nasty.gone).toBe('put_out');
    clock.forward(1_000);
    const fresh = await inside(new Visitor(shops[1]!, '10.88.2.2'), liveId);
    expect(fresh.code).toBe('ok');
    expect((await ask(fresh.socket, 'chat:send', { liveId, text: '来了' })).code).toBe('muted');
    expect(muted.socket.connected).toBe(true);
    expect((await ask(muted.socket, 'live:join', { liveId })).code).toBe('ok');
  });

  test('are all of the house, also whoever was banned before they came to help', async () => {
    const liveId = await newLive();
    const { visitor, login } = await registered(new Visitor(shop));
    const { socket, gone } = await inside(visitor, liveId);
    await sanction(liveId, await speak(socket, liveId), 'ban');
    await gone;
    await shop.ctx.crews.invite(liveId, { login, rights: ['pin'] }, host);
    expect((await inside(visitor, liveId)).code).toBe('ok');
    const order = { clickId: newId(), liveId, lines: [{ sku: 'HNY-500', qty: 1 }] };
    expect((await visitor.post('/api/orders', order)).status).toBe(201);
  });
});

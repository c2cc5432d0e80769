import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { until, type TestSocket } from '../support/client.ts';
import { PASSWORD, registered, setRoles, Visitor } from '../support/people.ts';
import { inDatabase, movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
/** Two processes' worth of shop on one database. */
let shops: TestShop[];
let shop: TestShop;
let host: Person;
let desk: TestSocket;

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `mod_${newId().slice(0, 8)}`);
  const env = { TRUST_PROXY: '1' };
  shop = await openTestShop({ demo: true, clock, uri, env });
  shops = [shop, await openTestShop({ clock, uri, env })];
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
  const hosting = new Visitor(shop);
  await hosting.logIn('host@demo.test');
  desk = await hosting.socket();
});
afterAll(() => Promise.all(shops.map((one) => one.close())));

async function newLive(by: Person = host): Promise<string> {
  const { _id } = await shop.ctx.lives.schedule(
    {
      ...{ title: { 'zh-CN': '试播', en: 'Trial' }, intro: { 'zh-CN': '', en: '' } },
      ...{ poster: 'lives/honey-morning.svg', startsAt: clock.now(), rail: ['HNY-500'] },
    },
    by,
  );
  await shop.ctx.lives.start(_id, by);
  return _id;
}

type Answer = { ok: boolean; error?: { code: string }; sanctionId?: string };
type Anything = { emitWithAck(event: string, input: object): Promise<Answer> };

async function ask(socket: TestSocket, event: string, input: object): Promise<Answer & { code: string }> {
  const answer = await (socket as unknown as Anything).emitWithAck(event, input);
  return { ...answer, code: answer.ok ? 'ok' : (answer.error?.code ?? 'none') };
}

async function arrive(socket: TestSocket, liveId: string) {
  return (await ask(socket, 'console:join', { liveId })) as unknown as {
    held: { id: string; text: string; why: string }[];
    reports: { id: string; messageId: string; reason: string }[];
    sanctions: { id: string; lifted: boolean }[];
  };
}

async function enter(visitor: Visitor, liveId: string) {
  await visitor.get(`/live/${liveId}`);
  return visitor.socket();
}

async function say(socket: TestSocket, liveId: string, text = '来了') {
  const answer = await socket.emitWithAck('chat:send', { liveId, text });
  return answer.ok
    ? { code: 'ok', id: answer.message.id, held: answer.held }
    : { code: answer.error.code, id: '' };
}

async function shown(liveId: string, where = shop): Promise<string[]> {
  const socket = await enter(new Visitor(where), liveId);
  const answer = await socket.emitWithAck('live:join', { liveId });
  return answer.ok ? answer.chat.map(({ text }) => text) : [];
}

/** Another process at another moment: nothing but the cookies that are named goes along. */
function elsewhere(visitor: Visitor, keep: string[], address = visitor.address): Visitor {
  const other = new Visitor(shops[1]!, address);
  for (const name of keep) {
    const value = visitor.cookies.get(name);
    if (value !== undefined) other.cookies.set(name, value);
  }
  return other;
}

describe('a ban', () => {
  test('holds after renaming, reconnecting, a new session, signing out, and on a second account of the device', async () => {
    const liveId = await newLive();
    const { visitor, login } = await registered(new Visitor(shop));
    const socket = await enter(visitor, liveId);
    const { id } = await say(socket, liveId, '骂人的话');
    expect((await ask(desk, 'mod:sanction', { liveId, messageId: id, kind: 'ban', why: '骂人' })).code).toBe(
      'ok',
    );
    expect((await say(socket, liveId)).code).toBe('muted');
    expect((await say(await visitor.socket(), liveId)).code).toBe('muted');

    await shop.ctx.db.collection('users').updateOne({ login }, { $set: { name: '换了名字' } });
    const again = new Visitor(shops[1]!, '172.16.9.9');
    await again.logIn(login, PASSWORD);
    expect((await say(await enter(again, liveId), liveId)).code).toBe('muted');

    await visitor.post('/api/logout', {});
    expect((await say(await enter(visitor, liveId), liveId)).code).toBe('muted');
    const second = await registered(elsewhere(visitor, ['browser']));
    expect((await say(await enter(second.visitor, liveId), liveId)).code).toBe('muted');
    // The second account was met on the device: it is known now without it.
    const bare = new Visitor(shop, '172.16.8.8');
    await bare.logIn(second.login, PASSWORD);
    expect((await say(await enter(bare, liveId), liveId)).code).toBe('muted');
  });

  test('of a guest holds for a quarter of an hour on fresh guests of the network, and leaves neighbours alone', async () => {
    const liveId = await newLive();
    const [nasty, neighbour] = [new Visitor(shop, '10.77.1.2'), new Visitor(shop, '10.77.1.3')];
    const here = await enter(neighbour, liveId);
    clock.forward(1_000);
    const { id } = await say(await enter(nasty, liveId), liveId, '骂人的话');
    await ask(desk, 'mod:sanction', { liveId, messageId: id, kind: 'ban' });
    clock.forward(1_000);
    const fresh = new Visitor(shops[1]!, '10.77.1.4');
    expect((await say(await enter(fresh, liveId), liveId)).code).toBe('muted');
    expect((await say(here, liveId)).code).toBe('ok');
    expect((await say(await enter(new Visitor(shop, '10.78.1.4'), liveId), liveId)).code).toBe('ok');
    const { visitor: signedIn } = await registered(new Visitor(shop, '10.77.1.5'));
    expect((await say(await enter(signedIn, liveId), liveId)).code).toBe('ok');
    clock.forward(15 * 60_000);
    expect((await say(await fresh.socket(), liveId)).code).toBe('ok');
    expect((await say(await nasty.socket(), liveId)).code).toBe('muted');
  });

  test('follows a guest into the account they open', async () => {
    const liveId = await newLive();
    const visitor = new Visitor(shop, '10.90.1.1');
    const { id } = await say(await enter(visitor, liveId), liveId, '骂人的话');
    await ask(desk, 'mod:sanction', { liveId, messageId: id, kind: 'ban' });
    const { login } = await registered(visitor);
    const bare = new Visitor(shops[1]!, '172.16.7.7');
    await bare.logIn(login, PASSWORD);
    expect((await say(await enter(bare, liveId), liveId)).code).toBe('muted');
  });

  test('holds in the host’s other lives and in no other host’s; a mute holds in its live; both are undone at once', async () => {
    const [liveId, next] = [await newLive(), await newLive()];
    const { visitor } = await registered(new Visitor(shop));
    const socket = await enter(visitor, liveId);
    const { id } = await say(socket, liveId, '一');
    await ask(desk, 'mod:sanction', { liveId, messageId: id, kind: 'mute', minutes: 10 });
    expect([(await say(socket, liveId)).code, (await say(socket, next)).code]).toEqual(['muted', 'ok']);
    clock.forward(10 * 60_000);
    expect((await say(socket, liveId)).code).toBe('ok');
    const { sanctionId } = await ask(desk, 'mod:sanction', { liveId, messageId: id, kind: 'ban' });
    expect([(await say(socket, liveId)).code, (await say(socket, next)).code]).toEqual(['muted', 'muted']);

    const { login } = await registered(new Visitor(shop));
    await setRoles(shop, login, ['shopper', 'host']);
    const otherHost = (await shop.ctx.accounts.byLogin(login))!;
    const foreign = await newLive(otherHost);
    expect((await say(socket, foreign)).code).toBe('ok');
    const otherDesk = new Visitor(shop);
    await otherDesk.logIn(login, PASSWORD);
    expect((await ask(await otherDesk.socket(), 'mod:lift', { liveId: foreign, sanctionId })).code).toBe(
      'not_found',
    );
    expect((await ask(desk, 'mod:lift', { liveId, sanctionId })).code).toBe('ok');
    expect((await say(socket, liveId)).code).toBe('ok');
    expect((await ask(desk, 'mod:lift', { liveId, sanctionId })).code).toBe('not_found');
  });

  test('never falls on a host, an assistant or an admin, and is logged with who and why', async () => {
    const liveId = await newLive();
    const mod = await registered(new Visitor(shop));
    const crew = await registered(new Visitor(shop));
    await shop.ctx.crews.invite(liveId, { login: mod.login, rights: ['moderate'] }, host);
    await shop.ctx.crews.invite(liveId, { login: crew.login, rights: ['answer'] }, host);
    const socket = await mod.visitor.socket();
    const admin = new Visitor(shop);
    await admin.logIn('admin@demo.test');
    for (const speaker of [desk, await enter(crew.visitor, liveId), await enter(admin, liveId)]) {
      const { id } = await say(speaker, liveId, '我是自己人');
      for (const kind of ['mute', 'ban']) {
        expect((await ask(socket, 'mod:sanction', { liveId, messageId: id, kind })).code).toBe('forbidden');
      }
      expect((await ask(socket, 'mod:delete', { liveId, messageId: id })).code).toBe('forbidden');
      expect((await say(speaker, liveId)).code).toBe('ok');
    }
    const { id } = await say(await enter(new Visitor(shop), liveId), liveId, '坏话');
    await ask(socket, 'mod:sanction', { liveId, messageId: id, kind: 'mute', minutes: 5, why: '刷屏' });
    const [latest] = await shop.ctx.acts.latest(liveId);
    const by = (await shop.ctx.accounts.byLogin(mod.login))!;
    expect(latest).toMatchObject({ act: 'muted', by: by.id, byName: by.name, why: '刷屏', done: true });
    expect((await shop.ctx.acts.latest(liveId)).filter(({ done }) => !done)).toEqual([]);
  });
});

describe('a message', () => {
  test('that is deleted is gone from screens and snapshots of every process, kept in the log, and can come back', async () => {
    const liveId = await newLive();
    const watcher = await enter(new Visitor(shop), liveId);
    await watcher.emitWithAck('live:join', { liveId });
    const removed: string[] = [];
    (watcher as never as NodeJS.EventEmitter).on('chat:removed', (news: { ids: string[] }) =>
      removed.push(...news.ids),
    );
    const { id } = await say(await enter(new Visitor(shop), liveId), liveId, '不好的话');
    expect(await shown(liveId, shops[1])).toEqual(['不好的话']);
    expect((await ask(desk, 'mod:delete', { liveId, messageId: id, why: '脏' })).code).toBe('ok');
    await until(
      () => removed,
      (ids) => ids.includes(id),
    );
    expect([await shown(liveId), await shown(liveId, shops[1])]).toEqual([[], []]);
    const kept = await shop.ctx.db.collection<{ _id: string }>('chat').findOne({ _id: id });
    expect(kept).toMatchObject({ text: '不好的话', hidden: { as: 'deleted', by: host.id, why: '脏' } });
    expect((await ask(desk, 'mod:restore', { liveId, messageId: id })).code).toBe('ok');
    expect(await shown(liveId)).toEqual(['不好的话']);
    expect((await ask(desk, 'mod:restore', { liveId, messageId: id })).code).toBe('conflict');
  });

  test('with a listed word is held for a look or refused, by the live’s list and the shop’s', async () => {
    const liveId = await newLive();
    const admin = new Visitor(shop);
    await admin.logIn('admin@demo.test');
    expect((await admin.form('/admin/chat', { words: '!加微信', edits: '0' })).status).toBe(303);
    expect((await admin.form('/admin/chat', { words: '!别的', edits: '0' })).status).toBe(409);
    const words = [{ text: '私聊', verdict: 'hold' }];
    await ask(desk, 'mod:rules', { liveId, slowSeconds: 0, audience: 'everyone', words });
    const socket = await enter(new Visitor(shop), liveId);
    expect((await say(socket, liveId, '快加 薇 信')).held).toBe(true);
    expect((await say(socket, liveId, '快 加*微 信')).code).toBe('words_refused');
    const { id, held } = await say(socket, liveId, '私 聊 我');
    expect(held).toBe(true);
    expect(await shown(liveId)).toEqual([]);
    expect((await arrive(desk, liveId)).held.map((one) => one.text)).toEqual(['私 聊 我', '快加 薇 信']);
    await ask(desk, 'mod:restore', { liveId, messageId: id });
    expect(await shown(liveId)).toEqual(['私 聊 我']);
    expect((await arrive(desk, liveId)).held).toHaveLength(1);
  });

  test('is reported once by each viewer, waits in the queue, and is decided by one', async () => {
    const liveId = await newLive();
    const { id } = await say(await enter(new Visitor(shop), liveId), liveId, '骗人的');
    const viewer = await enter(new Visitor(shop), liveId);
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await ask(viewer, 'chat:report', { liveId, messageId: id, reason: 'fraud' })).code).toBe('ok');
    }
    expect((await ask(viewer, 'chat:report', { liveId, messageId: 'none99', reason: 'fraud' })).code).toBe(
      'not_found',
    );
    const { reports } = await arrive(desk, liveId);
    expect(reports).toMatchObject([{ messageId: id, reason: 'fraud' }]);
    const decide = () => ask(desk, 'mod:decide', { liveId, reportId: reports[0]!.id, state: 'upheld' });
    expect((await Promise.all([decide(), decide()])).map(({ code }) => code).toSorted()).toEqual([
      'conflict',
      'ok',
    ]);
    expect((await arrive(desk, liveId)).reports).toEqual([]);
    const admin = new Visitor(shop);
    await admin.logIn('admin@demo.test');
    expect((await admin.get('/admin/chat')).status).toBe(200);
  });
});

describe('the rules of a chat', () => {
  test('slow mode lets one word through over two processes, and leaves the house alone', async () => {
    const liveId = await newLive();
    await ask(desk, 'mod:rules', { liveId, slowSeconds: 30, audience: 'everyone', words: [] });
    const { visitor } = await registered(new Visitor(shop));
    const sockets = [
      await enter(visitor, liveId),
      await enter(elsewhere(visitor, ['sid', 'browser']), liveId),
    ];
    const codes = async () =>
      (
        await Promise.all(
          Array.from({ length: 10 }, (_one, turn) => say(sockets[turn % 2]!, liveId, `第${turn}句`)),
        )
      ).map(({ code }) => code);
    expect((await codes()).filter((code) => code === 'ok')).toHaveLength(1);
    clock.forward(30_000);
    expect(new Set(await codes())).toEqual(new Set(['ok', 'rate_limited']));
    expect((await say(desk, liveId)).code).toBe('ok');
    expect((await say(desk, liveId)).code).toBe('ok');
  });

  test('lets only followers or only buyers speak', async () => {
    const liveId = await newLive();
    const { visitor, login } = await registered(new Visitor(shop));
    const socket = await enter(visitor, liveId);
    const person = (await shop.ctx.accounts.byLogin(login))!;
    const rules = (audience: string) =>
      ask(desk, 'mod:rules', { liveId, slowSeconds: 0, audience, words: [] });
    await rules('followers');
    expect((await say(socket, liveId)).code).toBe('followers_only');
    await shop.ctx.follows.set({ kind: 'host', target: host.id }, true, person);
    expect((await say(socket, liveId)).code).toBe('ok');
    await rules('buyers');
    expect((await say(socket, liveId)).code).toBe('buyers_only');
    const placed = await socket.emitWithAck('order:place', {
      clickId: newId(),
      liveId,
      sku: 'HNY-500',
      qty: 1,
    });
    expect(placed.ok).toBe(true);
    expect((await say(socket, liveId)).code).toBe('buyers_only');
    await shop.ctx.db.collection('orders').updateOne({ buyer: person.id }, { $set: { state: 'paid' } });
    expect((await say(socket, liveId)).code).toBe('ok');
  });
});

test('the rehearsal’s page is marked and asks the server for nothing', async () => {
  const liveId = await newLive();
  const visitor = new Visitor(shop);
  await visitor.logIn('host@demo.test');
  const collections = ['orders', 'chat', 'offers', 'live_acts', 'lots', 'pin_marks'];
  const count = () => Promise.all(collections.map((name) => shop.ctx.db.collection(name).countDocuments()));
  const before = await count();
  const page = await (await visitor.get(`/host/live/${liveId}/rehearsal`)).text();
  expect(page).toContain('data-rehearsal');
  expect(page).toContain(shop.ctx.translator.for('zh-CN')('console.rehearsal.title'));
  expect(page).not.toContain('data-studio');
  expect(await count()).toEqual(before);
});

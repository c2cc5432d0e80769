import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import type { Right } from '../../server/live/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { until, type TestSocket } from '../support/client.ts';
import { registered, setRoles, Visitor } from '../support/people.ts';
import { inDatabase, movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
/** Two processes' worth of shop on one database. */
let shops: TestShop[];
let shop: TestShop;
let host: Person;
let hosting: Visitor;
const SKUS = ['HNY-500', 'DKT-100', 'MTO-600'] as const;
const [HONEY, TEA, MANTOU] = SKUS;

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `desk_${newId().slice(0, 8)}`);
  const env = { TRUST_PROXY: '1' };
  shop = await openTestShop({ demo: true, clock, uri, env });
  shops = [shop, await openTestShop({ clock, uri, env })];
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
  hosting = new Visitor(shop);
  await hosting.logIn('host@demo.test');
});
afterAll(() => Promise.all(shops.map((one) => one.close())));

async function newLive(state: 'scheduled' | 'live' = 'live', by: Person = host): Promise<string> {
  const { _id } = await shop.ctx.lives.schedule(
    {
      ...{ title: { 'zh-CN': '试播', en: 'Trial' }, intro: { 'zh-CN': '', en: '' } },
      ...{ poster: 'lives/honey-morning.svg', startsAt: clock.now(), rail: [...SKUS] },
    },
    by,
  );
  if (state === 'live') await shop.ctx.lives.start(_id, by);
  return _id;
}

type Anything = {
  emitWithAck(event: string, input: object): Promise<{ ok: boolean; error?: { code: string } }>;
};

/** `ok`, or the code of the refusal. */
async function ask(socket: TestSocket, event: string, input: object): Promise<string> {
  const answer = await (socket as unknown as Anything).emitWithAck(event, input);
  return answer.ok ? 'ok' : (answer.error?.code ?? 'none');
}

async function arrive(socket: TestSocket, liveId: string) {
  const answer = await (socket as unknown as Anything).emitWithAck('console:join', { liveId });
  return answer as unknown as {
    desk: { version: number; pinned: { sku: string; by: string } | null; acting: { member: string } };
    held: { id: string; text: string }[];
    reports: { id: string; state: string }[];
    sanctions: { id: string; lifted: boolean }[];
    questions: { id: string; text: string }[];
  };
}

async function helper(liveId: string, ...rights: Right[]) {
  const { visitor, login } = await registered(new Visitor(shop));
  if (rights.length > 0) await shop.ctx.crews.invite(liveId, { login, rights }, host);
  const person = (await shop.ctx.accounts.byLogin(login))!;
  return { visitor, login, person, socket: await visitor.socket() };
}

async function guest(liveId: string, where = shop, address?: string) {
  const visitor = new Visitor(where, address);
  await visitor.get(`/live/${liveId}`);
  return { visitor, socket: await visitor.socket() };
}

async function say(socket: TestSocket, liveId: string, text: string) {
  const answer = await socket.emitWithAck('chat:send', { liveId, text });
  return answer.ok
    ? { code: 'ok', id: answer.message.id, held: answer.held }
    : { code: answer.error.code, id: '' };
}

describe('each right', () => {
  const ACTS: [string, Right, (liveId: string, message: string) => object][] = [
    ['host:pin', 'pin', (liveId) => ({ liveId, sku: HONEY })],
    ['host:unpin', 'pin', (liveId) => ({ liveId })],
    ['host:answer', 'answer', (liveId) => ({ liveId, text: '三天就到' })],
    ['host:question:done', 'answer', (liveId, messageId) => ({ liveId, messageId })],
    ['mod:delete', 'moderate', (liveId, messageId) => ({ liveId, messageId })],
    ['mod:sanction', 'moderate', (liveId, messageId) => ({ liveId, messageId, kind: 'mute', minutes: 1 })],
    ['mod:rules', 'moderate', (liveId) => ({ liveId, slowSeconds: 0, audience: 'everyone', words: [] })],
    [
      'host:offer:open',
      'stock',
      (liveId) => ({ liveId, sku: TEA, price: money(100), quantity: 1, perBuyer: 1, seconds: 60 }),
    ],
  ];

  test.each(ACTS)('%s takes %s, and nothing else will do', async (event, right, input) => {
    const liveId = await newLive();
    const { socket: talker } = await guest(liveId);
    const { id } = await say(talker, liveId, '几天能到');
    const able = await helper(liveId, right);
    const others = await helper(
      liveId,
      ...(['pin', 'answer', 'moderate', 'stock', 'relay'] as const).filter((one) => one !== right),
    );
    const shopper = await helper(liveId);
    expect(await ask(talker, event, input(liveId, id))).toBe('forbidden');
    expect(await ask(shopper.socket, event, input(liveId, id))).toBe('forbidden');
    expect(await ask(others.socket, event, input(liveId, id))).toBe('forbidden');
    expect(await ask(able.socket, event, input(liveId, id))).toBe('ok');
  });

  test('is gone with the next tap when it is taken away, and the console closes', async () => {
    const liveId = await newLive();
    const { socket, person } = await helper(liveId, 'pin');
    await arrive(socket, liveId);
    const closed = new Promise((resolve) =>
      (socket as never as NodeJS.EventEmitter).once('console:closed', resolve),
    );
    const member = (await shop.ctx.lives.byId(liveId)).crew!.find((one) => one.person === person.id)!;
    expect(await ask(socket, 'host:pin', { liveId, sku: HONEY })).toBe('ok');
    await shop.ctx.crews.remove(liveId, member.id, host);
    expect(await ask(socket, 'host:pin', { liveId, sku: TEA })).toBe('forbidden');
    expect(await ask(socket, 'console:join', { liveId })).toBe('forbidden');
    await closed;
  });

  test('is given by the owner and admins only, not by an assistant with all of them', async () => {
    const liveId = await newLive();
    const all = await helper(liveId, 'pin', 'answer', 'moderate', 'stock', 'relay');
    const invite = { login: 'shopper@demo.test', rights: 'pin' };
    expect((await all.visitor.form(`/host/live/${liveId}/crew/invite`, invite)).status).toBe(403);
    expect((await all.visitor.get(`/host/live/${liveId}`)).status).toBe(200);
    expect((await all.visitor.get('/host')).status).toBe(200);
    expect((await hosting.form(`/host/live/${liveId}/crew/invite`, invite)).status).toBe(303);
    expect((await hosting.form(`/host/live/${liveId}/crew/invite`, invite)).status).toBe(409);
    const nobody = { login: 'nobody@at.all', rights: 'pin' };
    expect((await hosting.form(`/host/live/${liveId}/crew/invite`, nobody)).status).toBe(422);
    expect((await shop.ctx.acts.latest(liveId)).map(({ act }) => act)).toContain('crew_invited');
  });
});

describe('the table', () => {
  test('lets one of two taps on the same picture win, and remembers both sides of it', async () => {
    const liveId = await newLive();
    const [one, other] = [await helper(liveId, 'pin'), await helper(liveId, 'pin')];
    const { version } = (await arrive(one.socket, liveId)).desk;
    const answers = await Promise.all([
      ask(one.socket, 'host:pin', { liveId, sku: HONEY, version }),
      ask(other.socket, 'host:pin', { liveId, sku: TEA, version }),
    ]);
    expect(answers.toSorted()).toEqual(['conflict', 'ok']);
    const winner = answers[0] === 'ok' ? one : other;
    const { desk } = await arrive(one.socket, liveId);
    expect(desk.version).toBe(version + 1);
    expect(desk.pinned?.by).toBe(winner.person.name);
    expect(await ask(one.socket, 'host:unpin', { liveId, version })).toBe('conflict');
  });

  test('writes chapters without a gap under fifty pins at once over two processes, with lot and host', async () => {
    const liveId = await newLive();
    const sockets = await Promise.all(
      shops.map(async (where) => {
        const visitor = new Visitor(where);
        await visitor.logIn('host@demo.test');
        return visitor.socket();
      }),
    );
    const pins = Array.from({ length: 100 }, (_one, turn) =>
      ask(sockets[turn % 2]!, 'host:pin', { liveId, sku: SKUS[turn % 3]! }),
    );
    expect(new Set(await Promise.all(pins))).toEqual(new Set(['ok']));
    await shop.ctx.bus.idle();
    await shops[1]!.ctx.bus.idle();
    clock.forward(1_000);
    const live = await shop.ctx.lives.stop(liveId, host);
    const moved = await shop.ctx.db.collection('pin_marks').countDocuments({ live: liveId });
    expect(moved).toBeGreaterThan(0);
    expect(live.marks!.length).toBeLessThan(70);
    const seqs = new Set([...live.marks!.map(({ seq }) => seq)]);
    for (const { seq } of await shop.ctx.db.collection('pin_marks').find({ live: liveId }).toArray())
      seqs.add(seq as number);
    expect([...seqs].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 101 }, (_one, at) => at + 1));

    const chapters = await shop.ctx.chapters.of(liveId);
    const last = chapters.at(-1)!;
    expect(last).toMatchObject({ host: host.id, by: host.id, to: live.endedAt });
    expect(last.lot).toMatch(/./);
    expect(await shop.ctx.chapters.at(liveId, new Date(last.from.getTime() + 1))).toEqual(last);
    expect(await shop.ctx.chapters.at(liveId, new Date(live.endedAt!.getTime() + 1))).toBeUndefined();
  });

  test('takes the lot that sells next, or the one that is named, and no other', async () => {
    const liveId = await newLive();
    const lots = (await shop.ctx.stock.sellingNext([MANTOU])).get(MANTOU)!;
    const socket = await hosting.socket();
    await ask(socket, 'host:pin', { liveId, sku: MANTOU });
    expect((await shop.ctx.lives.byId(liveId)).pinned?.lot).toBe(lots[0]!.code);
    expect(await ask(socket, 'host:pin', { liveId, sku: MANTOU, lotId: lots.at(-1)!.code })).toBe('ok');
    expect((await shop.ctx.lives.byId(liveId)).pinned?.lot).toBe(lots.at(-1)!.code);
    expect(await ask(socket, 'host:pin', { liveId, sku: HONEY, lotId: lots[0]!.code })).toBe('invalid');
  });

  test('calls the last twenty only when it is so', async () => {
    const liveId = await newLive();
    const socket = await hosting.socket();
    const left = (await shop.ctx.stock.availability([HONEY])).get(HONEY)!;
    expect(left).toBeGreaterThan(20);
    expect(await ask(socket, 'host:callout', { liveId, sku: HONEY })).toBe('conflict');
    const buyer = { id: newId(), guest: true, name: '', roles: [], ids: ['x'] };
    for (let more = left - 15; more > 0; more -= 99) {
      const lines = [{ sku: HONEY, qty: Math.min(99, more) }];
      await shop.ctx.orders.place({ clickId: newId(), lines }, { ...buyer, ids: [buyer.id] });
    }
    const viewer = await guest(liveId);
    await viewer.socket.emitWithAck('live:join', { liveId });
    const heard = new Promise((resolve) =>
      (viewer.socket as never as NodeJS.EventEmitter).once('callout:made', resolve),
    );
    expect(await ask(socket, 'host:callout', { liveId, sku: HONEY })).toBe('ok');
    expect(await heard).toEqual({ liveId, sku: HONEY, left: 15 });
  });
});

describe('a relay', () => {
  test('goes to one of two who accept at once, and the table stays as it was', async () => {
    const liveId = await newLive();
    const owner = await hosting.socket();
    const next = await Promise.all([helper(liveId, 'relay'), helper(liveId, 'relay')]);
    await ask(owner, 'host:pin', { liveId, sku: TEA });
    const before = await shop.ctx.lives.byId(liveId);
    const told = new Promise((resolve) =>
      (owner as never as NodeJS.EventEmitter).once('relay:moved', resolve),
    );
    expect(await ask(next[0].socket, 'host:relay:offer', { liveId })).toBe('forbidden');
    expect(await ask(owner, 'host:relay:offer', { liveId })).toBe('ok');
    const handoverId = (await shop.ctx.lives.byId(liveId)).handover!.id;
    clock.forward(60_000);
    const answers = await Promise.all(
      next.map(({ socket }) => ask(socket, 'host:relay:accept', { liveId, handoverId })),
    );
    expect(answers.toSorted()).toEqual(['conflict', 'ok']);
    const winner = next[answers.indexOf('ok')]!;
    expect(await told).toEqual({ liveId, name: winner.person.name });

    const after = await shop.ctx.lives.byId(liveId);
    expect([after.pinned, after.pinSeq, after.chatRules]).toEqual([
      before.pinned,
      before.pinSeq,
      before.chatRules,
    ]);
    const turns = await shop.ctx.turns.of(liveId);
    expect(turns.map((turn) => turn.host)).toEqual([host.id, winner.person.id]);
    expect(turns[0]!.to).toEqual(turns[1]!.from);

    expect(await ask(winner.socket, 'host:pin', { liveId, sku: HONEY })).toBe('ok');
    const [chapter] = (await shop.ctx.chapters.of(liveId)).slice(-1);
    expect(chapter).toMatchObject({ sku: HONEY, host: winner.person.id });
    expect(await ask(winner.socket, 'host:relay:offer', { liveId, to: 'owner' })).toBe('ok');
    const back = (await shop.ctx.lives.byId(liveId)).handover!.id;
    expect(
      await ask(next[1 - answers.indexOf('ok')]!.socket, 'host:relay:accept', { liveId, handoverId: back }),
    ).toBe('forbidden');
    expect(await ask(owner, 'host:relay:accept', { liveId, handoverId: back })).toBe('ok');
    expect(await ask(winner.socket, 'host:stop', { liveId })).toBe('forbidden');
  });

  test('that was withdrawn, or whose member was removed, cannot be accepted', async () => {
    const liveId = await newLive();
    const { socket, person } = await helper(liveId, 'relay');
    const member = (await shop.ctx.lives.byId(liveId)).crew!.find((one) => one.person === person.id)!;
    const { handoverId } = await shop.ctx.relay.offer(liveId, member.id, host);
    await shop.ctx.relay.withdraw(liveId, handoverId, host);
    expect(await ask(socket, 'host:relay:accept', { liveId, handoverId })).toBe('conflict');
    const again = await shop.ctx.relay.offer(liveId, member.id, host);
    await shop.ctx.crews.remove(liveId, member.id, host);
    expect(await ask(socket, 'host:relay:accept', { liveId, handoverId: again.handoverId })).toBe('conflict');
  });
});

describe('what is prepared', () => {
  test('is kept by whoever saved first; the other is told and keeps their words', async () => {
    const liveId = await newLive('scheduled');
    const path = `/host/live/${liveId}/script`;
    expect(
      (await hosting.form(path, { edits: '0', opening: '大家好', closing: '', [`note.${HONEY}`]: '高山蜜' }))
        .status,
    ).toBe(303);
    const late = await hosting.form(path, { edits: '0', opening: '别的', closing: '' });
    expect(late.status).toBe(409);
    const script = await shop.ctx.scripts.of(liveId, host);
    expect([script.opening, script.notes]).toEqual(['大家好', [{ sku: HONEY, text: '高山蜜' }]]);
    const offer = { sku: TEA, price: '9.90', quantity: '20', perBuyer: '2', seconds: '120', edits: '1' };
    expect((await hosting.form(`${path}/offers`, { ...offer, price: '9999' })).status).toBe(422);
    expect((await hosting.form(`${path}/offers`, offer)).status).toBe(303);
    expect((await shop.ctx.scripts.of(liveId, host)).offers).toMatchObject([{ sku: TEA, priceFen: 990 }]);
    expect(await (await hosting.get(`/host/live/${liveId}/prompter`)).text()).toContain('高山蜜');
  });

  test('is arranged without a script, saved with the details, and keeps its time once the live runs', async () => {
    const liveId = await newLive('scheduled');
    const path = `/host/live/${liveId}/edit`;
    const form = {
      ...{
        titleZh: '新标题',
        titleEn: 'New',
        introZh: '讲蜂蜜',
        introEn: '',
        startsAt: '2027-01-05T09:30',
        edits: '0',
      },
      ...{ holdMinutes: '15', slowSeconds: '5', audience: 'followers', words: '!骗子\n私聊' },
    };
    const body = new URLSearchParams(form);
    for (const sku of SKUS) body.append('skus', sku);
    const send = (more: Record<string, string>) => {
      const full = new URLSearchParams(body);
      for (const [name, value] of Object.entries(more)) full.set(name, value);
      return hosting.request(path, { method: 'POST', body: full });
    };
    const arranged = await (await send({ move: `${TEA}:up` })).text();
    expect(arranged.indexOf(`name="skus" value="${TEA}" checked`)).toBeLessThan(
      arranged.indexOf(`name="skus" value="${HONEY}" checked`),
    );
    expect((await shop.ctx.lives.byId(liveId)).title['zh-CN']).toBe('试播');
    expect((await send({})).status).toBe(303);
    expect(await shop.ctx.lives.byId(liveId)).toMatchObject({
      ...{ title: { 'zh-CN': '新标题', en: 'New' }, rail: [...SKUS], holdSeconds: 900, edits: 1 },
      chatRules: {
        slowSeconds: 5,
        audience: 'followers',
        words: [
          { text: '骗子', verdict: 'refuse' },
          { text: '私聊', verdict: 'hold' },
        ],
      },
    });
    expect((await send({})).status).toBe(409);
    expect((await send({ edits: '1', holdMinutes: '0' })).status).toBe(422);
    await shop.ctx.lives.start(liveId, host);
    const { startsAt } = await shop.ctx.lives.byId(liveId);
    const during = { edits: '1', titleZh: '播着改', startsAt: '2027-02-06T09:30' };
    expect((await send(during)).status).toBe(303);
    expect(await shop.ctx.lives.byId(liveId)).toMatchObject({ title: { 'zh-CN': '播着改' }, startsAt });
    body.delete('skus');
    expect((await send({ edits: '2' })).status).toBe(422);
  });

  test('is nobody else’s to see or change', async () => {
    const liveId = await newLive('scheduled');
    const { visitor, login } = await registered(new Visitor(shop));
    await setRoles(shop, login, ['shopper', 'host']);
    for (const page of ['', '/edit', '/script', '/prompter', '/rehearsal', '/crew', '/log']) {
      expect([page, (await visitor.get(`/host/live/${liveId}${page}`)).status]).toEqual([page, 403]);
      expect([page, (await new Visitor(shop).get(`/host/live/${liveId}${page}`)).status]).toEqual([
        page,
        401,
      ]);
      expect([page, (await hosting.get(`/host/live/${liveId}${page}`)).status]).toEqual([page, 200]);
    }
    expect((await visitor.form(`/host/live/${liveId}/script`, { edits: '0' })).status).toBe(403);
    expect((await visitor.get('/admin/chat')).status).toBe(403);
  });
});

test('an answer is above the chat for everybody, also for whoever comes later, and its question is dealt with once', async () => {
  const liveId = await newLive();
  const viewer = await guest(liveId);
  await viewer.socket.emitWithAck('live:join', { liveId });
  const { id } = await say(viewer.socket, liveId, '这个甜不甜');
  const socket = await hosting.socket();
  expect((await arrive(socket, liveId)).questions.map((one) => one.id)).toEqual([id]);
  const heard = new Promise<{ answer: { text: string } }>((resolve) =>
    (viewer.socket as never as NodeJS.EventEmitter).once('answer:pinned', resolve),
  );
  expect(await ask(socket, 'host:answer', { liveId, messageId: id, text: '很甜' })).toBe('ok');
  expect((await heard).answer).toMatchObject({ text: '很甜', question: '这个甜不甜' });
  expect(await ask(socket, 'host:question:done', { liveId, messageId: id })).toBe('conflict');
  const late = await guest(liveId, shops[1]);
  const joined = await late.socket.emitWithAck('live:join', { liveId });
  expect(joined.ok && joined.live.answer?.text).toBe('很甜');
  expect((await arrive(socket, liveId)).questions).toEqual([]);
  await until(
    async () => (await shop.ctx.acts.latest(liveId)).map(({ act, done }) => [act, done]),
    (acts) => acts.some(([act, done]) => act === 'answered' && done === true),
  );
});

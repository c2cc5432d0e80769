import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkDraw, type DrawData } from '../../public/lib/draw-check.ts';
import { createAwards, createDraws, createDrawStore, createEntries } from '../../server/draws/index.ts';
import type { OpenDrawCommand } from '../../server/draws/draws.schema.ts';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { HUNAN } from '../support/checkout.ts';
import { drawCommand, newcomer, PRIZE } from '../support/draws.ts';
import { supply } from '../support/power-cut.ts';
import { movableClock, openTestShop, SECRET, type TestShop } from '../support/shop.ts';

const clock = movableClock();
let shop: TestShop;
/** Another process on the same database. */
let other: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock, env: { TRUST_PROXY: '1' } });
  other = await openTestShop({ clock, uri: shop.uri, env: { TRUST_PROXY: '1' } });
  await Promise.all([shop, other].map(({ ctx }) => ctx.jobs.stop()));
});
afterAll(() => Promise.all([shop.close(), other.close()]));

const host = async () => (await shop.ctx.accounts.byLogin('host@demo.test'))!;
const left = async (sku = PRIZE) => (await shop.ctx.stock.availability([sku])).get(sku) ?? 0;

/** A live of its own for a test: one draw runs in a live at a time. */
async function startLive(): Promise<string> {
  const by = await host();
  const { _id } = await shop.ctx.lives.schedule(
    {
      title: { 'zh-CN': '抽奖试试', en: 'A draw' },
      intro: { 'zh-CN': '', en: '' },
      poster: 'lives/honey-morning.svg',
      startsAt: clock.now(),
      rail: [PRIZE, 'HNY-1000'],
    },
    by,
  );
  await shop.ctx.lives.start(_id, by);
  return _id;
}

async function hostSocket(at = shop) {
  const client = new Client(at.url);
  await client.logIn('host@demo.test');
  return client.socket();
}

async function opened(more: Partial<OpenDrawCommand> = {}) {
  const liveId = more.liveId ?? (await startLive());
  return shop.ctx.draws.open(drawCommand(liveId, more), await host());
}

/** Says the word, and is in. */
async function sayIt(live: string, who: { id: string }, text = '我要抽奖！') {
  const person = (await shop.ctx.accounts.byId(who.id))!;
  await shop.ctx.lives.say(live, text, person);
}

async function people(count: number) {
  return Promise.all(Array.from({ length: count }, () => newcomer(shop)));
}

/** Closed, and eight seconds later drawn. */
async function finish(id: string) {
  const draw = await shop.ctx.draws.byId(id);
  await shop.ctx.draws.close(draw.live, id, await host());
  clock.forward(9_000);
  await shop.ctx.draws.attend();
  return shop.ctx.draws.byId(id);
}

const data = (id: string) => new Client(shop.url).json<DrawData>(`/draws/${id}/data.json`);

describe('a draw', () => {
  test('from its opening to the order of the winner', async () => {
    const before = await left();
    const client = await hostSocket();
    const live = await startLive();
    const answer = await client.emitWithAck('host:draw:open', drawCommand(live));
    if (!answer.ok) throw new Error(answer.error.code);
    const { draw } = answer;
    expect(await left()).toBe(before - 1);

    const [anna, ben] = await people(2);
    await sayIt(live, anna!);
    await sayIt(live, anna!, '抽 奖 抽 奖');
    await sayIt(live, ben!);
    await sayIt(live, await host());
    await until(
      () => shop.ctx.draws.countEntries(draw.id),
      (count) => count === 2,
    );

    const closed = await shop.ctx.draws.close(live, draw.id, await host());
    expect(closed.state).toBe('committed');
    const sealed = await data(draw.id);
    expect(sealed).toMatchObject({ seedHash: draw.seedHash, seed: null, entrants: null, winners: [] });
    expect(sealed.commitment).toMatch(/^[0-9a-f]{64}$/);

    clock.forward(9_000);
    await shop.ctx.draws.attend();
    const over = await data(draw.id);
    expect(over.commitment).toBe(sealed.commitment);
    expect(over.entrants).toHaveLength(2);
    expect(await checkDraw(over)).toEqual({ seed: true, list: true, commitment: true, winners: true });

    const [award] = await shop.ctx.drawAwards.of(draw.id);
    const [winner, loser] = award!.person === anna!.id ? [anna!, ben!] : [ben!, anna!];
    const prize = `/draws/${draw.id}/prizes/1`;
    expect((await loser.client.get(prize)).status).toBe(404);
    expect(await (await winner.client.get(prize)).text()).toContain('name="addressId"');
    const sent = await winner.client.form(prize, { addressId: 'new', ...HUNAN });
    expect(sent.status).toBe(303);
    const order = await winner.client.json<{ state: string; total: { amount: number } }>(
      `/api/orders/${award!.order}`,
    );
    expect(order).toMatchObject({ state: 'paid', total: { amount: 0 } });
    expect((await winner.client.form(prize, { addressId: 'new', ...HUNAN })).status).toBe(303);
    expect((await shop.ctx.drawAwards.of(draw.id))[0]?.state).toBe('claimed');
    expect(await shop.ctx.orders.audit()).toEqual([]);
    expect(await left()).toBe(before - 1);
    const check = await (await winner.client.get(`/draws/${draw.id}/check`)).text();
    expect(check).toContain(award!.entrant);
    expect(check).toContain(over.commitment);
  });

  test('is opened, closed and cancelled by who runs the live only', async () => {
    const live = await startLive();
    const [stranger] = await people(1);
    const person = (await shop.ctx.accounts.byId(stranger!.id))!;
    const refusal = { code: 'forbidden' };
    await expect(shop.ctx.draws.open(drawCommand(live), person)).rejects.toMatchObject(refusal);
    const draw = await opened({ liveId: live });
    await expect(shop.ctx.draws.close(live, draw._id, person)).rejects.toMatchObject(refusal);
    await expect(shop.ctx.draws.giveUp(live, draw._id, person)).rejects.toMatchObject(refusal);
    const another = await startLive();
    await expect(shop.ctx.draws.close(another, draw._id, await host())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('runs alone in its live, however many hosts open one', async () => {
    const before = await left();
    const live = await startLive();
    const by = await host();
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_item, turn) =>
        (turn % 2 ? shop : other).ctx.draws.open(drawCommand(live), by),
      ),
    );
    const done = results.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(1);
    const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason.code as string] : []));
    expect(new Set(reasons)).toEqual(new Set(['conflict']));
    expect(await left()).toBe(before - 1);
  });

  test('has one list and one result when two hosts close it at once', async () => {
    const draw = await opened({ prizes: [{ sku: PRIZE, qty: 1, winners: 2 }] });
    for (const one of await people(5)) await sayIt(draw.live, one);
    const by = await host();
    await Promise.all([shop, other, shop, other].map(({ ctx }) => ctx.draws.close(draw.live, draw._id, by)));
    clock.forward(9_000);
    await Promise.all([shop, other, shop, other].map(({ ctx }) => ctx.draws.attend()));
    const over = await data(draw._id);
    expect(over.entrants).toHaveLength(5);
    expect(await checkDraw(over)).toEqual({ seed: true, list: true, commitment: true, winners: true });
    expect(await shop.ctx.drawAwards.of(draw._id)).toHaveLength(2);
    const moves = await shop.ctx.db
      .collection('mails')
      .countDocuments({ _id: new RegExp(`^draw:${draw._id}`) as never });
    expect(moves).toBe(2);
  });

  test('gives one chance to one person, whatever they say and on however many processes', async () => {
    const draw = await opened({ entry: { kind: 'watched', minutes: 1 } });
    const [anna] = await people(1);
    const person = (await shop.ctx.accounts.byId(anna!.id))!;
    for (let slot = 0; slot < 3; slot += 1) {
      await shop.ctx.watching.seen(draw.live, [person.id]);
      await other.ctx.watching.seen(draw.live, [person.id]);
      clock.forward(20_000);
    }
    await Promise.all(
      Array.from({ length: 20 }, (_item, turn) =>
        (turn % 2 ? shop : other).ctx.drawEntries.enter(draw, person),
      ),
    );
    expect(await shop.ctx.draws.countEntries(draw._id)).toBe(1);
  });

  test('asks for an account, and not for the host', async () => {
    const draw = await opened();
    const guest = { id: newId(), guest: true, name: '', roles: [], ids: [] };
    await expect(shop.ctx.drawEntries.enter(draw, guest)).rejects.toMatchObject({ code: 'not_signed_in' });
    await expect(shop.ctx.drawEntries.enter(draw, await host())).rejects.toMatchObject({ code: 'forbidden' });
    await sayIt(draw.live, await host());
    await shop.ctx.lives.say(draw.live, '抽奖', guest);
    const [anna] = await people(1);
    await sayIt(draw.live, anna!);
    const over = await finish(draw._id);
    expect(over.committed?.entrants).toBe(1);
  });

  test('counts the minutes that the server has seen, each once', async () => {
    const draw = await opened({ entry: { kind: 'watched', minutes: 2 } });
    const [anna] = await people(1);
    const person = { ...(await shop.ctx.accounts.byId(anna!.id))!, ids: [anna!.id, 'a-guest-before'] };
    await expect(shop.ctx.drawEntries.enter(draw, person)).rejects.toMatchObject({ code: 'draw_not_yet' });
    // Three slots as a guest and two with two windows: five thirds of a minute.
    for (let slot = 0; slot < 5; slot += 1) {
      const id = slot < 3 ? 'a-guest-before' : person.id;
      await Promise.all([shop, other, shop].map(({ ctx }) => ctx.watching.seen(draw.live, [id, id])));
      clock.forward(20_000);
    }
    expect(await shop.ctx.drawEntries.standing(draw, person)).toMatchObject({ has: 1, needs: 2 });
    await expect(shop.ctx.drawEntries.enter(draw, person)).rejects.toMatchObject({ code: 'draw_not_yet' });
    await shop.ctx.watching.seen(draw.live, [person.id]);
    await expect(shop.ctx.drawEntries.enter(draw, person)).resolves.toMatch(/^[0-9a-f]{32}$/);
  });

  test('is read once for a room that looks at it together, and not without end for one who looks', async () => {
    const { _id, live } = await opened();
    const sockets = await Promise.all((await people(12)).map(({ client }) => client.socket()));
    type Look = { ok: boolean; draw?: { id: string }; mine?: object; error?: { code: string } };
    const look = (socket: (typeof sockets)[number]) =>
      socket.emitWithAck('draw:look', { liveId: live }) as Promise<Look>;

    const reads = vi.spyOn(shop.ctx.draws, 'runningIn');
    const answers = await Promise.all(sockets.map(look));
    expect(reads.mock.calls.length).toBeLessThanOrEqual(3);
    reads.mockRestore();
    for (const { draw, mine } of answers) {
      expect(draw?.id).toBe(_id);
      expect(mine).toMatchObject({ signedIn: true, entrant: null });
    }
    const often = await Promise.all(Array.from({ length: 25 }, () => look(sockets[0]!)));
    expect(often.filter(({ error }) => error?.code === 'rate_limited').length).toBeGreaterThan(0);
    for (const socket of sockets) socket.close();
    await shop.ctx.draws.giveUp(live, _id, await host());
  });

  test('is by purchase only where the shop says so', async () => {
    const live = await startLive();
    const command = drawCommand(live, { entry: { kind: 'bought' } });
    await expect(shop.ctx.draws.open(command, await host())).rejects.toMatchObject({
      code: 'invalid',
      fields: { entry: 'draw_by_purchase' },
    });
  });

  test('needs its prizes to be there, and puts back what it had of them', async () => {
    const before = await left();
    const live = await startLive();
    const command = drawCommand(live, { prizes: [{ sku: PRIZE, qty: 99, winners: 50 }] });
    await expect(shop.ctx.draws.open(command, await host())).rejects.toMatchObject({ code: 'sold_out' });
    expect(await left()).toBe(before);
    await expect(opened({ liveId: live })).resolves.toMatchObject({ state: 'open' });
  });

  test('without anybody in it is cancelled, and the prizes are back', async () => {
    const before = await left();
    const draw = await opened({ prizes: [{ sku: PRIZE, qty: 2, winners: 3 }] });
    expect(await left()).toBe(before - 6);
    expect((await finish(draw._id)).state).toBe('cancelled');
    expect(await left()).toBe(before);
    await expect(opened({ liveId: draw.live })).resolves.toMatchObject({ state: 'open' });
  });

  test('gives back the prizes that nobody won, and those that nobody claimed in time', async () => {
    const before = await left();
    const draw = await opened({ prizes: [{ sku: PRIZE, qty: 1, winners: 5 }], claimHours: 1 });
    const [anna, ben] = await people(2);
    await sayIt(draw.live, anna!);
    await sayIt(draw.live, ben!);
    await finish(draw._id);
    await until(left, (now) => now === before - 2);
    clock.forward(3_600_000);
    expect(
      (await anna!.client.form(`/draws/${draw._id}/prizes/1`, { addressId: 'new', ...HUNAN })).status,
    ).toBe((await shop.ctx.drawAwards.byRank(draw._id, 1))?.person === anna!.id ? 409 : 404);
    await Promise.all([shop.ctx.drawAwards.lapseOverdue(), other.ctx.drawAwards.lapseOverdue()]);
    expect((await shop.ctx.drawAwards.of(draw._id)).map(({ state }) => state)).toEqual(['lapsed', 'lapsed']);
    expect(await left()).toBe(before);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('closes with its live', async () => {
    const draw = await opened();
    const [anna] = await people(1);
    await sayIt(draw.live, anna!);
    await shop.ctx.lives.stop(draw.live, await host());
    await until(
      async () => (await shop.ctx.draws.byId(draw._id)).state,
      (state) => state === 'committed',
    );
  });

  test('closes by itself when its time is over', async () => {
    const draw = await opened({ seconds: 30 });
    const [anna] = await people(1);
    await sayIt(draw.live, anna!);
    clock.forward(31_000);
    await expect(
      shop.ctx.drawEntries.enter(draw, await shop.ctx.accounts.byId(anna!.id)),
    ).rejects.toMatchObject({ code: 'draw_closed' });
    await Promise.all([shop.ctx.draws.attend(), other.ctx.draws.attend()]);
    clock.forward(9_000);
    await other.ctx.draws.attend();
    expect((await shop.ctx.draws.byId(draw._id)).state).toBe('drawn');
  });
});

describe('when the power goes between any two writes of a draw', () => {
  /** The same draws, whose writes end after so many. */
  function dying(writes: number) {
    const { db, lives, watching, orders, accounts, bus, catalog, log, outbox } = shop.ctx;
    const power = supply(writes);
    const store = power.wire(createDrawStore(db));
    const prizes = power.wire(orders.prizes);
    const entries = createEntries({
      ...{ store, lives, watching, orders, accounts, bus, clock, secret: SECRET },
    });
    const awards = createAwards({ store, prizes, accounts, outbox, bus, clock });
    const draws = createDraws({
      ...{ store, entries, awards, prizes, lives, catalog, bus, clock, log, byPurchase: false },
    });
    return { draws, entries, power };
  }

  /** Of its own: the clock runs on for days here, and what other tests have put aside comes back. */
  const OWN = 'MTO-600';

  test('one draw comes of it, and every prize is accounted for', async () => {
    const by = await host();
    const [anna] = await people(1);
    const person = (await shop.ctx.accounts.byId(anna!.id))!;
    const before = await left(OWN);
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const live = await startLive();
      const { draws, entries, power } = dying(writes);
      const run = async () => {
        const prizes = [{ sku: OWN, qty: 1, winners: 2 }];
        const draw = await draws.open(drawCommand(live, { prizes, claimHours: 1 }), by);
        await shop.ctx.lives.say(live, '抽奖', person);
        await entries.idle();
        await draws.close(live, draw._id, by);
        clock.forward(9_000);
        await draws.attend();
      };
      await run().catch(() => (cuts += 1));
      await draws.idle();
      const wasCut = power.isCut;
      // Somebody else comes along.
      clock.forward(40_000);
      await shop.ctx.orders.recover();
      await shop.ctx.draws.attend();
      clock.forward(600_000);
      await shop.ctx.draws.attend();
      clock.forward(9_000);
      await shop.ctx.draws.attend();
      const draw = await shop.ctx.draws.latestIn(live);
      expect(await shop.ctx.draws.runningIn(live), `after ${writes} writes`).toBeNull();
      if (draw) {
        const over = await data(draw._id);
        expect(await checkDraw(over), `after ${writes} writes`).toEqual({
          ...{ seed: true, list: true, commitment: true, winners: true },
        });
        expect(await shop.ctx.drawAwards.of(draw._id)).toHaveLength(1);
      }
      clock.forward(2 * 3_600_000);
      await shop.ctx.drawAwards.lapseOverdue();
      expect(await left(OWN), `after ${writes} writes`).toBe(before);
      if (!wasCut) break;
    }
    expect(cuts).toBeGreaterThan(5);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

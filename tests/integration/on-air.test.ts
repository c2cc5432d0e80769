import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { Client, until, type TestSocket } from '../support/client.ts';
import { inDatabase, openTestShop, type TestShop } from '../support/shop.ts';

const [HONEY, TEA, MANTOU, GIFT] = ['HNY-500', 'DKT-100', 'MTO-600', 'HNY-1000'] as const;
/** Two processes' worth of shop on one database, with nothing between them but the database. */
let shops: TestShop[];
let shop: TestShop;
let host: Person;
let hosting: Client;
let desk: TestSocket;

beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `air_${newId().slice(0, 8)}`);
  shop = await openTestShop({ demo: true, uri });
  shops = [shop, await openTestShop({ uri })];
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
  hosting = new Client(shop.url);
  await hosting.logIn('host@demo.test');
  desk = await hosting.socket();
});
afterAll(() => Promise.all(shops.map((one) => one.close())));

async function onAir(): Promise<string> {
  const { _id } = await shop.ctx.lives.schedule(
    {
      ...{ title: { 'zh-CN': '试播', en: 'Trial' }, intro: { 'zh-CN': '', en: '' } },
      ...{ poster: 'lives/honey-morning.svg', startsAt: new Date(), rail: [HONEY, TEA, MANTOU] },
    },
    host,
  );
  await shop.ctx.lives.start(_id, host);
  return _id;
}

/** The form as the page sends it, with this shelf. @returns the status and the page that comes back */
async function save(id: string, rail: readonly string[], more: { edits?: number; titleZh?: string } = {}) {
  const { edits = (await shop.ctx.lives.byId(id)).edits ?? 0, titleZh = '试播' } = more;
  const body = new URLSearchParams({ titleZh, edits: String(edits), slowSeconds: '0', audience: 'everyone' });
  for (const sku of rail) body.append('skus', sku);
  const answer = await hosting.request(`/host/live/${id}/edit`, { method: 'POST', body });
  return { status: answer.status, page: await answer.text() };
}

async function viewerOf(where: TestShop, liveId: string) {
  const client = new Client(where.url);
  await client.get(`/live/${liveId}`);
  const socket = await client.socket();
  const edits: number[] = [];
  socket.on('live:edited', (news) => void (news.liveId === liveId && edits.push(news.edits)));
  const answer = await socket.emitWithAck('live:join', { liveId });
  if (!answer.ok) throw new Error(answer.error.code);
  return { client, socket, edits, live: answer.live };
}

describe('the shelf of a running live', () => {
  test('can be added to, taken from and put in another order, and rooms of every process hear of it', async () => {
    const id = await onAir();
    const viewers = await Promise.all(shops.map((where) => viewerOf(where, id)));
    expect(viewers.map(({ live }) => live.edits)).toEqual([0, 0]);
    expect((await save(id, [GIFT, MANTOU, HONEY], { titleZh: '加一件再播' })).status).toBe(303);
    for (const viewer of viewers) {
      await until(
        () => viewer.edits,
        (edits) => edits.includes(1),
      );
      const again = await viewer.socket.emitWithAck('live:join', { liveId: id });
      expect(again).toMatchObject({ live: { edits: 1, title: '加一件再播' } });
      expect(again.ok && again.live.rail.map(({ sku }) => sku)).toEqual([GIFT, MANTOU, HONEY]);
    }
    expect(await (await viewers[1]!.client.get(`/live/${id}`)).text()).toContain(`data-item="${GIFT}"`);
  });

  test('sells what was added from then on, and what was taken off no more', async () => {
    const id = await onAir();
    const { socket } = await viewerOf(shops[1]!, id);
    const place = async (sku: string) => {
      const answer = await socket.emitWithAck('order:place', {
        ...{ clickId: newId(), liveId: id, sku, qty: 1 },
      });
      return answer.ok ? 'ok' : answer.error.code;
    };
    expect([await place(GIFT), await place(TEA)]).toEqual(['not_found', 'ok']);
    expect((await save(id, [HONEY, GIFT])).status).toBe(303);
    expect([await place(GIFT), await place(TEA)]).toEqual(['ok', 'not_found']);
    expect(await desk.emitWithAck('host:pin', { liveId: id, sku: GIFT })).toEqual({ ok: true });
    expect(await desk.emitWithAck('host:pin', { liveId: id, sku: TEA })).toMatchObject({ ok: false });
  });

  test('keeps what lies on the table and what is in a flash offer', async () => {
    const id = await onAir();
    await desk.emitWithAck('host:pin', { liveId: id, sku: HONEY });
    const terms = { price: money(100), quantity: 1, perBuyer: 1, seconds: 600 };
    const opened = await desk.emitWithAck('host:offer:open', { liveId: id, sku: TEA, ...terms });
    const refused = await save(id, [TEA, MANTOU]);
    expect(refused.status).toBe(422);
    expect(refused.page).toContain('正在讲的商品不能撤下');
    expect((await save(id, [HONEY, MANTOU])).page).toContain('正在闪购的商品不能撤下');
    if (opened.ok) await desk.emitWithAck('host:offer:close', { liveId: id, offerId: opened.offer.id });
    expect((await save(id, [HONEY, MANTOU])).status).toBe(303);
  });

  test('lets one of two who save the same picture win', async () => {
    const id = await onAir();
    const answers = await Promise.all([
      save(id, [HONEY, TEA], { edits: 0 }),
      save(id, [TEA, MANTOU], { edits: 0 }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
  });

  test('never loses what is laid on the table in the same moment', async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      const id = await onAir();
      await Promise.all([save(id, [TEA, MANTOU]), desk.emitWithAck('host:pin', { liveId: id, sku: HONEY })]);
      const live = await shop.ctx.lives.byId(id);
      if (live.pinned) expect(live.rail).toContain(live.pinned.sku);
    }
  });

  test('is the owner’s to change, not an assistant’s or a stranger’s', async () => {
    const id = await onAir();
    const stranger = new Client(shop.url);
    await stranger.logIn('shopper@demo.test');
    const body = new URLSearchParams({ titleZh: '别人的', edits: '0', skus: HONEY });
    const answer = await stranger.request(`/host/live/${id}/edit`, { method: 'POST', body });
    expect(answer.status).toBe(403);
    expect((await shop.ctx.lives.byId(id)).edits ?? 0).toBe(0);
  });
});

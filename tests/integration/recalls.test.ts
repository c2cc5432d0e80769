import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { Client, until } from '../support/client.ts';
import { freshLot, keeper } from '../support/labelled.ts';
import { cashed } from '../support/cashed.ts';
import { guest } from '../support/checkout.ts';
import { paidOrder } from '../support/paid.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

const SKU = 'HNY-500';
const WHY = '抽检时发现瓶口有玻璃碎屑';

let shop: TestShop;
let member: Client;
let shopper: Client;
let person: NonNullable<Awaited<ReturnType<TestShop['ctx']['accounts']['byLogin']>>>;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  [member, shopper] = [new Client(shop.url), new Client(shop.url)];
  await member.logIn('coop@demo.test');
  await shopper.logIn('shopper@demo.test');
  person = (await shop.ctx.accounts.byLogin('shopper@demo.test'))!;
});
afterAll(() => shop.close());

const start = (lot: string, change: Record<string, string> = {}, who = member) =>
  who.form(`/coop/recalls/new/${lot}`, {
    ...{ commandId: newId(), why: WHY, advice: '请不要食用', offersRefund: 'yes', confirm: 'yes', ...change },
  });
const act = (id: string, name: string, fields: Record<string, string> = {}, who = member) =>
  who.form(`/coop/recalls/${id}/${name}`, fields);

/** A lot, and orders of its pieces by the shopper and by a guest. */
async function soldLot(qty = 6) {
  const lot = await freshLot(shop, SKU, qty);
  const mine = await cashed(shop, { sku: SKU, qty: 2 }, person);
  const guests = await cashed(shop, { sku: SKU, qty: 1 }, guest());
  for (const order of [mine, guests]) expect(order.lines[0]!.lots[0]!.lot).toBe(lot._id);
  return { lot, mine, guests };
}

async function recalled(qty = 6, change: Record<string, string> = {}) {
  const sold = await soldLot(qty);
  const answer = await start(sold.lot.code, change);
  expect(answer.status).toBe(303);
  return { ...sold, id: answer.headers.get('location')!.split('/').at(-1)! };
}

const mailsOf = async (recall: string) =>
  (await shop.ctx.db.collection('mails').find({ 'about.recall': recall }).toArray()).map(({ about, to }) => ({
    ...(about as { kind: string; order: string }),
    to: String(to),
  }));
const now = async ({ _id }: Order) => (await shop.ctx.orders.byCode(_id))!;
const stateOf = async (code: string) => (await shop.ctx.stock.byCode(code))!.state;

describe('a recall', () => {
  test('takes the lot off sale at once and finds everybody who has pieces of it', async () => {
    const { lot, mine, guests, id } = await recalled();
    expect(await stateOf(lot.code)).toBe('recalled');
    const later = await paidOrder(shop, [{ sku: SKU, qty: 1 }]);
    expect(later.lines[0]!.lots.map((part) => part.lot)).not.toContain(lot._id);
    await shop.ctx.recalls.work();
    const cases = await shop.ctx.recalls.cases(id, undefined, 10);
    expect(cases.map(({ order }) => order).sort()).toEqual([mine._id, guests._id].sort());
    const page = await (await member.get(`/coop/recalls/${id}`)).text();
    for (const { _id } of [mine, guests]) expect(page).toContain(_id);
    expect((await member.get('/coop/recalls?coop=huifeng')).status).toBe(200);
    expect(await (await member.get(`/coop/stock/${lot.code}`)).text()).toContain(WHY);
  });

  test('is told to each buyer by mail once, and on the page of the order', async () => {
    const { mine, guests, id } = await recalled();
    await Promise.all([shop.ctx.recalls.work(), shop.ctx.recalls.work(), shop.ctx.recalls.work()]);
    await shop.ctx.recalls.work();
    const mails = await mailsOf(id);
    expect(mails).toMatchObject([{ kind: 'recall', order: mine._id, to: 'shopper@demo.test' }]);
    expect(await shop.ctx.recalls.sums(id)).toMatchObject({ orders: 2, told: 2, reached: 1 });
    expect(guests.email).toBeNull();
    expect(await (await shopper.get(`/orders/${mine._id}`)).text()).toContain(WHY);
    const sent = await until(
      () => shop.ctx.db.collection('mails').findOne({ 'about.recall': id }),
      (mail) => mail?.['content'] !== null,
    );
    const { subject, text } = sent!['content'] as { subject: string; text: string };
    expect(subject).toContain('召回');
    expect(text).toContain(WHY);
    expect(text).toContain(`/orders/${mine._id}`);
  });

  test('of a lot that was paid for later finds that buyer, too', async () => {
    const lot = await freshLot(shop, SKU, 3);
    const buyer = guest();
    const { order } = await shop.ctx.orders.place({ clickId: newId(), lines: [{ sku: SKU, qty: 1 }] }, buyer);
    expect(order.lines[0]!.lots[0]!.lot).toBe(lot._id);
    const { headers } = await start(lot.code);
    const id = headers.get('location')!.split('/').at(-1)!;
    await shop.ctx.recalls.work();
    expect(await shop.ctx.recalls.cases(id, undefined, 10)).toEqual([]);
    await shop.ctx.stock.sell([{ lot: lot._id, sku: SKU, qty: 1, ref: `${order._id}:sell` }], 'paid');
    await shop.ctx.recalls.work();
    expect((await shop.ctx.recalls.cases(id, undefined, 10)).map((one) => one.order)).toEqual([order._id]);
  });

  test('is one recall when its form is sent twice, and one at a time of a lot', async () => {
    const { lot } = await soldLot();
    const commandId = newId();
    const twice = await Promise.all([start(lot.code, { commandId }), start(lot.code, { commandId })]);
    expect(twice.map(({ status }) => status)).toEqual([303, 303]);
    expect((await start(lot.code)).status).toBe(409);
    expect(await shop.ctx.recalls.ofLot(lot.code)).toHaveLength(1);
  });

  test('is begun by nobody by mistake, and by no stranger', async () => {
    const { lot } = await soldLot();
    expect((await start(lot.code, { confirm: '' })).status).toBe(422);
    expect((await start(lot.code, { why: '' })).status).toBe(422);
    expect((await start(lot.code, {}, shopper)).status).toBe(403);
    expect((await start(lot.code, {}, new Client(shop.url))).status).toBe(401);
    expect(await stateOf(lot.code)).toBe('open');
    const foreign = await freshLot(shop, 'TUT-100', 2);
    expect((await start(foreign.code)).status).toBe(404);
    const { id } = await recalled();
    for (const name of ['end', 'refund', 'refund-all']) {
      expect(
        (await act(id, name, { order: 'ABCDEFGHJKMN', to: 'ended', why: '处理完了' }, shopper)).status,
      ).toBe(403);
    }
    expect((await shopper.get(`/coop/recalls/${id}`)).status).toBe(403);
  });

  test('that a process died over is finished by the next', async () => {
    const { lot, mine } = await soldLot();
    const recalls = shop.ctx.db.collection<{ _id: string }>('recalls');
    const id = newId();
    await recalls.insertOne({
      ...{
        _id: id,
        lot: lot._id,
        code: lot.code,
        sku: SKU,
        cooperative: lot.cooperative,
        why: WHY,
        advice: '',
      },
      ...{ offersRefund: true, state: 'running', startedAt: new Date(), startedBy: 'keeper', endedAt: null },
      ...{ endedBy: null, endWhy: null, lotFollowed: false, overTold: true, scanned: 0, refundAll: null },
    });
    expect(await stateOf(lot.code)).toBe('open');
    await shop.ctx.recalls.work();
    expect(await stateOf(lot.code)).toBe('recalled');
    expect((await mailsOf(id)).map(({ order }) => order)).toEqual([mine._id]);
    // Died again, after queueing and before noting it: nobody gets a second mail.
    await shop.ctx.db.collection('recall_cases').updateMany({ recall: id }, { $set: { told: false } });
    await recalls.updateOne({ _id: id }, { $set: { scanned: 0, lotFollowed: false } });
    await shop.ctx.recalls.work();
    expect(await mailsOf(id)).toHaveLength(1);
    expect(
      (await shop.ctx.stock.byCode(lot.code))!.history.filter(({ to }) => to === 'recalled'),
    ).toHaveLength(1);
  });
});

describe('the money', () => {
  test('goes back to a buyer who asks with one tap, once, and the pieces are not packed any more', async () => {
    const { lot, mine, id } = await recalled();
    await shop.ctx.recalls.work();
    const tap = () => shopper.form(`/orders/${mine._id}/recalls/${id}/refund`, {});
    expect((await Promise.all([tap(), tap(), tap()])).map(({ status }) => status)).toEqual([303, 303, 303]);
    const { refunds } = await now(mine);
    expect(refunds).toHaveLength(1);
    expect(refunds[0]!.items).toEqual([{ line: 0, qty: 2 }]);
    expect(refunds[0]!.fen).toBe(mine.lines[0]!.priceFen * 2 - mine.lines[0]!.discountFen);
    expect(refunds[0]!.restock).toMatchObject([{ line: 0, qty: 2, lots: [{ lot: lot._id, qty: 2 }] }]);
    const page = await (await shopper.get(`/orders/${mine._id}`)).text();
    expect(page).not.toContain(`/recalls/${id}/refund`);
  });

  test('goes back to everybody, once each, whoever does it and however often', async () => {
    const { mine, guests, id } = await recalled();
    await shop.ctx.recalls.work();
    await act(id, 'refund', { order: mine._id });
    expect([(await act(id, 'refund-all')).status, (await act(id, 'refund-all')).status]).toEqual([303, 303]);
    await Promise.all([shop.ctx.recalls.work(), shop.ctx.recalls.work()]);
    for (const order of [mine, guests]) expect((await now(order)).refunds).toHaveLength(1);
    await shop.ctx.db.collection('recall_cases').updateMany({ recall: id }, { $set: { refund: 'none' } });
    await shop.ctx.recalls.work();
    for (const order of [mine, guests]) expect((await now(order)).refunds).toHaveLength(1);
    expect(await shop.ctx.recalls.sums(id)).toMatchObject({ orders: 2, open: 0 });
  });

  test('for pieces in a box goes back without counting them in', async () => {
    const { mine, id } = await recalled();
    await member.form(`/coop/orders/${mine._id}/parcels`, {
      ...{ coop: 'huifeng', commandId: newId(), line: '0', qty: '2' },
    });
    await shop.ctx.recalls.work();
    await act(id, 'refund', { order: mine._id });
    expect((await now(mine)).refunds).toMatchObject([{ items: [{ line: 0, qty: 2 }], restock: [] }]);
  });

  test('is nobody else’s, and not offered where the recall does not', async () => {
    const { mine, guests, id } = await recalled();
    await shop.ctx.recalls.work();
    expect((await shopper.form(`/orders/${guests._id}/recalls/${id}/refund`, {})).status).toBe(404);
    const quiet = await recalled(6, { offersRefund: '' });
    await shop.ctx.recalls.work();
    expect((await shopper.form(`/orders/${quiet.mine._id}/recalls/${quiet.id}/refund`, {})).status).toBe(409);
    expect((await now(mine)).refunds).toHaveLength(0);
    expect((await now(quiet.mine)).refunds).toHaveLength(0);
  });
});

describe('the end of a recall', () => {
  test('is on record, and the lot waits for somebody to release it', async () => {
    const { lot, mine, id } = await recalled();
    await shop.ctx.recalls.work();
    const end = () => act(id, 'end', { to: 'ended', why: '全部收回并销毁' });
    expect([(await end()).status, (await end()).status]).toEqual([303, 409]);
    expect(await stateOf(lot.code)).toBe('blocked');
    await shop.ctx.recalls.work();
    expect((await mailsOf(id)).map(({ kind }) => kind)).toEqual(['recall']);
    expect((await act(id, 'refund', { order: mine._id })).status).toBe(409);
    expect((await start(lot.code)).status).toBe(303);
  });

  test('that nothing was wrong is told to those who were worried, once', async () => {
    const { id } = await recalled();
    await shop.ctx.recalls.work();
    await act(id, 'end', { to: 'false_alarm', why: '复检合格' });
    await Promise.all([shop.ctx.recalls.work(), shop.ctx.recalls.work()]);
    await shop.ctx.recalls.work();
    expect((await mailsOf(id)).map(({ kind }) => kind).sort()).toEqual(['recall', 'recall_over']);
  });
});

describe('the pledge of a lot', () => {
  const facts = () => ({
    ...{ commandId: newId(), quantity: '6瓶', producer: '汇峰', origin: '湖南城步', contact: '0739-7361234' },
    ...{ signer: '杨大山', bases: 'own_test', issuedOn: '2026-01-05' },
  });
  const give = (lot: string, fields: Record<string, string> = facts(), who = member) =>
    who.form(`/coop/pledges/${lot}`, fields);

  test('is given once, read by anybody, withdrawn with a reason, and kept', async () => {
    const lot = await freshLot(shop, SKU, 6);
    const fields = facts();
    expect([(await give(lot.code, fields)).status, (await give(lot.code, fields)).status]).toEqual([
      303, 303,
    ]);
    const pledge = (await shop.ctx.pledges.ofLot(lot.code))!;
    expect(pledge).toMatchObject({ keepUntil: '2028-01-05', bases: ['own_test'], state: 'issued' });
    const paper = await (await new Client(shop.url).get(`/pledges/${pledge._id}?size=a6`)).text();
    for (const said of ['城步中蜂蜜', '汇峰', '湖南城步', '0739-7361234', '2026-01-05', '杨大山', lot.code]) {
      expect(paper).toContain(said);
    }
    // Beside what is left of it, the size of a lot would tell how much was sold.
    const seenBy = async (who: Client) => (await who.get(`/pledges/${pledge._id}`)).text();
    expect(paper).not.toContain('6瓶');
    expect(await seenBy(shopper)).not.toContain('6瓶');
    expect(await seenBy(member)).toContain('6瓶');
    const withdraw = (who = member) =>
      who.form(`/coop/pledges/${lot.code}/${pledge._id}/withdraw`, { why: '写错了' });
    expect((await withdraw(shopper)).status).toBe(403);
    expect([(await withdraw()).status, (await withdraw()).status]).toEqual([303, 409]);
    expect(await shop.ctx.pledges.ofLot(lot.code)).toBeUndefined();
    expect((await new Client(shop.url).get(`/pledges/${pledge._id}`)).status).toBe(200);
  });

  test('is given by its cooperative only, with everything that the law asks', async () => {
    const lot = await freshLot(shop, SKU, 6);
    expect((await give(lot.code, facts(), shopper)).status).toBe(403);
    expect((await give((await freshLot(shop, 'TUT-100', 1)).code)).status).toBe(404);
    for (const name of ['quantity', 'producer', 'origin', 'contact', 'signer', 'bases', 'issuedOn']) {
      expect((await give(lot.code, { ...facts(), [name]: '' })).status).toBe(422);
    }
    expect((await give(lot.code, { ...facts(), issuedOn: '2999-01-01' })).status).toBe(422);
    expect(await shop.ctx.pledges.ofLot(lot.code)).toBeUndefined();
    expect((await keeper(shop)).cooperatives.length).toBeGreaterThan(1);
  });
});

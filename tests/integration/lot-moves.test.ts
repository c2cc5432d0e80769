import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { createLots, createLotStore, createStockStore } from '../../server/stock/index.ts';
import { Client } from '../support/client.ts';
import { guest } from '../support/checkout.ts';
import { supply } from '../support/power-cut.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let beside: TestShop;
let member: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  beside = await openTestShop({ uri: shop.uri });
  await Promise.all([shop.ctx.jobs.stop(), beside.ctx.jobs.stop()]);
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
});
afterAll(async () => {
  await beside.close();
  await shop.close();
});

const SKU = 'MTO-600';
let cooperative = '';

async function freshLot(qty = 10, sku = SKU) {
  const { product } = (await shop.ctx.catalog.sellables([sku])).get(sku)!;
  cooperative = product.cooperative;
  return shop.ctx.stock.receive(
    {
      ...{ sku, code: `T-${newId().slice(0, 10).toUpperCase()}`, qty },
      ...{ madeOn: '2026-01-01', bestBefore: '2099-01-01' },
    },
    { id: 'somebody', cooperatives: [product.cooperative] },
  );
}

const keeper = () => ({ id: 'keeper', cooperatives: [cooperative] });
const command = (to: string, qty: number, commandId = newId()) => ({ commandId, to, qty, why: '重新分装' });
const pieces = async (code: string) => {
  const lot = (await shop.ctx.stock.allLots()).find((one) => one.code === code)!;
  return [lot.available, lot.moved, lot.moving?.length ?? 0];
};
const codeOf = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code;

describe('moving pieces to another lot', () => {
  test('is a line in both books, each with the other, and no piece more or less', async () => {
    const [from, to] = [await freshLot(10), await freshLot(3)];
    await shop.ctx.lots.move(from.code, command(to.code, 4), keeper());
    expect(await pieces(from.code)).toEqual([6, -4, 0]);
    expect(await pieces(to.code)).toEqual([7, 4, 0]);
    const line = (await shop.ctx.stock.ledger(to._id)).at(-1);
    expect(line).toMatchObject({ kind: 'moved', qty: 4, by: 'keeper', other: from.code, available: 7 });
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('happens once, however often and at however many places the command is sent', async () => {
    const [from, to] = [await freshLot(10), await freshLot(1)];
    const once = command(to.code, 4);
    await Promise.all(
      Array.from({ length: 12 }, (_item, index) =>
        (index % 2 ? beside : shop).ctx.lots.move(from.code, once, keeper()),
      ),
    );
    await shop.ctx.stock.archiveTails();
    await beside.ctx.lots.move(from.code, once, keeper());
    expect(await pieces(from.code)).toEqual([6, -4, 0]);
    expect(await pieces(to.code)).toEqual([5, 4, 0]);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('out of two lots under one command arrives from both', async () => {
    const [one, other, to] = [await freshLot(10), await freshLot(10), await freshLot(1)];
    const same = command(to.code, 4);
    await shop.ctx.lots.move(one.code, same, keeper());
    await shop.ctx.lots.move(other.code, same, keeper());
    expect([await pieces(one.code), await pieces(other.code)]).toEqual([
      [6, -4, 0],
      [6, -4, 0],
    ]);
    expect(await pieces(to.code)).toEqual([9, 8, 0]);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('never takes what is held, also against the till and another member in the same moment', async () => {
    const [from, to] = [await freshLot(20, 'MAT-50'), await freshLot(1, 'MAT-50')];
    const results = await Promise.allSettled([
      ...Array.from({ length: 8 }, (_item, index) =>
        (index % 2 ? beside : shop).ctx.lots.move(from.code, command(to.code, 4), keeper()),
      ),
      ...Array.from({ length: 8 }, () =>
        shop.ctx.orders.place({ clickId: newId(), lines: [{ sku: 'MAT-50', qty: 3 }] }, guest()),
      ),
    ]);
    const moves = results.slice(0, 8).map(codeOf);
    expect(new Set(moves).size).toBeLessThanOrEqual(2);
    const moved = moves.filter((code) => code === 'ok').length;
    expect(moves.filter((code) => code === 'conflict')).toHaveLength(8 - moved);
    expect((await pieces(from.code))[1]).toBe(-4 * moved);
    expect((await pieces(to.code))[1]).toBe(4 * moved);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test.each([
    ['the lot itself', async (from: string) => from],
    ['another size', async () => (await freshLot(1, 'MAT-50')).code],
  ])('goes not to %s', async (_what, where) => {
    const from = await freshLot(5);
    const results = await Promise.allSettled([
      shop.ctx.lots.move(from.code, command(await where(from.code), 1), {
        id: 'x',
        cooperatives: (await shop.ctx.stock.allLots()).map((lot) => lot.cooperative),
      }),
    ]);
    expect(results.map(codeOf)).toEqual(['invalid']);
    expect(await pieces(from.code)).toEqual([5, 0, 0]);
  });

  test('out of a blocked lot, or to another cooperative’s, is refused', async () => {
    const [from, to] = [await freshLot(5), await freshLot(1)];
    const block = { commandId: newId(), why: '漏气' };
    await shop.ctx.lots.setBlocked(from.code, 'block', block, keeper());
    const others = (await shop.ctx.stock.allLots()).find((lot) => lot.cooperative !== cooperative)!;
    const results = await Promise.allSettled([
      shop.ctx.lots.move(from.code, command(to.code, 1), keeper()),
      shop.ctx.lots.move(to.code, command(others.code, 1), keeper()),
      shop.ctx.lots.move(others.code, command(to.code, 1), keeper()),
    ]);
    expect(results.map(codeOf)).toEqual(['conflict', 'not_found', 'not_found']);
  });

  test('is finished by the job wherever the power went, and the books agree all the time', async () => {
    const { db, catalog, bus, clock } = shop.ctx;
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const [from, to] = [await freshLot(10), await freshLot(1)];
      const power = supply(writes);
      const dying = createLots({
        store: power.wire(createStockStore(db)),
        lots: power.wire(createLotStore(db)),
        ...{ catalog, bus, clock },
      });
      const [result] = await Promise.allSettled([dying.move(from.code, command(to.code, 4), keeper())]);
      expect(await shop.ctx.orders.audit(), `after ${writes} writes`).toEqual([]);
      await Promise.all([shop.ctx.lots.finishMoves(), beside.ctx.lots.finishMoves()]);
      const left = writes === 0 ? 10 : 6;
      expect(await pieces(from.code), `after ${writes} writes`).toEqual([left, left - 10, 0]);
      expect(await pieces(to.code), `after ${writes} writes`).toEqual([11 - left, 10 - left, 0]);
      if (result.status === 'fulfilled') break;
      cuts += 1;
    }
    expect(cuts).toBe(3);
    expect(await shop.ctx.lots.finishMoves()).toBe(0);
  });

  test('that is lost on the way is named by the audit', async () => {
    const [from, to] = [await freshLot(10), await freshLot(1)];
    const power = supply(1);
    const { db, catalog, bus, clock } = shop.ctx;
    const dying = createLots({
      store: power.wire(createStockStore(db)),
      lots: createLotStore(db),
      ...{ catalog, bus, clock },
    });
    await dying.move(from.code, command(to.code, 4), keeper()).catch(() => {});
    const lots = db.collection<{ _id: string; moving?: unknown[] }>('lots');
    const lost = await lots.findOne({ _id: from._id });
    await lots.updateOne({ _id: from._id }, { $set: { moving: [] } });
    const found = await shop.ctx.orders.audit();
    expect(found.map(({ kind, lot }) => [kind, lot])).toEqual([['move_differs', from.code]]);
    await lots.updateOne({ _id: from._id }, { $set: { moving: lost?.moving ?? [] } });
    await shop.ctx.lots.finishMoves();
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('is done on the page of the lot, and shown on both', async () => {
    const [from, to] = [await freshLot(10), await freshLot(1)];
    const page = await (await member.get(`/coop/stock/${from.code}`)).text();
    expect(page).toContain(`<option value="${to.code}"`);
    const wrong = await member.form(`/coop/stock/${from.code}/move`, command(to.code, 11) as never);
    expect(wrong.status).toBe(409);
    const answer = await member.form(`/coop/stock/${from.code}/move`, { ...command(to.code, 0), qty: '2' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/coop/stock/${from.code}`]);
    const other = await (await member.get(`/coop/stock/${to.code}`)).text();
    expect(other).toContain(`/coop/stock/${from.code}"`);
    const stranger = new Client(shop.url);
    await stranger.logIn('shopper@demo.test');
    const refused = await stranger.form(`/coop/stock/${from.code}/move`, {
      ...command(to.code, 0),
      qty: '2',
    });
    expect([403, 404]).toContain(refused.status);
  });
});

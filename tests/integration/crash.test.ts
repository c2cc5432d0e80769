import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrders, createOrderStore, createWaitStore, offerClaims } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { createStock, createStockStore } from '../../server/stock/index.ts';
import { readConfig } from '../../server/platform/config.ts';
import { createContext } from '../../server/context.ts';
import { Client, until } from '../support/client.ts';
import { PowerCut, stoppedAt, supply } from '../support/power-cut.ts';
import { startShopProcess } from '../support/shop-process.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const LIVE = 'huangshaping-market';

describe('when the power goes between any two writes', () => {
  const clock = movableClock();
  let shop: TestShop;

  beforeAll(async () => {
    shop = await openTestShop({ demo: true, clock });
    await shop.ctx.jobs.stop();
  });
  afterAll(() => shop.close());

  /** A shop on the same data whose writes end after so many. */
  function dying(writes: number) {
    const power = supply(writes);
    return { orders: wired(power), power };
  }

  /** A shop on the same data whose writes go through that wire. */
  function wired({ wire }: { wire: <T extends object>(store: T) => T }) {
    const { db, catalog, bus, metrics, offers, payments, log } = shop.ctx;
    const stock = createStock({ store: wire(createStockStore(db)), catalog, bus, clock });
    return createOrders({
      store: wire(createOrderStore(db)),
      stock,
      catalog,
      offers,
      claims: [offerClaims(offers, shop.ctx.accounts.idsOf)],
      payments,
      waits: createWaitStore(db),
      dispatch: shop.ctx.dispatch,
      bus,
      clock,
      log,
      metrics,
      holdSeconds: 600,
      saleIn: (live, skus) => shop.ctx.lives.saleIn(live, skus),
      standing: async (buyers) => buyers.map(() => undefined),
    });
  }

  const buyer = () => {
    const id = newId();
    return { id, guest: true, name: '', roles: [], ids: [id] };
  };

  async function comeBack() {
    clock.forward(20_000);
    await shop.ctx.orders.recover();
  }

  test('orders are finished or undone, and every piece is accounted for', async () => {
    const live = await shop.ctx.lives.byId(LIVE);
    const [a = '', b = '', c = ''] = live.rail;
    let cuts = 0;
    for (let writes = 0; ; writes += 1) {
      const { orders, power } = dying(writes);
      const baskets = [[a], [a], [a, b, c], [b, c], [a]];
      const results = await Promise.allSettled(
        baskets.map((skus) =>
          orders.place({ clickId: newId(), lines: skus.map((sku) => ({ sku, qty: 2 })) }, buyer()),
        ),
      );
      const wasCut = power.isCut && results.some(({ status }) => status === 'rejected');
      await comeBack();
      expect(await shop.ctx.orders.audit(), `after ${writes} writes`).toEqual([]);
      for (const result of results) {
        if (result.status !== 'fulfilled') continue;
        const order = await shop.ctx.orders.byCode(result.value.order._id);
        expect(order?.state).toBe('awaiting_payment');
      }
      if (!wasCut) break;
      cuts += 1;
    }
    expect(cuts).toBeGreaterThanOrEqual(5);
  });

  test('whoever finishes what died may die as well', async () => {
    const [a = '', b = ''] = (await shop.ctx.lives.byId(LIVE)).rail;
    const before = await shop.ctx.stock.availability([a, b]);
    for (const until of ['take', 'insertOrders'] as const) {
      for (let writes = 0; writes < 12; writes += 1) {
        const first = wired(stoppedAt(until, () => Promise.reject(new PowerCut(until))));
        const lines = [a, b].map((sku) => ({ sku, qty: 2 }));
        await expect(first.place({ clickId: newId(), lines }, buyer())).rejects.toThrow(PowerCut);
        clock.forward(20_000);
        await dying(writes)
          .orders.recover()
          .catch(() => {});
        await shop.ctx.orders.recover();
        expect(await shop.ctx.orders.audit(), `${until}, then ${writes} writes`).toEqual([]);
        expect(await shop.ctx.stock.availability([a, b])).toEqual(before);
      }
    }
  });

  test('one that was only slow finds what has been undone, and lies to nobody', async () => {
    const [a = '', b = ''] = (await shop.ctx.lives.byId(LIVE)).rail;
    for (const step of ['begin', 'take', 'insertOrders', 'forget'] as const) {
      for (const when of ['before', 'after'] as const) {
        const left = await shop.ctx.stock.availability([a, b]);
        const slow = wired(
          stoppedAt(step, async (write) => {
            const done = when === 'after' ? await write() : undefined;
            await comeBack();
            return when === 'after' ? done : write();
          }),
        );
        const person = buyer();
        const clickId = newId();
        const lines = [a, b].map((sku) => ({ sku, qty: 2 }));
        const answer = await slow.place({ clickId, lines }, person).then(
          ({ order }) => order._id,
          (error: unknown) => error,
        );
        await slow.idle();
        await comeBack();
        const kept = await shop.ctx.orders.byClick(clickId, person);
        const label = `${when} ${step}`;
        expect(await shop.ctx.orders.audit(), label).toEqual([]);
        if (typeof answer === 'string') expect(kept?._id, label).toBe(answer);
        else {
          expect(kept, label).toBeUndefined();
          expect(['unavailable', 'sold_out'], label).toContain((answer as { code: string }).code);
        }
        const gone = kept ? 2 : 0;
        for (const [sku, pieces] of await shop.ctx.stock.availability([a, b])) {
          expect(pieces, label).toBe(left.get(sku)! - gone);
        }
        // The buyer tries again, and gets an order, the first one where there is one.
        const again = await shop.ctx.orders.place({ clickId, lines }, person);
        expect(again.fresh, label).toBe(kept === undefined);
      }
    }
  });

  test('cancelled and lapsed orders give back each piece once', async () => {
    const live = await shop.ctx.lives.byId(LIVE);
    const sku = live.rail[3] ?? '';
    for (let writes = 0; writes < 8; writes += 1) {
      const before = (await shop.ctx.stock.availability([sku])).get(sku);
      const person = buyer();
      const place = () => shop.ctx.orders.place({ clickId: newId(), lines: [{ sku, qty: 2 }] }, person);
      const [cancelled, lapsed] = [await place(), await place()];
      const { orders } = dying(writes);
      await orders.cancel(cancelled.order._id, { id: person.id, mine: () => true }).catch(() => {});
      clock.forward(700_000);
      await orders.expireHolds().catch(() => {});

      await comeBack();
      await shop.ctx.orders.expireHolds();
      await shop.ctx.orders.recover();
      expect(await shop.ctx.orders.audit(), `after ${writes} writes`).toEqual([]);
      expect((await shop.ctx.orders.byCode(lapsed.order._id))?.state).toBe('expired');
      expect((await shop.ctx.stock.availability([sku])).get(sku)).toBe(before);
    }
  });

  test('the ledger loses no line while it is moved out of the lot', async () => {
    const lots = await shop.ctx.stock.allLots();
    await Promise.all(
      lots.slice(0, 10).flatMap(({ _id }) => [1, 2, 3].map(() => shop.ctx.stock.archive(_id))),
    );
    await shop.ctx.stock.archiveTails();
    expect((await shop.ctx.stock.allLots()).every(({ tail }) => tail.length === 0)).toBe(true);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });
});

describe('kill -9', () => {
  test('loses no acknowledged order, on the embedded engine', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-kill-'));
    const env = { DATA_DIR: dataDir };
    const first = await startShopProcess(env);
    const client = new Client(first.url);
    await client.get(`/live/${LIVE}`);
    const live = await client.json<{ rail: { sku: string }[] }>(`/api/lives/${LIVE}`);
    const sku = live.rail[0]!.sku;
    const socket = await client.socket();

    const acknowledged: string[] = [];
    let busy = true;
    const tapping = Promise.all(
      [0, 1, 2].map(async (hand) => {
        for (let turn = 0; busy && turn < 8; turn += 1) {
          const clickId = `kill-${hand}-${turn}-click`;
          const answer = await socket
            .timeout(2_000)
            .emitWithAck('order:place', { clickId, liveId: LIVE, sku, qty: 1 })
            .catch(() => undefined);
          if (answer?.ok) acknowledged.push(answer.order.code);
        }
      }),
    );
    await until(
      () => acknowledged.length,
      (count) => count >= 9,
    );
    await first.kill();
    busy = false;
    await tapping;
    client.close();

    const second = await startShopProcess(env);
    const again = new Client(second.url);
    for (const [name, value] of client.cookies) again.cookies.set(name, value);
    for (const code of acknowledged) {
      const order = await again.json<{ state: string }>(`/api/orders/${code}`);
      expect(order.state).toBe('awaiting_payment');
    }
    const books = await createContext(
      readConfig({ DATA_DIR: dataDir, ENGINE_JOIN: '1', LOG_LEVEL: 'error' }),
    );
    expect(
      await until(
        () => books.orders.audit(),
        (found) => found.length === 0,
        25_000,
      ),
    ).toEqual([]);
    await books.dispose();
    expect(await second.stop()).toBe(0);
    await rm(dataDir, { recursive: true, force: true });
  });
});

import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Stock } from '../stock/index.ts';
import type { AskingDeps } from './asking.service.ts';
import { factOf } from './moves.service.ts';
import type { OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import type { Ringing } from './ringing.rules.ts';
import type { RungUp } from './till.service.ts';
import type { WaitDoc } from './waits.model.ts';
import {
  LONGEST_AT_HOME_MS,
  LONGEST_IN_LIVE_MS,
  lineClickId,
  lineHoldSeconds,
  standingOf,
  type WaitStanding,
} from './waits.rules.ts';
import { MOST, type WaitStore } from './waits.store.ts';

export type Waits = ReturnType<typeof createWaits>;

/** Somebody's place in a line. */
export interface Waiting {
  sku: string;
  qty: number;
  since: Date;
  standing: Exclude<WaitStanding, 'over'>;
  /** How many are ahead, for whoever waits. */
  ahead: number;
  /** The order that was offered. */
  order: OrderDoc | undefined;
}

/**
 * The line for what has run out. When pieces come back, the first in line gets an order with a short hold of its own;
 * when it lapses, its pieces come back, and the next one is served. Serving is the till's own `ringUp` with a click
 * that belongs to the place in line: two processes that serve at once make one order.
 */
export function createWaits(deps: {
  store: WaitStore;
  orders: Pick<OrderStore, 'byCodes'>;
  stock: Stock;
  bus: Bus;
  clock: Clock;
  log: Log;
  ringUp: (ringing: Ringing) => Promise<RungUp>;
  saleIn: AskingDeps['saleIn'];
}) {
  const { store, stock, bus, clock } = deps;

  bus.on('stock.changed', async ({ skus, isLess }) => {
    if (isLess) return;
    for (const sku of skus) await serve(sku);
  });

  /** Offers what has come back to the line, one after the other, until it is gone or nobody waits. */
  async function serve(sku: string): Promise<void> {
    for (;;) {
      const wait = await store.first(sku);
      if (!wait) return;
      try {
        if (!(await offer(wait))) return;
      } catch (error) {
        // Gone again, or another process is serving this one: the job looks again.
        if (error instanceof AppError && ['sold_out', 'unavailable'].includes(error.code)) return;
        throw error;
      }
    }
  }

  /** @returns whether it was this process that called the next one */
  async function offer(wait: WaitDoc): Promise<boolean> {
    const { sku, live } = wait;
    // Fewer than were wished for are better than a line that stands still.
    const left = (await stock.availability([sku])).get(sku) ?? 0;
    const { order, fresh } = await deps.ringUp({
      buyer: { id: wait.buyer, ids: wait.buyerIds, name: wait.buyerName, lang: wait.lang },
      clickId: lineClickId(wait),
      live,
      lines: [{ sku, qty: Math.max(1, Math.min(wait.qty, left)) }],
      holdSeconds: lineHoldSeconds(wait),
      inLine: true,
      terms: 'standing',
    });
    const offered = await store.offered(wait, order._id);
    if (fresh) bus.tell('wait.offered', { ...factOf(order), order: order._id, sku, live });
    return offered;
  }

  async function of(person: Pick<Person, 'ids'>): Promise<Waiting[]> {
    const waits = await store.of(person.ids, new Date(clock.now().getTime() - LONGEST_AT_HOME_MS));
    const codes = waits.flatMap(({ state, order }) => (state === 'offered' && order ? [order] : []));
    const orders = new Map((await deps.orders.byCodes(codes)).map((order) => [order._id, order]));
    const found = await Promise.all(
      waits.map(async (wait) => {
        const order = orders.get(wait.order ?? '');
        const standing = standingOf(wait, order?.state);
        const ahead = standing === 'waiting' ? await store.ahead(wait) : 0;
        return { sku: wait.sku, qty: wait.qty, since: wait.since, standing, ahead, order };
      }),
    );
    return found.filter((wait): wait is Waiting => wait.standing !== 'over');
  }

  return {
    /**
     * Joins the line for a product that has run out.
     *
     * @returns how many are ahead
     * @throws AppError `conflict` while there are enough pieces to simply order, or for whoever stands in too many; for a
     *   line in a live what an order there is refused with, since an order comes of it
     */
    async join(wish: { sku: string; qty: number; live: string | null }, person: Person): Promise<number> {
      if (wish.live !== null) {
        const { putOut } = await deps.saleIn(wish.live, [wish.sku], [person]);
        if (putOut?.has(person.id)) throw new AppError('forbidden');
      }
      const left = (await stock.availability([wish.sku])).get(wish.sku) ?? 0;
      const promised = (await store.wanted([wish.sku])).get(wish.sku) ?? 0;
      if (left - promised >= wish.qty) throw new AppError('conflict', { fields: { sku: 'in_stock' } });
      if ((await store.waitingOf(person.ids)) >= MOST) {
        throw new AppError('conflict', { fields: { sku: 'waits_full' } });
      }
      const wait = await store.join({
        ...wish,
        buyer: person.id,
        buyerIds: [...person.ids],
        buyerName: person.name,
        lang: person.lang,
        since: clock.now(),
      });
      return store.ahead(wait);
    },

    /** Out of the line; one that was offered and missed is put away. What is held meanwhile stays an order. */
    leave: (sku: string, person: Person) => store.leave(sku, person.ids),

    /** Every line that somebody stands in, and what they were offered and may still pay for, or have missed. */
    of,

    /** The order that is held for somebody from a line right now, the first to lapse. */
    async offeredTo(person: Pick<Person, 'ids'>): Promise<OrderDoc | undefined> {
      const now = clock.now();
      const codes = await store.offeredTo(person.ids, new Date(now.getTime() - LONGEST_AT_HOME_MS));
      if (codes.length === 0) return undefined;
      const held = (await deps.orders.byCodes(codes)).filter(
        ({ state, expiresAt }) => state === 'awaiting_payment' && expiresAt > now,
      );
      return held.sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())[0];
    },

    /** Pieces that newcomers may not have, because others wait for them. */
    promised: (skus: readonly string[]) => store.wanted(skus),

    /** Serves lines whose news was lost with a process, and sends home who has waited too long. */
    async attend(): Promise<void> {
      const now = clock.now().getTime();
      await store.giveUpBefore({
        live: new Date(now - LONGEST_IN_LIVE_MS),
        home: new Date(now - LONGEST_AT_HOME_MS),
      });
      for (const sku of await store.waitedFor()) {
        // One that cannot be served, such as for what nobody sells any more, holds up no other line.
        await serve(sku).catch((err: unknown) => deps.log.warn({ err, sku }, 'this line was not served'));
      }
    },
  };
}

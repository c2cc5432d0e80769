import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Stock } from '../stock/index.ts';
import type { Ringing } from './ringing.rules.ts';
import type { RungUp } from './till.service.ts';
import type { WaitStore } from './waits.store.ts';

export type Waits = ReturnType<typeof createWaits>;

/** How long pieces that came back are held for the next in line, in seconds. */
const SHORT_HOLD_SECONDS = 180;

/** Who has waited longer than this has gone home. */
const LONGEST_WAIT_MS = 24 * 3600 * 1000;

/**
 * The line for what has run out. When pieces come back, the first in line gets an order with a short hold of its own;
 * when it lapses, its pieces come back, and the next one is served. Serving is the till's own `ringUp` with a click
 * that belongs to the place in line: two processes that serve at once make one order.
 */
export function createWaits(deps: {
  store: WaitStore;
  stock: Stock;
  bus: Bus;
  clock: Clock;
  log: Log;
  ringUp: (ringing: Ringing) => Promise<RungUp>;
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
        const { order, fresh } = await deps.ringUp({
          buyer: { id: wait.buyer, ids: wait.buyerIds, name: wait.buyerName },
          clickId: `wait-${sku}-${wait.turn}`.slice(0, 64),
          live: wait.live,
          lines: [{ sku, qty: wait.qty }],
          holdSeconds: SHORT_HOLD_SECONDS,
          inLine: true,
        });
        const offered = await store.offered(wait, order._id);
        if (fresh) bus.tell('wait.offered', { buyer: wait.buyer, order: order._id, sku, live: wait.live });
        if (!offered) return;
      } catch (error) {
        // Gone again, or another process is serving this one: the job looks again.
        if (error instanceof AppError && ['sold_out', 'unavailable'].includes(error.code)) return;
        throw error;
      }
    }
  }

  return {
    /**
     * Joins the line for a product that has run out.
     *
     * @returns how many are ahead
     * @throws AppError `conflict` while there are enough pieces to simply order
     */
    async join(wish: { sku: string; qty: number; live: string | null }, person: Person): Promise<number> {
      const left = (await stock.availability([wish.sku])).get(wish.sku) ?? 0;
      const promised = (await store.wanted([wish.sku])).get(wish.sku) ?? 0;
      if (left - promised >= wish.qty) throw new AppError('conflict');
      const wait = await store.join({
        ...wish,
        buyer: person.id,
        buyerIds: [...person.ids],
        buyerName: person.name,
        since: clock.now(),
      });
      return store.ahead(wait);
    },

    leave: (sku: string, person: Person) => store.leave(sku, person.ids),

    /** Pieces that newcomers may not have, because others wait for them. */
    promised: (skus: readonly string[]) => store.wanted(skus),

    /** Serves lines whose news was lost with a process, and sends home who has waited too long. */
    async attend(): Promise<void> {
      await store.giveUpBefore(new Date(clock.now().getTime() - LONGEST_WAIT_MS));
      for (const sku of await store.waitedFor()) await serve(sku);
    },
  };
}

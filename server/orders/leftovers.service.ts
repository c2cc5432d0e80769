import type { Clock } from '../platform/clock.ts';
import { leftOver, type Stock, type Take } from '../stock/index.ts';
import type { Claim } from './claiming.rules.ts';
import type { BatchDoc, OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import { claimables, lotsOf } from './ringing.rules.ts';

/** A batch older than this is nobody's any more; the slowest living one is finished long before. */
const ABANDONED_AFTER_MS = 15_000;

/** Longer than any process can hang between two steps of a batch and still be alive. */
const STONES_KEPT_MS = 24 * 3600 * 1000;

/** What batches took and no order has: of those that are finished, and of those that nobody finishes any more. */
export function createLeftovers(deps: {
  store: OrderStore;
  stock: Stock;
  claims: readonly Claim[];
  clock: Clock;
}) {
  const { store, stock, claims, clock } = deps;

  /** What the batch took and claimed, less what its orders have. Exactly once, however often this is called. */
  async function giveBack(batch: BatchDoc, takes: Take[], orders: OrderDoc[]): Promise<void> {
    const kept = new Set(orders.map(({ _id }) => _id));
    const losers = claimables(batch).filter(({ _id }) => !kept.has(_id));
    if (losers.length > 0) for (const claim of claims) await claim.giveBack(losers);
    const rest = leftOver(takes, orders.flatMap(lotsOf));
    await stock.release(
      rest.map((take) => ({ ...take, ref: `${batch._id}:rest` })),
      'not needed by the batch',
    );
  }

  /** Undoes what no order came of. The living may still be at it: then they come to the same end. */
  async function finish(batch: BatchDoc): Promise<void> {
    await store.bury(batch, clock.now());
    const orders = (await store.byCodes(batch.codes)).filter(({ state }) => state !== 'opening');
    const kept = new Set(orders.map(({ _id }) => _id));
    const losers = claimables(batch).filter(({ _id }) => !kept.has(_id));
    for (const claim of claims) await claim.seal(batch._id, losers);
    const takes = await stock.seal(batch._id, batch.skus);
    await giveBack(batch, takes, orders);
    await store.forget([batch._id]);
  }

  return {
    giveBack,

    /**
     * Finishes batches whose process died. Safe to run on several nodes at once, and against the living.
     *
     * @returns how many
     * @throws AggregateError when some could not be; the others are
     */
    async finishAbandoned(): Promise<number> {
      const now = clock.now().getTime();
      const batches = await store.unfinished(new Date(now - ABANDONED_AFTER_MS));
      const failures: unknown[] = [];
      for (const batch of batches) await finish(batch).catch((error: unknown) => failures.push(error));
      await store.forgetBuried(new Date(now - STONES_KEPT_MS));
      if (failures.length > 0) throw new AggregateError(failures, 'batches that could not be finished');
      return batches.length;
    },
  };
}

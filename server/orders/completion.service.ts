import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { isDone, silentParcels } from './completion.rules.ts';
import type { CompletionStore } from './completion.store.ts';
import './orders.facts.ts';
import { factOf } from './moves.service.ts';
import type { OrderDoc } from './orders.model.ts';
import type { Packing } from './packing.service.ts';

export type Completion = ReturnType<typeof createCompletion>;

const DAY_MS = 24 * 3_600_000;
const PER_RUN = 200;

/**
 * The end of an order's life, by the clock: a parcel of which nobody tells counts as delivered after some days, and what
 * has been delivered is completed after some more. Each step is compare-and-set, so that several nodes and a buyer who
 * presses "received" at that very moment do it once.
 */
export function createCompletion(deps: {
  store: CompletionStore;
  packing: Packing;
  bus: Bus;
  clock: Clock;
  deliverAfterDays: number;
  completeAfterDays: number;
}) {
  const { store, packing, bus, clock } = deps;

  const ago = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);

  async function deliver(order: OrderDoc, before: Date): Promise<number> {
    let count = 0;
    for (const parcel of silentParcels(order, before)) {
      try {
        await packing.arrive(order._id, parcel);
        count += 1;
      } catch (error) {
        // Somebody has done something else with it meanwhile; the next turn sees what.
        if (!(error instanceof AppError)) throw error;
      }
    }
    return count;
  }

  async function complete(order: OrderDoc, before: Date): Promise<boolean> {
    if (!isDone(order, before)) return false;
    const { state: from } = order;
    const entry = { at: clock.now(), from, to: 'completed', by: 'clock', why: 'completed' } as const;
    const done = await store.complete(order, entry);
    if (done) bus.tell('order.moved', { ...factOf(done), from, to: 'completed' });
    return done !== null;
  }

  return {
    /** Safe to run twice and on several nodes at once. @returns how many parcels and orders it moved on */
    async run(): Promise<{ delivered: number; completed: number }> {
      const counts = { delivered: 0, completed: 0 };
      const shipped = ago(deps.deliverAfterDays);
      for (const order of await store.underWaySince(shipped, PER_RUN)) {
        counts.delivered += await deliver(order, shipped);
      }
      const delivered = ago(deps.completeAfterDays);
      for (const order of await store.arrivedBefore(delivered, PER_RUN)) {
        if (await complete(order, delivered)) counts.completed += 1;
      }
      return counts;
    },
  };
}

import { owed, type Order } from '../orders/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { CartonDoc } from './cartons.model.ts';
import type { CartonStore } from './cartons.store.ts';
import type { BindRefusal } from './units.rules.ts';
import type { Units } from './units.service.ts';

export type Stowing = ReturnType<typeof createStowing>;

export type StowRefusal =
  BindRefusal | 'carton_open' | 'carton_busy' | 'carton_unpacked' | 'carton_empty' | 'carton_with_order';

export type StowOutcome = { carton: CartonDoc; again: boolean } | { refused: StowRefusal };

/** Nobody's hand takes so long: whoever it was is gone. */
const STUCK_MS = 60_000;

/**
 * Puts a whole carton to a line of an order: all its units or none. The carton is claimed first, by one conditional
 * write, so that of two packers one has it; then its units go one by one. Only when all of them are there the carton
 * is stowed, and only then anybody is told so. What a process died over is undone by `settle`.
 */
export function createStowing(deps: { store: CartonStore; units: Units; clock: Clock }) {
  const { store, units, clock } = deps;

  /** Takes its units out of the order again. Those that have gone into a box by now are not in the carton any more. */
  async function undo(carton: CartonDoc): Promise<void> {
    const order = carton.order!;
    const gone: string[] = [];
    for (const serial of carton.units) {
      try {
        await units.release({ serial, order, by: carton.by });
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
        if ((await units.byCode(serial))?.order === order) gone.push(serial);
      }
    }
    if (gone.length > 0) await store.without(carton._id, gone);
    await store.giveUp(carton, clock.now());
  }

  async function bindAll(carton: CartonDoc): Promise<BindRefusal | undefined> {
    for (const code of carton.units) {
      const to = { order: carton.order!, line: carton.line!, by: carton.by, carton: carton._id };
      const outcome = await units.bind({ code, ...to });
      if ('refused' in outcome) return outcome.refused;
    }
    return undefined;
  }

  async function whyNot(sscc: string, order: string): Promise<StowOutcome> {
    const carton = await store.byId(sscc);
    if (!carton) return { refused: 'unknown' };
    if (carton.state === 'stowed') {
      return carton.order === order ? { carton, again: true } : { refused: 'carton_with_order' };
    }
    const refusals = {
      open: 'carton_open',
      unpacked: 'carton_unpacked',
      // `closed`: somebody has just put it back.
      closed: 'carton_busy',
      stowing: 'carton_busy',
    } as const;
    return { refused: refusals[carton.state] };
  }

  return {
    byId: (sscc: string) => store.byId(sscc),
    ofOrder: (order: string) => store.ofOrder(order),
    holding: (serial: string) => store.holding(serial),
    letGo: (serial: string) => store.letGo(serial),

    /** @throws what the database throws; the carton is then settled by the job */
    async stow(to: { sscc: string; order: Order; line: number; by: string }): Promise<StowOutcome> {
      const { sscc, order, line, by } = to;
      const looked = await store.byId(sscc);
      if (looked?.state === 'closed') {
        if (looked.units.length === 0) return { refused: 'carton_empty' };
        const there = (await units.ofOrder(order._id)).filter((unit) => unit.line === line).length;
        if (there + looked.units.length > owed(order, line)) return { refused: 'too_many' };
      }
      const carton = await store.claim(sscc, { order: order._id, line, at: clock.now(), by });
      if (!carton) return whyNot(sscc, order._id);
      const refused = await bindAll(carton);
      const stowed = refused ? null : await store.stowed(carton, clock.now());
      if (stowed) return { carton: stowed, again: false };
      await undo(carton);
      return { refused: refused ?? 'carton_busy' };
    },

    /** Takes the whole carton out again. @throws AppError `conflict` when its box is closed or it is not there */
    async unstow({ sscc, order, by }: { sscc: string; order: string; by: string }): Promise<void> {
      const inside = (await units.ofOrder(order)).filter(({ parcel }) => parcel !== null);
      const looked = await store.byId(sscc);
      if (inside.some(({ _id }) => looked?.units.includes(_id))) throw new AppError('conflict');
      const carton = await store.reclaim(sscc, order, { at: clock.now(), by });
      if (!carton) throw new AppError('conflict');
      await undo(carton);
    },

    /** Cartons that a process died over go back to the shelf. Safe to run twice and on two nodes at once. */
    async settle(): Promise<number> {
      const stuck = await store.stuck(new Date(clock.now().getTime() - STUCK_MS));
      for (const carton of stuck) await undo(carton);
      return stuck.length;
    },
  };
}

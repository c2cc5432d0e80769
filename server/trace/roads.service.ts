import type { Catalog } from '../catalog/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Orders } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { createLane } from '../platform/lane.ts';
import type { Log } from '../platform/log.ts';
import type { Lot, Stock } from '../stock/index.ts';
import type { CartonStore } from './cartons.store.ts';
import type { Happening } from './epcis.rules.ts';
import type { Events } from './events.service.ts';
import type { EventStore } from './events.store.ts';
import {
  cartonHappenings,
  lotHappenings,
  orderHappenings,
  orderOfKey,
  unpackedHappening,
  type LotPlace,
} from './roads.rules.ts';
import type { Units } from './units.service.ts';

export interface RoadsDeps {
  events: Events;
  store: EventStore;
  units: Units;
  cartons: CartonStore;
  stock: Stock;
  orders: Orders;
  catalog: Catalog;
  cooperatives: Cooperatives;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** Codes of the orders that something has happened to since then. */
  changedOrders: (since: Date) => AsyncIterable<string[]>;
}

export type Roads = ReturnType<typeof createRoads>;

/** A process's first look goes back so far; later ones overlap the one before. */
const FIRST_LOOK_MS = 24 * 3_600_000;
/** Happenings whose keys are asked for together. */
const CARTONS_AT_ONCE = 500;

const OVERLAP_MS = 10 * 60_000;

/**
 * Writes down what happens to lots, boxes and units. A fact only says where to look: what is missing on a chain follows
 * from the lot and the order themselves, and the key of each event makes one of what was told twice. What was told to
 * a process that died is found by `recover`.
 */
export function createRoads(deps: RoadsDeps) {
  const { events, store, units, cartons, stock, orders, bus, clock, log } = deps;
  const lane = createLane<() => Promise<void>, void>({
    maxBatch: 1,
    maxWaiting: 20_000,
    work: async ([look]) => {
      await look!();
      return [{ ok: true, value: undefined }];
    },
  });
  let lookedUntil: Date | undefined;

  async function placesOf(lots: readonly Lot[]): Promise<Map<string, LotPlace & { code: string }>> {
    const sellables = await deps.catalog.sellables(lots.map(({ sku }) => sku));
    const coops = await deps.cooperatives.byIds([...new Set(lots.map(({ cooperative }) => cooperative))]);
    return new Map(
      lots.flatMap((lot) => {
        const gtin = sellables.get(lot.sku)?.variant.gtin;
        const place = coops.find(({ _id }) => _id === lot.cooperative)?.slug;
        return gtin === undefined || place === undefined ? [] : [[lot._id, { gtin, place, code: lot.code }]];
      }),
    );
  }

  async function recordMissing(lot: string, happenings: readonly Happening[]): Promise<number> {
    const known = await events.known(
      lot,
      happenings.map(({ key }) => key),
    );
    let recorded = 0;
    for (const happening of happenings.filter(({ key }) => !known.has(key))) {
      if (await events.record(lot, happening)) recorded += 1;
    }
    return recorded;
  }

  /** Many at a time: of a lot in cartons, most have been on record for long. */
  async function followCartons(lot: string, place: LotPlace & { code: string }): Promise<number> {
    let recorded = 0;
    let waiting: Happening[] = [];
    for await (const carton of cartons.closedOf(lot)) {
      waiting.push(...cartonHappenings(carton, place));
      if (waiting.length < CARTONS_AT_ONCE) continue;
      recorded += await recordMissing(lot, waiting);
      waiting = [];
    }
    return recorded + (waiting.length > 0 ? await recordMissing(lot, waiting) : 0);
  }

  async function followLots(lots: readonly Lot[]): Promise<number> {
    const places = await placesOf(lots);
    let recorded = 0;
    for (const lot of lots) {
      const place = places.get(lot._id);
      if (!place) continue;
      recorded += await recordMissing(lot._id, lotHappenings(lot, place));
      recorded += await followCartons(lot._id, place);
    }
    return recorded;
  }

  /** Boxes that stand on a chain for this order and are not in it any more. */
  async function openedAgain(order: string, lots: readonly string[], there: ReadonlySet<string>) {
    const places = await placesOf(await stock.lots([...lots]));
    for (const [lot, place] of places) {
      const mine = (await store.keysOfOrder(lot, order)).flatMap((key) => orderOfKey(key) ?? []);
      const gone = mine.filter(({ parcel, step }) => step === 'packed' && !there.has(parcel));
      for (const { parcel } of gone) {
        await units.outOfParcel(order, parcel);
        await recordMissing(lot, [unpackedHappening({ parcel, order }, place, clock.now())]);
      }
    }
  }

  async function followOrder(code: string): Promise<void> {
    const order = await orders.byCode(code);
    if (!order) return;
    const ids = [...new Set(order.lines.flatMap(({ lots }) => lots.map(({ lot }) => lot)))];
    const touched = order.parcels.length > 0 || order.refunds.some(({ restock }) => restock.length > 0);
    if (!touched && !(await store.hasOrder(ids, code))) return;
    await openedAgain(code, ids, new Set(order.parcels.map((parcel) => parcel.code)));
    for (const parcel of order.parcels) {
      await units.intoParcel(code, parcel.code, parcel.items);
      if (parcel.shippedAt) await units.parcelMoved(code, parcel.code, 'shipped');
      if (parcel.deliveredAt) await units.parcelMoved(code, parcel.code, 'sold');
    }
    const [bound, stowed] = await Promise.all([units.ofOrder(code), cartons.ofOrder(code)]);
    const all = [...new Set([...ids, ...bound.map(({ lot }) => lot)])];
    const lots = await stock.lots(all);
    // The lot's own beginning stands before what became of its pieces.
    await followLots(lots);
    const happenings = orderHappenings(order, { units: bound, cartons: stowed }, await placesOf(lots));
    for (const [lot, ofLot] of happenings) await recordMissing(lot, ofLot);
  }

  function soon(what: string, look: () => Promise<void>): Promise<void> {
    return lane.enter(look).catch((err: unknown) => {
      log.warn({ err, what }, 'the road is left to the next turn of the job');
    });
  }

  const followLot = async (code: string) => {
    const lot = await stock.byCode(code);
    if (lot) await followLots([lot]);
  };

  bus.on('lot.changed', ({ lot }) => soon(lot, () => followLot(lot)));
  for (const fact of ['parcel.packed', 'parcel.unpacked', 'parcel.shipped', 'parcel.delivered'] as const) {
    bus.on(fact, ({ order }) => soon(order, () => followOrder(order)));
  }
  bus.on('order.moved', async ({ code, to }) => {
    if (to === 'refunded' || to === 'partly_refunded') await soon(code, () => followOrder(code));
  });

  return {
    followOrder,
    followLot,
    /** The same, later and without failing whoever asks for it. */
    lotSoon: (code: string) => soon(code, () => followLot(code)),

    /** Records what was missed. Safe to run twice and on two nodes at once. @returns how many of lots */
    async recover(): Promise<number> {
      const started = clock.now();
      const since = new Date(
        lookedUntil ? lookedUntil.getTime() - OVERLAP_MS : started.getTime() - FIRST_LOOK_MS,
      );
      const recorded = await followLots(await stock.allLots());
      for await (const codes of deps.changedOrders(since)) {
        for (const code of codes) await followOrder(code);
      }
      lookedUntil = started;
      if (recorded > 0) log.info({ events: recorded }, 'recorded events of lots that were missed');
      return recorded;
    },

    idle: () => lane.idle(),
  };
}

import type { Order } from '../orders/index.ts';
import type { Lot } from '../stock/index.ts';
import { placeUri, type Happening, type Pieces, type RoadStep } from './epcis.rules.ts';
import type { CartonDoc } from './cartons.model.ts';
import { boxedTogether } from './cartons.rules.ts';
import type { UnitDoc } from './units.model.ts';

/** What the road needs to know of a lot besides its stock. */
export interface LotPlace {
  gtin: string;
  /** The cooperative's slug. */
  place: string;
}

const STATE_STEPS: Record<string, RoadStep> = {
  'open blocked': 'blocked',
  'blocked open': 'unblocked',
  'open recalled': 'recalled',
  'blocked recalled': 'recalled',
  'recalled open': 'recall_ended',
  'recalled blocked': 'recall_ended',
};

/** What a lot's own record says has happened to it. */
export function lotHappenings(lot: Lot, { gtin, place }: LotPlace): Happening[] {
  const item = { gtin, lot: lot.code };
  const received: Happening = {
    key: 'lot:received',
    step: 'received',
    at: lot.createdAt,
    by: 'stock',
    place: placeUri(place),
    pieces: [{ ...item, qty: lot.received }],
    master: { bestBefore: lot.bestBefore, madeOn: lot.madeOn, lot: lot.code },
  };
  const states = (lot.history ?? []).flatMap(({ ref, at, by, from, to, why }): Happening[] => {
    const step = STATE_STEPS[`${from} ${to}`];
    if (!step) return [];
    const pieces: Pieces[] = [{ ...item, qty: lot.received }];
    return [{ key: `state:${ref}`, step, at, by, place: placeUri(place), pieces, note: why }];
  });
  return [received, ...states];
}

/** When a carton was closed over its units, and when it was taken apart. */
export function cartonHappenings(carton: CartonDoc, { gtin, place, code }: LotPlace & { code: string }) {
  const { _id, packed, closedAt, closedBy, unpackedAt, unpackedBy } = carton;
  const units = packed.map((serial) => ({ gtin, lot: code, serial }));
  const base = { carton: _id, place: placeUri(place), units };
  const happenings: Happening[] = [];
  if (!closedAt) return happenings;
  happenings.push({ ...base, key: `carton:${_id}:cased`, step: 'cased', at: closedAt, by: closedBy ?? '' });
  if (unpackedAt) {
    const apart = { key: `carton:${_id}:uncased`, step: 'uncased' as const };
    happenings.push({ ...base, ...apart, at: unpackedAt, by: unpackedBy ?? '' });
  }
  return happenings;
}

/** So many pieces of a lot in a box, and those of them that have codes. */
export interface InParcel {
  qty: number;
  serials: string[];
}

type OrderLook = Pick<Order, 'lines' | 'parcels'>;

/**
 * Of which lots the pieces in each box are. Bound units say it for themselves; the others are of the lots that the
 * line was sold from, in their order, as far as those have not gone into boxes before.
 *
 * @returns parcel -> lot -> what is in it
 */
export function contentsOf(order: OrderLook, units: readonly UnitDoc[]): Map<string, Map<string, InParcel>> {
  const left = order.lines.map(({ lots }) => new Map(lots.map(({ lot, qty }) => [lot, qty])));
  const contents = new Map<string, Map<string, InParcel>>();
  const put = (parcel: string, lot: string, qty: number, serials: string[] = []) => {
    const lots = contents.get(parcel) ?? new Map<string, InParcel>();
    contents.set(parcel, lots);
    const there = lots.get(lot) ?? { qty: 0, serials: [] };
    lots.set(lot, { qty: there.qty + qty, serials: [...there.serials, ...serials] });
  };
  for (const { parcel, line, lot, _id } of units) {
    if (parcel === null || line === null) continue;
    put(parcel, lot, 1, [_id]);
    left[line]?.set(lot, Math.max(0, (left[line].get(lot) ?? 0) - 1));
  }
  for (const { code, items } of order.parcels) {
    for (const { line, qty } of items) {
      let rest = qty - units.filter((unit) => unit.parcel === code && unit.line === line).length;
      for (const [lot, room] of left[line] ?? []) {
        const taken = Math.min(rest, room);
        if (taken <= 0) continue;
        put(code, lot, taken);
        left[line]!.set(lot, room - taken);
        rest -= taken;
      }
    }
  }
  return contents;
}

const TIMES = [
  ['packed', 'packedAt'],
  ['shipped', 'shippedAt'],
  ['sold', 'deliveredAt'],
] as const;

/** Private to the database: the order in it is what finds a box that has been opened again. */
export const parcelKey = (parcel: string, step: string, order: string) => `parcel:${parcel}:${step}:${order}`;

export function orderOfKey(key: string): { parcel: string; step: string; order: string } | undefined {
  const [, parcel = '', step = '', order = ''] = /^parcel:(\w+):(\w+):(\w+)$/.exec(key) ?? [];
  return parcel === '' ? undefined : { parcel, step, order };
}

/** What has happened to an order's boxes and refunds, by lot. */
export function orderHappenings(
  order: Order,
  { units, cartons }: { units: readonly UnitDoc[]; cartons: readonly CartonDoc[] },
  lots: ReadonlyMap<string, LotPlace & { code: string }>,
): Map<string, Happening[]> {
  const byLot = new Map<string, Happening[]>();
  const add = (lot: string, happening: Happening) => byLot.set(lot, [...(byLot.get(lot) ?? []), happening]);
  const contents = contentsOf(order, units);
  for (const parcel of order.parcels) {
    for (const [lot, { qty, serials }] of contents.get(parcel.code) ?? []) {
      const known = lots.get(lot);
      if (!known) continue;
      const item = { gtin: known.gtin, lot: known.code };
      const boxed = boxedTogether(serials, cartons);
      for (const [step, time] of TIMES) {
        const at = parcel[time];
        if (!at) continue;
        const key = parcelKey(parcel.code, step, order._id);
        const loose = qty - serials.length;
        add(lot, {
          ...{ key, step, at, by: step === 'packed' ? parcel.packedBy : 'orders', parcel: parcel.code },
          ...(step === 'sold' ? {} : { place: placeUri(known.place) }),
          pieces: loose > 0 ? [{ ...item, qty: loose }] : [],
          cartons: boxed.cartons,
          units: boxed.loose.map((serial) => ({ ...item, serial })),
        });
      }
    }
  }
  for (const refund of order.refunds.filter(({ state }) => state === 'done')) {
    for (const { lot, qty } of refund.restock.flatMap(({ lots: back }) => back)) {
      const known = lots.get(lot);
      if (!known) continue;
      const pieces = [{ gtin: known.gtin, lot: known.code, qty }];
      const key = `refund:${refund.key}:${order._id}`;
      add(lot, { key, step: 'returned', at: refund.at, by: refund.by, place: placeUri(known.place), pieces });
    }
  }
  return byLot;
}

/** A box that was closed and is not there any more has been opened again. */
export function unpackedHappening(
  { parcel, order }: { parcel: string; order: string },
  { gtin, place, code }: LotPlace & { code: string },
  at: Date,
): Happening {
  return {
    key: parcelKey(parcel, 'unpacked', order),
    step: 'unpacked',
    at,
    by: 'orders',
    parcel,
    place: placeUri(place),
    pieces: [{ gtin, lot: code }],
  };
}

import type { Order } from '../orders/index.ts';
import { owed } from '../orders/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Picture, Translate } from '../platform/views/index.ts';
import { grouped } from './codes.rules.ts';
import type { ScanOutcome } from './scanning.service.ts';
import type { CartonDoc } from './cartons.model.ts';
import { boxedTogether } from './cartons.rules.ts';
import { spokenSscc } from './sscc.rules.ts';
import type { Unit } from './units.service.ts';

export interface ScanReader {
  lang: Lang;
  t: Translate;
  picture: (reference: string) => Picture;
}

/** A desk's lines of an order, and which pieces have been put to each. */
export function presentTable(
  order: Order,
  side: { units: readonly Unit[]; cartons: readonly CartonDoc[]; cooperative: string },
  reader: ScanReader,
) {
  const lines = order.lines.flatMap((line, index) => {
    if (line.cooperative !== side.cooperative) return [];
    const mine = side.units.filter((unit) => unit.line === index);
    const wanted = owed(order, index);
    return [
      {
        index,
        name: line.name[reader.lang],
        variant: line.variant[reader.lang],
        picture: reader.picture(line.image),
        scanned: mine.length,
        wanted,
        complete: mine.length >= wanted,
        units: presentUnits(mine, side.cartons),
      },
    ];
  });
  const total = lines.reduce((sum, { wanted }) => sum + wanted, 0);
  const scanned = lines.reduce((sum, line) => sum + Math.min(line.scanned, line.wanted), 0);
  return { code: order._id, lines, total, scanned, complete: scanned >= total };
}

/** Pieces one by one, and those that came in a carton as the carton, as long as they lie together. */
function presentUnits(units: readonly Unit[], cartons: readonly CartonDoc[]) {
  const parcels = [...new Set(units.map(({ parcel }) => parcel))];
  return parcels.flatMap((parcel) => {
    const here = units.filter((unit) => unit.parcel === parcel).map(({ _id }) => _id);
    const { cartons: whole, loose } = boxedTogether(here, cartons);
    const entry = (serial: string, spoken: string) => ({ serial, spoken, parcel, loose: parcel === null });
    const sizes = new Map(cartons.map((carton) => [carton._id, carton.units.length]));
    return [
      ...whole.map((sscc) => entry(sscc, `${spokenSscc(sscc)} × ${sizes.get(sscc) ?? 0}`)),
      ...loose.map((serial) => entry(serial, grouped(serial))),
    ];
  });
}

/** What the screen and the ear are told of one scan. */
export function presentOutcome(
  outcome: ScanOutcome,
  order: Order,
  { lang, t }: Pick<ScanReader, 'lang' | 't'>,
) {
  if ('refused' in outcome) {
    const { refused } = outcome;
    const reason = refused === 'too_many' ? 'enough' : refused;
    return { ok: false, text: t(`scanning.refused.${reason}`), code: refused };
  }
  const name = order.lines[outcome.line]?.name[lang] ?? '';
  if ('carton' in outcome) {
    const values = { name, count: outcome.carton.units.length };
    return {
      ok: true,
      text: t(outcome.again ? 'scanning.cartonAgain' : 'scanning.cartonBound', values),
      code: outcome.again ? 'again' : 'bound',
    };
  }
  return {
    ok: true,
    text: t(outcome.again ? 'scanning.again' : 'scanning.bound', { name, code: grouped(outcome.unit._id) }),
    code: outcome.again ? 'again' : 'bound',
  };
}

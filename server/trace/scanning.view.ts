import type { Order } from '../orders/index.ts';
import { owed } from '../orders/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Picture, Translate } from '../platform/views/index.ts';
import { grouped } from './codes.rules.ts';
import type { ScanOutcome } from './scanning.service.ts';
import type { Unit } from './units.service.ts';

export interface ScanReader {
  lang: Lang;
  t: Translate;
  picture: (reference: string) => Picture;
}

/** A desk's lines of an order, and which pieces have been put to each. */
export function presentTable(
  order: Order,
  { units, cooperative }: { units: readonly Unit[]; cooperative: string },
  reader: ScanReader,
) {
  const lines = order.lines.flatMap((line, index) => {
    if (line.cooperative !== cooperative) return [];
    const mine = units.filter((unit) => unit.line === index);
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
        units: mine.map(({ _id, parcel }) => ({
          serial: _id,
          spoken: grouped(_id),
          parcel,
          loose: parcel === null,
        })),
      },
    ];
  });
  const total = lines.reduce((sum, { wanted }) => sum + wanted, 0);
  const scanned = lines.reduce((sum, line) => sum + Math.min(line.scanned, line.wanted), 0);
  return { code: order._id, lines, total, scanned, complete: scanned >= total };
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
  return {
    ok: true,
    text: t(outcome.again ? 'scanning.again' : 'scanning.bound', { name, code: grouped(outcome.unit._id) }),
    code: outcome.again ? 'again' : 'bound',
  };
}

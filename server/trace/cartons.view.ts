import type { Picture, Translate } from '../platform/views/index.ts';
import type { CartonDoc } from './cartons.model.ts';
import { grouped } from './codes.rules.ts';
import { spokenSscc } from './sscc.rules.ts';
import type { PutOutcome } from './cartons.service.ts';

/** A carton in the list of its lot. */
export function presentCartonRow(carton: CartonDoc, t: Translate) {
  const { _id, state, units, packed, order, madeAt } = carton;
  return {
    spoken: spokenSscc(_id),
    href: `/coop/cartons/carton/${_id}`,
    state,
    stateLabel: t(`cartons.state.${state}`),
    count: state === 'unpacked' ? packed.length : units.length,
    order: order ?? undefined,
    at: madeAt,
  };
}

/** What lies in a carton, as the scanning table shows lines: one line, and its pieces. */
export function presentContents(
  carton: CartonDoc,
  goods: { name: string; variant: string; picture: Picture },
  most: number,
) {
  const inside = carton.state === 'unpacked' ? carton.packed : carton.units;
  const isOpen = carton.state === 'open';
  const line = {
    ...{ index: 0, ...goods, scanned: inside.length, wanted: most, complete: inside.length >= most },
    units: inside.map((serial) => ({ serial, spoken: grouped(serial), parcel: null, loose: isOpen })),
  };
  return { code: carton._id, lines: [line], scanned: inside.length, total: most, complete: false };
}

export function presentPut(outcome: PutOutcome, t: Translate) {
  if ('refused' in outcome) {
    return { ok: false, text: t(`scanning.refused.${outcome.refused}`), code: outcome.refused };
  }
  const values = { code: grouped(outcome.unit._id) };
  return {
    ok: true,
    text: t(outcome.again ? 'cartons.again' : 'cartons.put', values),
    code: outcome.again ? 'again' : 'bound',
  };
}

import type { Catalog } from '../catalog/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Lot, Lots, Member } from '../stock/index.ts';
import { holdsShut } from './cartons.rules.ts';
import type { CartonStore } from './cartons.store.ts';
import { placeUri, type RoadStep } from './epcis.rules.ts';
import type { Events } from './events.service.ts';
import type { WithdrawCommand } from './units.schema.ts';
import type { Unit, Units } from './units.service.ts';

export type Withdrawals = ReturnType<typeof createWithdrawals>;

/** Codes one by one, after they were printed: a spoiled label, a broken jar, a piece that came back. */
export function createWithdrawals(deps: {
  units: Units;
  cartons: Pick<CartonStore, 'holding'>;
  events: Pick<Events, 'record'>;
  lots: Lots;
  catalog: Catalog;
  cooperatives: Cooperatives;
  clock: Clock;
}) {
  const { units, cartons, events, lots } = deps;

  async function unitIn(lot: Lot, text: string): Promise<Unit> {
    const read = units.serialIn(text);
    const unit = 'serial' in read ? await units.byCode(read.serial) : null;
    if (unit?.lot !== lot._id) throw new AppError('invalid', { fields: { code: 'code_unknown' } });
    return unit;
  }

  /** Its own step is on the road even where a process died between the two: the same form sent again finds it so. */
  async function moved(
    unit: Unit,
    done: Unit['state'],
    move: () => Promise<Unit>,
  ): Promise<Unit | undefined> {
    if (unit.state === done) return unit;
    try {
      return await move();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      return undefined;
    }
  }

  async function recorded(lot: Lot, unit: Unit, { step, why }: { step: RoadStep; why: string }) {
    const [coop] = await deps.cooperatives.byIds([lot.cooperative]);
    const gtin = (await deps.catalog.sellables([lot.sku])).get(lot.sku)?.variant.gtin ?? '';
    await events.record(lot._id, {
      key: `unit:${unit._id}:${step}:${unit.since.getTime()}`,
      ...{ step, at: unit.since, by: unit.by, note: why },
      ...(coop ? { place: placeUri(coop.slug) } : {}),
      units: [{ gtin, lot: lot.code, serial: unit._id }],
    });
  }

  return {
    /**
     * Voids a code for good, or takes a piece back that was away, so that it may be packed again.
     *
     * @throws AppError `not_found` for another cooperative's lot, `invalid` for a code that is not in it or lies where
     *   this cannot be done
     */
    async withdraw(code: string, { act, code: text, why }: WithdrawCommand, member: Member): Promise<Unit> {
      const lot = await lots.own(code, member);
      const unit = await unitIn(lot, text);
      if (act === 'back') {
        const back = await moved(unit, 'returned', () => units.takeBack(unit._id, member.id));
        if (!back) throw new AppError('invalid', { fields: { code: 'code_not_away' } });
        await recorded(lot, back, { step: 'returned', why });
        return back;
      }
      const carton = await cartons.holding(unit._id);
      if (carton && holdsShut(carton.state)) {
        throw new AppError('invalid', { fields: { code: 'code_in_carton' } });
      }
      const voided = await moved(unit, 'revoked', () => units.revoke(unit._id, member.id));
      if (!voided) throw new AppError('invalid', { fields: { code: 'code_with_order' } });
      await recorded(lot, voided, { step: 'voided', why });
      return voided;
    },
  };
}

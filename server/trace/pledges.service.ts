import type { Catalog } from '../catalog/index.ts';
import type { Cooperative, Cooperatives } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newCode } from '../platform/ids.ts';
import { localDay } from '../platform/views/index.ts';
import type { Lots, Member } from '../stock/index.ts';
import type { PledgeDoc } from './pledges.model.ts';
import { keptUntil } from './pledges.rules.ts';
import type { IssuePledge } from './pledges.schema.ts';
import type { PledgeStore } from './pledges.store.ts';

export type Pledge = PledgeDoc;
export type Pledges = ReturnType<typeof createPledges>;

/** Pledges of conformity, one or more for each lot: given, printed, withdrawn, and kept for two years and longer. */
export function createPledges(deps: {
  store: PledgeStore;
  lots: Lots;
  catalog: Catalog;
  cooperatives: Cooperatives;
  clock: Clock;
}) {
  const { store, lots, catalog, cooperatives, clock } = deps;

  return {
    /** @throws AppError `not_found` */
    async byId(id: string): Promise<PledgeDoc> {
      const found = await store.byId(id);
      if (!found) throw new AppError('not_found');
      return found;
    },

    /** The one that holds for a lot now, if any. */
    async ofLot(code: string): Promise<PledgeDoc | undefined> {
      return (await store.ofLot(code)).find(({ state }) => state === 'issued');
    },

    allOfLot: (code: string) => store.ofLot(code),

    /** What a form for a new one begins with. @throws AppError `not_found` */
    async suggestion(code: string, member: Member) {
      const lot = await lots.own(code, member);
      const found = (await catalog.sellables([lot.sku])).get(lot.sku);
      const [coop] = await cooperatives.byIds([lot.cooperative]);
      if (!found || !coop) throw new AppError('not_found');
      const pieces = lot.received + lot.adjusted + lot.moved;
      return {
        lot,
        product: found.product.name,
        variant: found.variant.name,
        values: {
          quantity: `${pieces}件，每件${found.variant.name['zh-CN']}`,
          producer: coop.name['zh-CN'],
          origin: originOf(coop),
          issuedOn: localDay(clock.now()),
        },
      };
    },

    /**
     * Gives a pledge. Once by the command's id.
     *
     * @throws AppError `not_found`, `invalid` for a day to come
     */
    async issue(code: string, { commandId, ...facts }: IssuePledge, member: Member): Promise<PledgeDoc> {
      const lot = await lots.own(code, member);
      const found = (await catalog.sellables([lot.sku])).get(lot.sku);
      if (!found) throw new AppError('not_found');
      const now = clock.now();
      if (facts.issuedOn > localDay(now))
        throw new AppError('invalid', { fields: { issuedOn: 'in_future' } });
      const ref = `${lot._id}:${commandId}`;
      const doc: PledgeDoc = {
        _id: newCode(),
        ref,
        ...{ lot: lot._id, code: lot.code, sku: lot.sku, cooperative: lot.cooperative },
        product: found.product.name,
        ...facts,
        keepUntil: keptUntil(facts.issuedOn),
        state: 'issued',
        ...{ withdrawnAt: null, withdrawnBy: null, withdrawnWhy: null, by: member.id, createdAt: now },
      };
      return (await store.insert(doc)) ? doc : (await store.byRef(ref))!;
    },

    /** Takes it back; it stays on record. @throws AppError `not_found`, `conflict` when it was before */
    async withdraw(id: string, why: string, member: Member): Promise<PledgeDoc> {
      const pledge = await store.byId(id);
      if (!pledge || !member.cooperatives.includes(pledge.cooperative)) throw new AppError('not_found');
      const done = await store.withdraw(id, { at: clock.now(), by: member.id, why });
      if (!done) throw new AppError('conflict');
      return done;
    },
  };
}

function originOf({ place }: Cooperative): string {
  return [place.province, place.city, place.county, place.township].filter(Boolean).join('');
}

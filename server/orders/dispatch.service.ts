import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { groupBy } from '../platform/group.ts';
import { createShared } from '../platform/shared.ts';
import type { Shelf, Stock } from '../stock/index.ts';
import {
  DEFAULT_DISPATCH,
  readyFor,
  shipPromise,
  type DispatchTerms,
  type ShipPromise,
} from './dispatch.rules.ts';
import type { DispatchVersion } from './dispatch.model.ts';
import type { DispatchStore } from './dispatch.store.ts';

export type Dispatch = ReturnType<typeof createDispatch>;

/** The terms of each cooperative, the default where it has none of its own. */
export type DispatchTable = (cooperative: string) => DispatchTerms;

export interface DispatchDeps {
  store: DispatchStore;
  stock: Pick<Stock, 'shelf'>;
  bus: Bus;
  clock: Clock;
}

/** By when what is ordered now is sent: by the cooperative's terms, and the lot that it comes out of. */
export function createDispatch({ store, stock, bus, clock }: DispatchDeps) {
  const shared = createShared<DispatchTable>({ gapMs: 0 });

  async function terms(): Promise<DispatchTable> {
    const own = new Map((await store.current()).map(({ _id, terms: found }) => [_id, found]));
    return (cooperative) => own.get(cooperative) ?? DEFAULT_DISPATCH;
  }

  /** @param shelf what can be ordered now, as it was just read */
  async function on(
    shelf: Shelf,
    lines: readonly { sku: string; qty: number }[],
  ): Promise<Map<string, ShipPromise>> {
    const table = await shared.of('all', terms);
    const lots = groupBy(shelf, ({ sku }) => sku);
    const at = clock.now();
    return new Map(
      lines.flatMap(({ sku, qty }): [string, ShipPromise][] => {
        const there = lots.get(sku);
        const cooperative = there?.[0]?.cooperative;
        if (!there || cooperative === undefined) return [];
        return [[sku, shipPromise(table(cooperative), { at, readyOn: readyFor(there, qty) })]];
      }),
    );
  }

  return {
    terms,
    on,

    /** By SKU, for so many pieces ordered now; what has run out is promised to nobody. */
    async of(lines: readonly { sku: string; qty: number }[]): Promise<Map<string, ShipPromise>> {
      return on(await stock.shelf([...new Set(lines.map(({ sku }) => sku))]), lines);
    },

    /** With its number and its past, latest first; number 0 is the default. */
    async ofCooperative(
      cooperative: string,
    ): Promise<{ version: number; terms: DispatchTerms; history: DispatchVersion[] }> {
      const found = await store.byCooperative(cooperative);
      if (!found) return { version: 0, terms: DEFAULT_DISPATCH, history: [] };
      return { version: found.version, terms: found.terms, history: found.history.toReversed() };
    },

    /**
     * Orders that are placed already keep what they were promised.
     *
     * @param change `version` is the number of the terms that the writer has read
     * @throws AppError `forbidden` for another cooperative's, `conflict` when somebody was quicker
     */
    async change(
      cooperative: string,
      change: { terms: DispatchTerms; version: number },
      by: { person: Person; cooperatives: readonly string[] },
    ): Promise<void> {
      if (!by.cooperatives.includes(cooperative)) throw new AppError('forbidden');
      const next = {
        ...{ version: change.version + 1, terms: change.terms, at: clock.now() },
        ...{ by: by.person.id, byName: by.person.name },
      };
      if (!(await store.change(cooperative, next))) throw new AppError('conflict');
      bus.tell('dispatch.changed', { cooperative });
    },
  };
}

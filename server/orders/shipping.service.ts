import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { ShippingVersion } from './shipping.model.ts';
import { DEFAULT_TABLE, outlineOf, type ShippingOutline, type ShippingTable } from './shipping.rules.ts';
import type { ShippingStore } from './shipping.store.ts';

export type Shipping = ReturnType<typeof createShipping>;

/** The table of each cooperative, the default where it has none of its own. */
export type ShippingTables = (cooperative: string) => ShippingTable;

export function createShipping(deps: { store: ShippingStore; bus: Bus; clock: Clock }) {
  const { store, bus, clock } = deps;
  return {
    /** As they are at this instant, straight from the database: what is charged comes from here. */
    async tables(): Promise<ShippingTables> {
      const own = new Map((await store.current()).map(({ _id, table }) => [_id, table]));
      return (cooperative) => own.get(cooperative) ?? DEFAULT_TABLE;
    },

    /** A table with its number and its past, latest first; number 0 is the default. */
    async ofCooperative(
      cooperative: string,
    ): Promise<{ version: number; table: ShippingTable; history: ShippingVersion[] }> {
      const found = await store.byCooperative(cooperative);
      if (!found) return { version: 0, table: DEFAULT_TABLE, history: [] };
      return { version: found.version, table: found.table, history: found.history.toReversed() };
    },

    async outline(cooperative: string): Promise<ShippingOutline> {
      return outlineOf((await store.byCooperative(cooperative))?.table ?? DEFAULT_TABLE);
    },

    /**
     * @param change `version` is the number of the table that the writer has read
     * @throws AppError `forbidden` for another cooperative's, `conflict` when somebody was quicker
     */
    async change(
      cooperative: string,
      change: { table: ShippingTable; version: number },
      by: { person: Person; cooperatives: readonly string[] },
    ): Promise<void> {
      if (!by.cooperatives.includes(cooperative)) throw new AppError('forbidden');
      const next = {
        version: change.version + 1,
        table: change.table,
        by: by.person.id,
        byName: by.person.name,
        at: clock.now(),
      };
      if (!(await store.change(cooperative, next))) throw new AppError('conflict');
      bus.tell('shipping.changed', { cooperative });
    },
  };
}

import type { Orders } from '../orders/index.ts';
import type { Stock } from '../stock/index.ts';
import { firstBreak, GENESIS, type Link } from './chain.rules.ts';
import { eventId, previousOf } from './epcis.rules.ts';
import { readEvent } from './events.service.ts';
import type { CartonStore } from './cartons.store.ts';
import type { EventStore } from './events.store.ts';
import { linkOfRoot, rootOfLeaves } from './roots.service.ts';
import type { RootStore } from './roots.store.ts';
import type { Units } from './units.service.ts';

/** Something that is not as it was written, or does not agree. */
export interface Finding {
  kind:
    | 'event_missing'
    | 'event_changed'
    | 'chain_cut'
    | 'event_renamed'
    | 'root_changed'
    | 'root_missing'
    | 'head_gone'
    | 'too_many_units'
    | 'unit_without_order'
    | 'unit_of_other_lot'
    | 'carton_changed'
    | 'unit_out_of_carton';
  /** The lot's code where it is known, or the day of a root. */
  where: string;
  seq?: number;
  /** When the event that it is about was recorded. */
  at?: Date;
  detail: string;
}

const BREAKS = { missing: 'event_missing', changed: 'event_changed', cut: 'chain_cut' } as const;

/** Looks at everything that was written down, and names what is not as it was. Writes nothing. */
export function createVerifier(deps: {
  events: EventStore;
  roots: RootStore;
  stock: Stock;
  units: Units;
  cartons: CartonStore;
  orders: Orders;
}) {
  const { events, roots, stock, units, cartons, orders } = deps;

  async function chain(lot: string, code: string): Promise<{ findings: Finding[]; hashes: Set<string> }> {
    const links: (Link & { key: string })[] = [];
    for await (const { seq, body, hash, key } of events.each(lot)) links.push({ seq, body, hash, key });
    const hashes = new Set(links.map(({ hash }) => hash));
    const found = firstBreak(links, previousOf);
    if (found) {
      const { seq, what } = found;
      const at = timeOf(links.find((link) => link.seq === seq)?.body);
      const detail =
        what === 'missing'
          ? 'an event is not there any more'
          : what === 'changed'
            ? 'the text of this event is not the one that was recorded'
            : 'this event does not follow the one before it: one of the two was written anew';
      return { findings: [{ kind: BREAKS[what], where: code, seq, ...(at ? { at } : {}), detail }], hashes };
    }
    const renamed = links.find((link) => {
      const { id, declaresWrong } = readEvent({ ...link, _id: '', lot });
      return !declaresWrong && !link.key.startsWith('import:') && id !== eventId(lot, link.key);
    });
    const findings: Finding[] = renamed
      ? [
          {
            kind: 'event_renamed',
            where: code,
            seq: renamed.seq,
            detail: `it was not recorded as ${renamed.key}`,
          },
        ]
      : [];
    return { findings, hashes };
  }

  async function published(hashesOf: ReadonlyMap<string, Set<string>>): Promise<Finding[]> {
    const findings: Finding[] = [];
    let previous = GENESIS;
    for (const doc of await roots.all()) {
      if (rootOfLeaves(doc.leaves) !== doc.root) {
        findings.push({ kind: 'root_changed', where: doc._id, detail: 'its heads do not make the root' });
      }
      if (doc.previous !== previous) {
        findings.push({
          kind: 'root_missing',
          where: doc._id,
          detail: 'it does not follow the root before it',
        });
      }
      previous = linkOfRoot(doc);
      for (const { lot, head } of doc.leaves) {
        if (hashesOf.get(lot)?.has(head)) continue;
        const detail = `the head that was published on ${doc._id} is not on the chain any more`;
        findings.push({ kind: 'head_gone', where: lot, detail });
      }
    }
    return findings;
  }

  async function unitsAgree(): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const { _id, units: count } of await units.sums()) {
      const [lot] = await stock.lots([_id]);
      const pieces = lot ? lot.received + lot.adjusted + lot.moved : 0;
      if (count > pieces) {
        const detail = `${count} units have codes, and there were ${pieces} pieces`;
        findings.push({ kind: 'too_many_units', where: lot?.code ?? _id, detail });
      }
      for await (const unit of units.ofLot(_id)) {
        if (unit.order === null || unit.line === null) continue;
        const line = (await orders.byCode(unit.order))?.lines[unit.line];
        const where = lot?.code ?? _id;
        if (!line) findings.push({ kind: 'unit_without_order', where, detail: unit._id });
        else if (!line.lots.some((one) => one.lot === unit.lot)) {
          findings.push({ kind: 'unit_of_other_lot', where, detail: `${unit._id} in order ${unit.order}` });
        }
      }
    }
    return findings;
  }

  /** What was in a carton when it was closed is what its event says, and what lies in it now lies nowhere else. */
  async function cartonsAgree(ids: readonly string[], codes: ReadonlyMap<string, string>) {
    const findings: Finding[] = [];
    for (const id of ids) {
      const where = codes.get(id) ?? id;
      for await (const carton of cartons.closedOf(id)) {
        const said = await events.byKey(id, `carton:${carton._id}:cased`);
        const told = said ? readEvent(said).units.toSorted().join() : undefined;
        if (told !== undefined && told !== carton.packed.toSorted().join()) {
          const detail = `the contents of carton ${carton._id} are not those that were recorded`;
          findings.push({ kind: 'carton_changed', where, detail });
        }
        if (carton.state !== 'closed') continue;
        for (const serial of carton.units) {
          const unit = await units.byCode(serial);
          if (unit?.lot === id && unit.order === null) continue;
          const detail = `${serial} lies in the closed carton ${carton._id} and somewhere else`;
          findings.push({ kind: 'unit_out_of_carton', where, detail });
        }
      }
    }
    return findings;
  }

  return {
    /** Everything that is wrong; of changed events the one that was recorded first comes first. */
    async verify(): Promise<{ lots: number; findings: Finding[] }> {
      const ids = await events.lots();
      const codes = new Map((await stock.lots(ids)).map(({ _id, code }) => [_id, code]));
      const hashesOf = new Map<string, Set<string>>();
      const findings: Finding[] = [];
      for (const id of ids) {
        const code = codes.get(id) ?? id;
        const { findings: ofChain, hashes } = await chain(id, code);
        hashesOf.set(code, hashes);
        findings.push(...ofChain);
      }
      findings.sort((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity));
      findings.push(...(await published(hashesOf)), ...(await unitsAgree()));
      findings.push(...(await cartonsAgree(ids, codes)));
      return { lots: ids.length, findings };
    },
  };
}

export type Verifier = ReturnType<typeof createVerifier>;

/** Out of a text that somebody may have damaged. */
function timeOf(body: string | undefined): Date | undefined {
  const time = new Date(/"recordTime":"([^"]+)"/.exec(body ?? '')?.[1] ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

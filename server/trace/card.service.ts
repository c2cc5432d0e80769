import type { Person } from '../accounts/index.ts';
import type { Catalog, Certificates, ProvenCertificate, Sellable } from '../catalog/index.ts';
import type { Cooperative, Cooperatives } from '../cooperatives/index.ts';
import { isBuyer, type Order, type Orders } from '../orders/index.ts';
import { AppError } from '../platform/errors.ts';
import type { Localized } from '../platform/lang.ts';
import { localDay } from '../platform/views/index.ts';
import type { Lot, Stock } from '../stock/index.ts';
import {
  showsProduct,
  verdictOf,
  verdictOfUnknown,
  type Asked,
  type Seal,
  type Verdict,
} from './card.rules.ts';
import { gtin14, readLink, readSerial, type Identity } from './codes.rules.ts';
import type { CartonStore } from './cartons.store.ts';
import type { Events, RoadEvent } from './events.service.ts';
import type { Grower, Growers } from './growers.service.ts';
import type { Root, Roots } from './roots.service.ts';
import type { Looker, Scans, ScanSummary } from './scans.service.ts';
import type { Signing } from './signing.service.ts';
import type { Unit, Units } from './units.service.ts';

export interface CardDeps {
  signing: Signing;
  units: Units;
  cartons: Pick<CartonStore, 'everWith'>;
  events: Events;
  growers: Growers;
  scans: Scans;
  roots: Roots;
  stock: Stock;
  orders: Orders;
  catalog: Catalog;
  certificates: Pick<Certificates, 'covering'>;
  cooperatives: Cooperatives;
}

/** All that the trace page and its JSON are drawn from. */
export interface Card {
  verdict: Verdict;
  seal: Seal;
  lot: Lot;
  unit: Unit | undefined;
  identity: Identity;
  sellable: Sellable;
  cooperative: Cooperative;
  growers: Grower[];
  road: RoadEvent[];
  certificates: ProvenCertificate[];
  scans: ScanSummary | undefined;
  root: Root | undefined;
}

export type Checked =
  { verdict: 'typing'; typing: string } | { verdict: Exclude<Verdict, 'typing'>; seal: Seal; card?: Card };

export type Cards = ReturnType<typeof createCards>;

/** As long as pages may be behind what another process has written, in ms. */
const MAX_AGE_MS = 2_000;
const MOST_KEPT = 2_000;

type LotSide = Pick<Card, 'cooperative' | 'growers' | 'certificates' | 'root'> & {
  sellable: Sellable | undefined;
};

/** Checks codes, and puts together what can be shown of what they stand on. */
export function createCards(deps: CardDeps) {
  const { signing, units, events, stock, catalog } = deps;
  const kept = new Map<string, { side: Promise<LotSide>; until: number }>();

  /** What stands in `/trace/:code`: a unit's code in any spelling, or a lot's. */
  async function readCode(text: string): Promise<Asked> {
    const read = readSerial(text);
    if ('serial' in read) return read;
    const lot = text.trim().toUpperCase();
    if (/^[A-Z0-9-]{3,20}$/.test(lot) && (await stock.byCode(lot))) return { lot };
    return read;
  }

  function readPath(address: string): Asked {
    const read = readLink(address);
    if ('fault' in read) return { typing: read.fault };
    const { identity, signature } = read;
    const { serial, lot } = identity;
    return serial === undefined ? { lot, identity, signature } : { serial, identity, signature };
  }

  async function named(asked: Exclude<Asked, { typing: unknown }>) {
    if ('lot' in asked) return { unit: undefined, lot: (await stock.byCode(asked.lot)) ?? undefined };
    const unit = (await units.byCode(asked.serial)) ?? undefined;
    const [lot] = unit ? await stock.lots([unit.lot]) : [];
    return { unit, lot };
  }

  /** What is the same for all units of a lot. Its state is not among it: a recall shows at once. */
  function aboutLot(lot: Lot): Promise<LotSide> {
    const there = kept.get(lot._id);
    if (there && there.until > Date.now()) return there.side;
    const side = readSide(lot);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(lot._id, { side, until: Date.now() + MAX_AGE_MS });
    side.catch(() => kept.delete(lot._id));
    return side;
  }

  /** Somebody's words about a lot, without what no certificate covers on that day. */
  const unclaimed = ({ sku, code }: Lot, words: Localized, day?: string) =>
    catalog.maskOfLot(words, { sku, lot: code, ...(day === undefined ? {} : { day }) });

  /** What was noted may say what was true on its own day. */
  function proven(lot: Lot, road: readonly RoadEvent[]): RoadEvent[] {
    return road.map((one) => {
      if (one.note === undefined) return one;
      const day = localDay(one.at);
      if (typeof one.note !== 'string') return { ...one, note: unclaimed(lot, one.note, day) };
      const note = unclaimed(lot, { 'zh-CN': one.note, en: one.note }, day)['zh-CN'];
      return { ...one, note };
    });
  }

  async function readSide(lot: Lot): Promise<LotSide> {
    const [sellables, coops, growers, certificates, root] = await Promise.all([
      catalog.sellables([lot.sku]),
      deps.cooperatives.byIds([lot.cooperative]),
      units.growersOf(lot._id).then((ids) => deps.growers.byIds(ids)),
      deps.certificates.covering({ sku: lot.sku, lot: lot.code }),
      deps.roots.latestWith(lot.code),
    ]);
    return {
      ...{ sellable: sellables.get(lot.sku), cooperative: coops[0]!, certificates, root },
      growers: growers.map((grower) => ({ ...grower, words: unclaimed(lot, grower.words) })),
    };
  }

  async function check(asked: Asked, looker?: Looker): Promise<Checked> {
    if ('typing' in asked) return { verdict: 'typing', typing: asked.typing };
    const { identity, signature } = asked;
    const [{ unit, lot }, seal] = await Promise.all([
      named(asked),
      identity ? signing.verdict(identity, signature) : ('unsigned' as const),
    ]);
    const side = lot && (await aboutLot(lot));
    const sellable = side?.sellable;
    if (!lot || !side || !sellable) return { verdict: verdictOfUnknown(seal) as 'unknown', seal };
    const known: Identity = {
      gtin: gtin14(sellable.variant.gtin),
      lot: lot.code,
      serial: unit?._id,
      bestBefore: lot.bestBefore,
    };
    const verdict = verdictOf({ identity, known, seal }, unit?.state) as Exclude<Verdict, 'typing'>;
    if (!showsProduct(verdict)) return { verdict, seal };
    const { road, scans } = await ofUnit(lot, unit);
    const card = { ...side, sellable, verdict, seal, lot, unit, identity: known, road, scans };
    if (unit && looker) deps.scans.note(unit._id, looker, unit.state === 'sold');
    return { verdict, seal, card };
  }

  /** The lot's road, with what happened to this unit: by itself, in its cartons and in its box. */
  async function ofUnit(lot: Lot, unit: Unit | undefined) {
    const [road, scans] = await Promise.all([
      unit
        ? deps.cartons.everWith(unit._id).then((found) => events.ofUnit(lot._id, unit, found))
        : events.ofWholeLot(lot._id),
      unit ? deps.scans.of(unit._id) : undefined,
    ]);
    return { road: proven(lot, road).sort((a, b) => a.at.getTime() - b.at.getTime()), scans };
  }

  return {
    /** @throws nothing for a bad code: what is wrong with it is the answer */
    byCode: async (text: string, looker?: Looker) => check(await readCode(text), looker),
    byLink: (address: string, looker?: Looker) => check(readPath(address), looker),

    /** The order that a unit went to, for its buyer and nobody else. */
    async boughtBy(card: Card, person: Person | undefined): Promise<Order | undefined> {
      if (!person || !card.unit?.order) return undefined;
      const order = await deps.orders.byCode(card.unit.order);
      return order && isBuyer(order, person) ? order : undefined;
    },

    /** Which lot something is to be reported of. @throws AppError `not_found` */
    async about(text: string): Promise<{ code: string; lot: string; cooperative: string }> {
      const asked = await readCode(text);
      const { lot } = 'typing' in asked ? { lot: undefined } : await named(asked);
      if (!lot) throw new AppError('not_found');
      return {
        code: 'serial' in asked ? asked.serial : lot.code,
        lot: lot.code,
        cooperative: lot.cooperative,
      };
    },
  };
}

import type { Catalog, Product } from '../catalog/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { tryEach } from '../platform/each.ts';
import { AppError } from '../platform/errors.ts';
import { groupBy } from '../platform/group.ts';
import { newId } from '../platform/ids.ts';
import { localDay } from '../platform/views/index.ts';
import { piecesOn, type Shelf, type Take } from './allocation.rules.ts';
import { NO_PIECES } from './ledger.rules.ts';
import './stock.facts.ts';
import type { LotDoc } from './stock.model.ts';
import { isOwn, type Member } from './stock.policy.ts';
import { addDays, sellUntil } from './stock.rules.ts';
import type { ReceiveLotCommand } from './stock.schema.ts';
import type { StockStore } from './stock.store.ts';

export type Lot = LotDoc;
export type Stock = ReturnType<typeof createStock>;

/** Pieces of one lot to be moved for one reason. */
export interface LotMove {
  lot: string;
  sku: string;
  qty: number;
  /** What causes it, unique on the lot. */
  ref: string;
}

export function createStock(deps: { store: StockStore; catalog: Catalog; bus: Bus; clock: Clock }) {
  const { store, catalog, bus, clock } = deps;

  const shortening = new Set<string>();

  async function recordAll(
    moves: LotMove[],
    entry: { kind: 'released' | 'sold' | 'returned'; by: string; why: string },
  ) {
    const byLot = groupBy(moves, ({ lot }) => lot);
    for (const [lot, ofLot] of byLot) {
      for (let start = 0; start < ofLot.length; start += ENTRIES_PER_WRITE) {
        const part = ofLot.slice(start, start + ENTRIES_PER_WRITE);
        const entries = part.map(({ qty, ref }) => ({ ...entry, qty, ref, at: clock.now() }));
        const done = await store.record(lot, entries);
        if (done === undefined) throw new Error(`lot ${lot} does not hold what is to be ${entry.kind}`);
      }
    }
    tellChanged(moves);
  }

  /** A rush adds hundreds of movements a second: the lot's document stays small, or each one costs more. */
  function shorten(lot: string) {
    if (shortening.has(lot)) return;
    shortening.add(lot);
    void store
      .archive(lot)
      .catch(() => {
        // The job archives what is left.
      })
      .finally(() => shortening.delete(lot));
  }

  function tellChanged(moves: { sku: string }[], more: { isLess?: true } = {}) {
    if (moves.length > 0)
      bus.tell('stock.changed', { skus: [...new Set(moves.map(({ sku }) => sku))], ...more });
  }

  function shelf(skus: readonly string[]): Promise<Shelf> {
    return store.sellable(skus, localDay(clock.now()));
  }

  return {
    /** Pieces that can be ordered now, by SKU; SKUs with none are 0. */
    availability: async (skus: readonly string[]) => piecesOn(await shelf(skus), skus),

    /** What can be ordered now, lot by lot, first to expire first. */
    shelf,

    /** Lots that can be ordered from now, by SKU: the first of them sells next. */
    async sellingNext(skus: readonly string[]) {
      const lots = await store.sellable(skus, localDay(clock.now()));
      return groupBy(
        lots.map(({ sku, code, available, bestBefore }) => ({ sku, code, available, bestBefore })),
        ({ sku }) => sku,
      );
    },

    /**
     * Holds pieces for a batch, first to expire first: up to `qty` of each SKU, less when there is less.
     * The caller finishes the batch with `release` for what it does not need.
     *
     * @param seen the shelf as the caller saw it a moment ago; where it was wrong, it is looked at again
     */
    async take(ref: string, wanted: ReadonlyMap<string, number>, seen?: Shelf): Promise<Take[]> {
      const at = clock.now();
      const takes: Take[] = [];
      const missing = new Map(wanted);
      const takeFrom = async (lots: Shelf) => {
        for (const { _id: lot, sku, readyOn } of lots) {
          const qty = missing.get(sku) ?? 0;
          // Once a lot: what it gave the first time may be in the ledger by now, where the update does not look.
          if (qty === 0 || takes.some((take) => take.lot === lot)) continue;
          const { qty: got, tail } = await store.take({ lot, sku, qty, ref, at, today: localDay(at) });
          if (tail > LONG_TAIL) shorten(lot);
          if (got > 0) takes.push({ lot, sku, qty: got, ...(readyOn ? { readyOn } : {}) });
          missing.set(sku, qty - got);
        }
      };
      if (seen) await takeFrom(seen);
      const short = [...missing].flatMap(([sku, qty]) => (qty > 0 ? [sku] : []));
      if (short.length > 0) await takeFrom(await shelf(short));
      tellChanged(takes, { isLess: true });
      return takes;
    },

    /**
     * The same for a cause that may come again, such as a payment that is told twice, at once, or after a crash:
     * whoever asks gets the same takes, and nothing is taken under this `ref` any more.
     */
    async takeOnce(ref: string, wanted: ReadonlyMap<string, number>): Promise<Take[]> {
      const skus = [...wanted.keys()];
      const now = clock.now();
      if ((await store.takesOf(ref, skus)).length === 0) {
        const missing = new Map(wanted);
        for (const lot of await store.sellable(skus, localDay(now))) {
          const qty = Math.min(lot.available, missing.get(lot.sku) ?? 0);
          if (qty === 0) continue;
          const entry = { kind: 'held', qty, ref, at: now, by: 'till', why: 'paid late' } as const;
          if (await store.record(lot._id, [entry])) missing.set(lot.sku, (missing.get(lot.sku) ?? 0) - qty);
        }
      }
      const takes = await store.seal(ref, skus, now);
      tellChanged(takes);
      return takes;
    },

    /** For a batch that nobody finished: it can take nothing more; tells what it took. */
    seal: (ref: string, skus: readonly string[]) => store.seal(ref, skus, clock.now()),

    /** Held pieces can be sold again. Exactly once per `ref`. */
    release: (moves: LotMove[], why: string) => recordAll(moves, { kind: 'released', by: 'till', why }),
    /** Held pieces are paid for. Exactly once per `ref`. */
    sell: (moves: LotMove[], why: string) => recordAll(moves, { kind: 'sold', by: 'till', why }),
    /** Sold pieces have come back and can be sold again. Exactly once per `ref`. */
    takeBack: (moves: LotMove[], by: string, why: string) => recordAll(moves, { kind: 'returned', by, why }),

    /**
     * Puts a new lot on the shelf. The same command sent twice is one lot.
     *
     * @throws AppError `not_found` for an unknown SKU or another cooperative's, `conflict` for a known lot code,
     *   `invalid` for a day of making that has not come, where it is not said from when the goods can be sent
     */
    async receive(command: ReceiveLotCommand, by: Member): Promise<Lot> {
      const sellable = (await catalog.sellables([command.sku])).get(command.sku);
      if (!sellable || !isOwn(sellable.product, by)) throw new AppError('not_found');
      const lot = newLot(command, sellable.product, by.id, clock.now());
      try {
        await store.insertLot(lot);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const there = await store.byCode(lot.code);
        if (command.commandId && there && (await store.knows(there, lot.tail[0]!.ref))) return there;
        throw new AppError('conflict', { fields: { code: 'taken' } });
      }
      tellChanged([lot]);
      bus.tell('lot.changed', { lot: lot.code, sku: lot.sku, cooperative: lot.cooperative });
      return lot;
    },

    /** What a cooperative has of each SKU, blocked and expired lots included. */
    async onHand(cooperative: string) {
      const sums = await store.sums({ cooperative });
      return new Map(
        sums.map(({ _id, available, held, sold }) => [
          _id,
          { onHand: available + held, available, held, sold },
        ]),
      );
    },

    lots: (ids: string[]) => store.byIds(ids),
    byCode: (code: string) => store.byCode(code),
    allLots: () => store.all(),
    ledger: (lot: string) => store.ledger(lot),

    /**
     * Moves the latest movements of all lots into the ledger. Safe to run anywhere, any number of times.
     *
     * @throws AggregateError of lots that this cannot be done for; it is done for the others
     */
    async archiveTails(): Promise<void> {
      await store.forgetSeals(new Date(clock.now().getTime() - SEAL_KEPT_MS));
      await tryEach(await store.withTail(500), (lot) => store.archive(lot));
    },
    archive: (lot: string) => store.archive(lot),
  };
}

/** Movements that a lot carries along before they are moved to the ledger, outside of the job's turn. */
const LONG_TAIL = 32;

/** Longer than any process can hang between two steps of a batch and still be alive. */
const SEAL_KEPT_MS = 24 * 3600 * 1000;

/** Keeps one update, and the tail that it grows, small. */
const ENTRIES_PER_WRITE = 100;

function newLot(command: ReceiveLotCommand, product: Product, by: string, now: Date): LotDoc {
  const { code, sku, qty, madeOn, readyOn } = command;
  // Sold before it is made: only by somebody who says from when it can be sent.
  if (madeOn > localDay(now) && readyOn === undefined) {
    throw new AppError('invalid', { fields: { madeOn: 'in_future' } });
  }
  const bestBefore = command.bestBefore ?? addDays(madeOn, product.shelfLifeDays);
  const ref = `receive:${command.commandId ?? code}`;
  return {
    _id: newId(),
    code,
    sku,
    cooperative: product.cooperative,
    madeOn,
    bestBefore,
    sellUntil: sellUntil(madeOn, bestBefore),
    ...(readyOn === undefined ? {} : { readyOn }),
    state: 'open',
    ...NO_PIECES,
    available: qty,
    received: qty,
    seq: 1,
    archived: 0,
    tail: [{ seq: 1, at: now, kind: 'received', qty, ref, by, why: 'received', available: qty }],
    voided: [],
    history: [],
    createdAt: now,
  };
}

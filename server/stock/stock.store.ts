import { insertNew, type Database } from '../platform/db/index.ts';
import type { Take } from './allocation.rules.ts';
import {
  BALANCE_NAMES,
  effectOf,
  SIGNED_BALANCES,
  type Balances,
  type Movement,
  type MovementKind,
} from './ledger.rules.ts';
import type { LotState } from './stock.rules.ts';
import { stockModels, type LotDoc, type MovementDoc } from './stock.model.ts';

export type StockStore = ReturnType<typeof createStockStore>;

/** A movement before its lot has numbered it. */
export interface Entry {
  kind: MovementKind;
  qty: number;
  ref: string;
  at: Date;
  by: string;
  why: string;
  /** For `moved`: the code of the lot at the other end. */
  other?: string;
}

/** What else must be so, and what else is written, in the very update that records a movement. */
export interface RecordWith {
  state: LotState;
  set: Record<string, unknown>;
}

export interface TakeRequest {
  lot: string;
  sku: string;
  qty: number;
  ref: string;
  at: Date;
  /** Today in China: a lot past its last selling day gives nothing. */
  today: string;
}

export function createStockStore(db: Database) {
  const { lots, movements } = stockModels(db);

  async function inLedger(lot: string, refs: string[]): Promise<Set<string>> {
    const found = await movements
      .find({ lot, ref: { $in: refs } })
      .select({ ref: 1 })
      .lean<MovementDoc[]>()
      .exec();
    return new Set(found.map(({ ref }) => ref));
  }

  async function takesOf(ref: string, skus: readonly string[]): Promise<Take[]> {
    const found = await lots
      .find({ sku: { $in: [...skus] } })
      .sort({ bestBefore: 1, _id: 1 })
      .lean<LotDoc[]>()
      .exec();
    const takes: Take[] = [];
    for (const lot of found) {
      const line =
        lot.tail.find((movement) => movement.ref === ref) ??
        (await movements.findOne({ lot: lot._id, ref }).lean<MovementDoc>().exec());
      if (line) takes.push({ lot: lot._id, sku: lot.sku, qty: line.qty });
    }
    return takes;
  }

  return {
    takesOf,
    byId: (id: string) => lots.findById(id).lean<LotDoc>().exec(),
    byIds: (ids: string[]) =>
      lots
        .find({ _id: { $in: ids } })
        .lean<LotDoc[]>()
        .exec(),
    byCode: (code: string) => lots.findOne({ code }).lean<LotDoc>().exec(),
    ofSku: (sku: string) => lots.find({ sku }).lean<LotDoc[]>().exec(),

    /** Whether something has been recorded on a lot. */
    async knows(lot: LotDoc, ref: string): Promise<boolean> {
      return lot.tail.some((movement) => movement.ref === ref) || (await inLedger(lot._id, [ref])).has(ref);
    },

    async insertLot(doc: LotDoc) {
      await lots.collection.insertOne(doc as never);
    },

    /** What can be sold today, first to expire first. */
    sellable(skus: readonly string[], today: string) {
      return lots
        .find({ sku: { $in: [...skus] }, state: 'open', sellUntil: { $gte: today }, available: { $gt: 0 } })
        .select({ sku: 1, available: 1, bestBefore: 1, code: 1, cooperative: 1, readyOn: 1 })
        .sort({ bestBefore: 1, _id: 1 })
        .lean<
          Pick<LotDoc, '_id' | 'sku' | 'available' | 'bestBefore' | 'code' | 'cooperative' | 'readyOn'>[]
        >()
        .exec();
    },

    /** Sums by SKU over the lots of a cooperative, or of everybody. */
    sums(match: { cooperative?: string; skus?: readonly string[] }) {
      const filter: Record<string, unknown> = {};
      if (match.cooperative !== undefined) filter['cooperative'] = match.cooperative;
      if (match.skus !== undefined) filter['sku'] = { $in: match.skus };
      return lots.aggregate<{ _id: string; available: number; held: number; sold: number }>([
        { $match: filter },
        {
          $group: {
            _id: '$sku',
            available: { $sum: '$available' },
            held: { $sum: '$held' },
            sold: { $sum: '$sold' },
          },
        },
      ]);
    },

    /**
     * Holds up to `qty` pieces of a lot in one conditional, journaled write.
     *
     * @returns how many it got (fewer, or none, when somebody was quicker), and how long the tail has grown
     */
    async take(request: TakeRequest): Promise<{ qty: number; tail: number }> {
      const { lot, ref, qty, at, today } = request;
      const entry: Entry = { kind: 'held', qty, ref, at, by: 'till', why: 'order' };
      const after = await lots.collection.findOneAndUpdate(
        {
          _id: lot as never,
          state: 'open',
          sellUntil: { $gte: today },
          available: { $gt: 0 },
          'tail.ref': { $ne: ref },
          'voided.ref': { $ne: ref },
        },
        takeUpTo(entry),
        {
          returnDocument: 'after',
          projection: { taken: { $first: lineOfRef(ref) }, size: { $size: '$tail' } },
        },
      );
      const { taken, size } = (after ?? {}) as { taken?: Movement; size?: number };
      return { qty: taken?.qty ?? 0, tail: size ?? 0 };
    },

    /**
     * Records movements on a lot, each exactly once by its `ref`, however often and by however many processes this
     * is called.
     *
     * @returns whether anything was new; undefined when a balance would go below zero, or the lot is in another state
     */
    async record(lot: string, entries: Entry[], more?: RecordWith): Promise<boolean | undefined> {
      for (;;) {
        const before = await lots.findById(lot).lean<LotDoc>().exec();
        if (!before) return undefined;
        const known = new Set(before.tail.map(({ ref }) => ref));
        const archived = await inLedger(
          lot,
          entries.map(({ ref }) => ref),
        );
        const fresh = entries.filter(({ ref }) => !known.has(ref) && !archived.has(ref));
        if (fresh.length === 0) return false;
        if (fresh.some((entry) => before.voided.some(({ ref }) => ref === entry.ref))) return false;
        if (more && before.state !== more.state) return undefined;
        const change = sumEffects(fresh);
        const taken = change.filter(([name, delta]) => delta < 0 && !SIGNED_BALANCES.includes(name));
        if (taken.some(([name, delta]) => before[name] + delta < 0)) return undefined;
        const result = await lots.collection.updateOne(
          {
            _id: lot as never,
            // Nothing was moved to the ledger since we looked there, nor added to the tail.
            archived: before.archived,
            'tail.ref': { $nin: fresh.map(({ ref }) => ref) },
            'voided.ref': { $nin: fresh.map(({ ref }) => ref) },
            ...Object.fromEntries(taken.map(([name, delta]) => [name, { $gte: -delta }])),
            ...(more ? { state: more.state } : {}),
          },
          updateOf(fresh, more?.set),
        );
        if (result.modifiedCount === 1) return true;
      }
    },

    /** Sees to it that a batch takes nothing more from the lots of these SKUs, and tells what it took. */
    async seal(ref: string, skus: readonly string[], at: Date): Promise<Take[]> {
      await lots.updateMany(
        { sku: { $in: [...skus] }, 'voided.ref': { $ne: ref } },
        { $push: { voided: { ref, at } } },
      );
      return takesOf(ref, skus);
    },

    async forgetSeals(before: Date) {
      await lots.updateMany({ 'voided.at': { $lt: before } }, { $pull: { voided: { at: { $lt: before } } } });
    },

    /**
     * Copies a lot's tail into the ledger, then cuts it off. Dying in between only means copying again.
     *
     * @throws Error for a line that does not fit into the ledger; it stays where it is
     */
    async archive(lot: string): Promise<void> {
      const doc = await lots.findById(lot).lean<LotDoc>().exec();
      const last = doc?.tail.at(-1);
      if (!doc || !last) return;
      const lines = doc.tail.map((movement) => ({
        _id: `${lot}:${movement.seq}`,
        lot,
        sku: doc.sku,
        cooperative: doc.cooperative,
        ...movement,
      }));
      const keptOut = await insertNew(movements.collection, lines);
      const copied = lines.filter((_line, place) => keptOut.has(place)).map(({ _id }) => _id);
      // By somebody who did not come to cutting them off. What the ledger keeps out for its cause is on no other page.
      if (copied.length > 0 && (await movements.countDocuments({ _id: { $in: copied } })) < copied.length) {
        throw new Error(`a line of lot ${lot} does not fit into its ledger`);
      }
      await lots.updateOne(
        { _id: lot },
        { $pull: { tail: { seq: { $lte: last.seq } } }, $max: { archived: last.seq } },
      );
    },

    async withTail(limit: number): Promise<string[]> {
      const found = await lots
        .find({ 'tail.0': { $exists: true } })
        .select({ _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
        .exec();
      return found.map(({ _id }) => _id);
    },

    /** The whole ledger of a lot, what is still in its tail included. */
    async ledger(lot: string): Promise<Movement[]> {
      const doc = await lots.findById(lot).lean<LotDoc>().exec();
      const archived = await movements.find({ lot }).sort({ seq: 1 }).lean<MovementDoc[]>().exec();
      const seen = new Set(archived.map(({ seq }) => seq));
      return [...archived, ...(doc?.tail ?? []).filter(({ seq }) => !seen.has(seq))];
    },

    all: () => lots.find().lean<LotDoc[]>().exec(),
  };
}

function sumEffects(entries: Entry[]) {
  const sum = new Map<(typeof BALANCE_NAMES)[number], number>();
  for (const { kind, qty } of entries) {
    const effect = effectOf(kind, qty);
    for (const name of BALANCE_NAMES) {
      if (effect[name] !== undefined) sum.set(name, (sum.get(name) ?? 0) + effect[name]);
    }
  }
  return [...sum];
}

/**
 * Entries as one update: the balances after all of them, and a numbered line for each with the balance after it.
 * Everything is worked out from the lot as it was, in one flat stage: stages that build on one another are inlined
 * by the server, and fifty of them take minutes.
 */
function updateOf(entries: Entry[], set: Record<string, unknown> = {}) {
  const change: Partial<Record<keyof Balances, number>> = {};
  const lines = entries.map((entry, index) => {
    for (const [name, delta] of Object.entries(effectOf(entry.kind, entry.qty)) as [
      keyof Balances,
      number,
    ][]) {
      change[name] = (change[name] ?? 0) + delta;
    }
    return lineOf(entry, index + 1, entry.qty, { $add: ['$available', change.available ?? 0] });
  });
  const balances = Object.entries(change).map(([name, delta]) => [name, { $add: [`$${name}`, delta] }]);
  return [stageOf({ ...Object.fromEntries(balances), ...set }, lines)];
}

/** Holds what is there, up to the entry's quantity. */
function takeUpTo(entry: Entry) {
  const got = { $min: ['$available', entry.qty] };
  const available = { $subtract: ['$available', got] };
  return [stageOf({ available, held: { $add: ['$held', got] } }, [lineOf(entry, 1, got, available)])];
}

function stageOf(balances: Record<string, unknown>, lines: object[]) {
  const seq = { $add: ['$seq', lines.length] };
  return { $set: { ...balances, seq, tail: { $concatArrays: ['$tail', lines] } } };
}

function lineOf(entry: Entry, step: number, qty: unknown, available: unknown) {
  return {
    seq: { $add: ['$seq', step] },
    at: entry.at,
    kind: { $literal: entry.kind },
    qty,
    ref: { $literal: entry.ref },
    by: { $literal: entry.by },
    why: { $literal: entry.why },
    ...(entry.other === undefined ? {} : { other: { $literal: entry.other } }),
    available,
  };
}

function lineOfRef(ref: string) {
  return { $filter: { input: '$tail', cond: { $eq: ['$$this.ref', { $literal: ref }] } } };
}

import type { Database } from '../platform/db/index.ts';
import type { Movement } from './ledger.rules.ts';
import { stockModels, type LotDoc, type LotHistoryEntry, type MovementDoc } from './stock.model.ts';
import type { LotState } from './stock.rules.ts';

export type LotStore = ReturnType<typeof createLotStore>;

/** A lot without what its ledger is made of. */
export type LotRow = Omit<LotDoc, 'tail' | 'voided'>;

export interface StateChange {
  lot: string;
  from: LotState;
  entry: LotHistoryEntry;
}

/** More empty lots than these are found by their code only. */
const EMPTY_SHOWN = 200;

/** What members see and do: the lots of one cooperative, their state and their bank book. */
export function createLotStore(db: Database) {
  const { lots, movements } = stockModels(db);
  return {
    byCode: (code: string) => lots.findOne({ code }).lean<LotDoc>().exec(),

    /** Lots with pieces in them, first to expire first. */
    withPieces: (cooperative: string) =>
      lots
        .find({ cooperative, $or: [{ available: { $gt: 0 } }, { held: { $gt: 0 } }] })
        .select({ tail: 0, voided: 0 })
        .sort({ bestBefore: 1, _id: 1 })
        .lean<LotRow[]>()
        .exec(),

    /** Lots without, the latest first. */
    empty: (cooperative: string) =>
      lots
        .find({ cooperative, available: 0, held: 0 })
        .select({ tail: 0, voided: 0 })
        .sort({ createdAt: -1 })
        .limit(EMPTY_SHOWN)
        .lean<LotRow[]>()
        .exec(),

    async codesLike(start: string): Promise<Set<string>> {
      const found = await lots
        .find({ code: { $gte: start, $lt: `${start}~` } })
        .select({ code: 1 })
        .lean<Pick<LotDoc, 'code'>[]>()
        .exec();
      return new Set(found.map(({ code }) => code));
    },

    /** Compare and set, once by the entry's `ref`. @returns null when the lot is not in that state any more */
    changeState: ({ lot, from, entry }: StateChange) =>
      lots
        .findOneAndUpdate(
          { _id: lot, state: from, 'history.ref': { $ne: entry.ref } },
          { $set: { state: entry.to }, $push: { history: entry } },
          { returnDocument: 'after' },
        )
        .lean<LotDoc>()
        .exec(),

    /** Compare and set on the day it was, once by the entry's `ref`. @returns null when it is another by now */
    changeReady: (
      lot: Pick<LotDoc, '_id' | 'readyOn'>,
      entry: LotHistoryEntry & { readyOn: string | null },
    ) =>
      lots
        .findOneAndUpdate(
          { _id: lot._id, readyOn: lot.readyOn ?? null, 'history.ref': { $ne: entry.ref } },
          {
            ...(entry.readyOn === null ? { $unset: { readyOn: 1 } } : { $set: { readyOn: entry.readyOn } }),
            $push: { history: entry },
          },
          { returnDocument: 'after' },
        )
        .lean<LotDoc>()
        .exec(),

    /** Every lot of one SKU of a cooperative, first to expire first. */
    ofSku: (cooperative: string, sku: string) =>
      lots
        .find({ cooperative, sku })
        .select({ tail: 0, voided: 0 })
        .sort({ bestBefore: 1, _id: 1 })
        .limit(EMPTY_SHOWN)
        .lean<LotRow[]>()
        .exec(),

    /** Lots that pieces have left for another, where they may not have arrived. */
    withMoves: (limit: number) =>
      lots
        .find({ 'moving.ref': { $type: 'string' } } as never)
        .limit(limit)
        .lean<LotDoc[]>()
        .exec(),

    /** They have arrived. */
    async forgetMove(lot: string, ref: string): Promise<void> {
      await lots.updateOne({ _id: lot }, { $pull: { moving: { ref } } });
    },

    /** The latest movements below a number, the latest first, those in the lot's tail included. */
    async ledgerPage(lot: LotDoc, below: number, limit: number): Promise<Movement[]> {
      // The lot was read first: what has left its tail since then is in the ledger by now.
      const written = await movements
        .find({ lot: lot._id, seq: { $lt: below } })
        .sort({ seq: -1 })
        .limit(limit)
        .lean<MovementDoc[]>()
        .exec();
      const known = new Set(written.map(({ seq }) => seq));
      const waiting = lot.tail.filter(({ seq }) => seq < below && !known.has(seq));
      return [...waiting, ...written].sort((a, b) => b.seq - a.seq).slice(0, limit);
    },
  };
}

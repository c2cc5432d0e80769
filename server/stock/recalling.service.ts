import type { Bus } from '../platform/bus.ts';
import { AppError } from '../platform/errors.ts';
import { orderOfRef } from './lots.rules.ts';
import type { LotStore } from './lots.store.ts';
import './stock.facts.ts';
import type { LotDoc } from './stock.model.ts';
import type { LotState } from './stock.rules.ts';
import type { StockStore } from './stock.store.ts';

export type Recalling = ReturnType<typeof createRecalling>;

/** Why a lot goes into a state, and what caused it; the same cause changes it once. */
export interface RecallCause {
  ref: string;
  by: string;
  why: string;
  at: Date;
}

/** An order that pieces of a lot were sold to, by the number of the movement. */
export interface SoldTo {
  seq: number;
  order: string;
}

/** Movements read at a time. */
const PAGE = 500;

/** A lot's part in a recall: it leaves the shelves, and its ledger says who has pieces of it. */
export function createRecalling(deps: { store: StockStore; lots: LotStore; bus: Bus }) {
  const { store, lots, bus } = deps;

  async function change(
    id: string,
    from: readonly LotState[],
    to: LotState,
    cause: RecallCause,
  ): Promise<LotDoc> {
    for (const state of from) {
      const entry = { ...cause, from: state, to };
      const changed = await lots.changeState({ lot: id, from: state, entry });
      if (!changed) continue;
      bus.tell('stock.changed', { skus: [changed.sku] });
      bus.tell('lot.changed', { lot: changed.code, sku: changed.sku, cooperative: changed.cooperative });
      return changed;
    }
    const now = await store.byId(id);
    if (!now) throw new AppError('not_found');
    if (!(now.history ?? []).some(({ ref }) => ref === cause.ref)) throw new AppError('conflict');
    return now;
  }

  return {
    /** Nothing of it is sold from this write on. @throws AppError `not_found`, `conflict` when it is recalled already */
    recall: (lot: string, cause: RecallCause) => change(lot, ['open', 'blocked'], 'recalled', cause),

    /** Out of the recall, but not on sale: somebody who has looked at the pieces unblocks it. @throws AppError `conflict` */
    endRecall: (lot: string, cause: RecallCause) => change(lot, ['recalled'], 'blocked', cause),

    /** Who got pieces of a lot after a place in its ledger, and how far that is known now. */
    async soldAfter(lotId: string, seq: number): Promise<{ sold: SoldTo[]; upTo: number }> {
      const lot = await store.byId(lotId);
      if (!lot) throw new AppError('not_found');
      const sold: SoldTo[] = [];
      for (let below = lot.seq + 1; below > seq + 1;) {
        const page = await lots.ledgerPage(lot, below, PAGE);
        for (const movement of page) {
          const order = movement.kind === 'sold' ? orderOfRef(movement.ref) : undefined;
          if (order !== undefined && movement.seq > seq) sold.push({ seq: movement.seq, order });
        }
        below = page.at(-1)?.seq ?? 0;
      }
      return { sold, upTo: lot.seq };
    },
  };
}

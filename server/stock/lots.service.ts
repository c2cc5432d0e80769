import type { Catalog, Sellable } from '../catalog/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { tryEach } from '../platform/each.ts';
import { AppError } from '../platform/errors.ts';
import { localDay } from '../platform/views/index.ts';
import type { Movement, MovementKind } from './ledger.rules.ts';
import {
  BLOCKING,
  fitsFilter,
  mayMoveTo,
  suggestLotCode,
  writeOffWhy,
  type Blocking,
  type LotFilter,
} from './lots.rules.ts';
import type { LotRow, LotStore } from './lots.store.ts';
import './stock.facts.ts';
import type { LotDoc, MovingPieces } from './stock.model.ts';
import { isOwn, type Member } from './stock.policy.ts';
import { addDays } from './stock.rules.ts';
import type {
  AdjustCommand,
  BlockCommand,
  MoveCommand,
  ReadyCommand,
  WriteOffCommand,
} from './stock.schema.ts';
import type { StockStore } from './stock.store.ts';

export type Lots = ReturnType<typeof createLots>;
export type { LotRow };

/** One line more than a page tells whether there is another. */
const LINES_PER_PAGE = 30;
const MOVES_PER_RUN = 100;

/** What members do with the lots of their cooperative. Another cooperative's lot does not exist for them. */
export function createLots(deps: {
  store: StockStore;
  lots: LotStore;
  catalog: Catalog;
  bus: Bus;
  clock: Clock;
}) {
  const { store, lots, catalog, bus, clock } = deps;

  /** @throws AppError `not_found`, also for another cooperative's lot */
  async function own(code: string, member: Member): Promise<LotDoc> {
    const lot = await lots.byCode(code);
    if (!lot || !isOwn(lot, member)) throw new AppError('not_found');
    return lot;
  }

  function tell({ code, sku, cooperative }: LotDoc) {
    bus.tell('stock.changed', { skus: [sku] });
    bus.tell('lot.changed', { lot: code, sku, cooperative });
  }

  async function record(
    lot: LotDoc,
    entry: { kind: MovementKind; qty: number; ref: string; by: string; why: string },
  ) {
    const done = await store.record(lot._id, [{ ...entry, at: clock.now() }]);
    if (done === undefined) throw await tooMany(lot);
    if (done) tell(lot);
  }

  /** The till may have been quicker: the answer names what is left now, not what the form showed. */
  async function tooMany(lot: LotDoc): Promise<AppError> {
    const now = await store.byId(lot._id);
    return new AppError('conflict', { fields: { qty: 'at_most' }, values: { n: now?.available ?? 0 } });
  }

  /** @throws AppError `not_found`, also for another cooperative's product */
  async function ownSellable(sku: string, member: Member): Promise<Sellable> {
    const found = (await catalog.sellables([sku])).get(sku);
    if (!found || !isOwn(found.product, member)) throw new AppError('not_found');
    return found;
  }

  /** The second half of a move, as often as it takes: the pieces arrive once. */
  async function arrive(from: Pick<LotDoc, '_id' | 'code'>, moving: MovingPieces): Promise<void> {
    const { ref, to, qty, by, why } = moving;
    const entry = { kind: 'moved', qty, ref, by, why, other: from.code, at: clock.now() } as const;
    const done = await store.record(to, [entry]);
    if (done === undefined) throw new Error(`lot ${to} cannot take what has left ${from.code}`);
    await lots.forgetMove(from._id, ref);
    const target = done ? await store.byId(to) : null;
    if (target) tell(target);
  }

  return {
    own,

    /** Lots that pieces of this one may be moved to. */
    targets: async (lot: Pick<LotDoc, 'code' | 'sku' | 'cooperative'>): Promise<LotRow[]> =>
      (await lots.ofSku(lot.cooperative, lot.sku)).filter((other) => mayMoveTo(lot, other)),

    /**
     * Moves pieces that nobody holds to another lot of the same SKU, such as after packing them anew. Two documents, so
     * two writes: the first takes them out of this lot and says where to, the second puts them into the other, once;
     * `finishMoves` does the second when nobody else has. Out of a blocked or recalled lot nothing is moved: its pieces
     * would be on sale again under another name. Once by the command's id.
     *
     * @throws AppError `not_found`, `invalid` for a lot that they cannot go to, `conflict` when fewer are there or the
     *   lot is not on sale
     */
    async move(code: string, command: MoveCommand, member: Member): Promise<void> {
      const [from, to] = [await own(code, member), await own(command.to, member)];
      if (!mayMoveTo(from, to)) throw new AppError('invalid', { fields: { to: 'other_lot' } });
      const { qty, why } = command;
      const moving = {
        // One command may stand for several lots that go into one.
        ref: `move:${from.code}:${command.commandId}`,
        to: to._id,
        qty,
        at: clock.now(),
        by: member.id,
        why,
      };
      const entry = {
        kind: 'moved',
        qty: -qty,
        ref: moving.ref,
        by: member.id,
        why,
        other: to.code,
      } as const;
      const done = await store.record(from._id, [{ ...entry, at: moving.at }], {
        state: 'open',
        set: { moving: { $concatArrays: [{ $ifNull: ['$moving', []] }, { $literal: [moving] }] } },
      });
      if (done === undefined) throw await tooMany(from);
      if (done) tell(from);
      const left = await store.byId(from._id);
      const waiting = left?.moving?.find(({ ref }) => ref === moving.ref);
      if (waiting) await arrive(from, waiting);
    },

    /** Finishes moves whose process died between the two lots. Safe on several nodes at once. @returns how many */
    async finishMoves(): Promise<number> {
      let count = 0;
      const moves = (await lots.withMoves(MOVES_PER_RUN)).flatMap((lot) =>
        (lot.moving ?? []).map((moving) => ({ lot, moving })),
      );
      await tryEach(moves, async ({ lot, moving }) => {
        await arrive(lot, moving);
        count += 1;
      });
      return count;
    },

    async ofCooperative(cooperative: string, filter: LotFilter): Promise<LotRow[]> {
      const today = localDay(clock.now());
      const found = await (filter === 'empty' ? lots.empty(cooperative) : lots.withPieces(cooperative));
      const blockedAndEmpty =
        filter === 'blocked' ? (await lots.empty(cooperative)).filter((lot) => lot.state !== 'open') : [];
      return [...found, ...blockedAndEmpty].filter((lot) => fitsFilter(lot, filter, today));
    },

    /** What a form for a new lot begins with: a free code, today, and best before by the product's shelf life. */
    async suggestion(sku: string, member: Member) {
      const { product, variant } = await ownSellable(sku, member);
      const madeOn = localDay(clock.now());
      const plain = suggestLotCode(sku, madeOn, new Set());
      const code = suggestLotCode(sku, madeOn, await lots.codesLike(plain));
      return { product, variant, code, madeOn, bestBefore: addDays(madeOn, product.shelfLifeDays) };
    },

    /** A page of the bank book, the latest first; `below` is the number of the line above it. */
    async ledger(
      lot: LotDoc,
      below: number | undefined,
    ): Promise<{ lines: Movement[]; next: number | undefined }> {
      const found = await lots.ledgerPage(lot, below ?? lot.seq + 1, LINES_PER_PAGE + 1);
      const lines = found.slice(0, LINES_PER_PAGE);
      return { lines, next: found.length > LINES_PER_PAGE ? lines.at(-1)?.seq : undefined };
    },

    /**
     * Counted more or fewer than the book says. Once by the command's id.
     *
     * @throws AppError `not_found`, `conflict` when fewer are there than are to be taken off
     */
    async adjust(code: string, command: AdjustCommand, member: Member): Promise<void> {
      const lot = await own(code, member);
      const { commandId, direction, qty, why } = command;
      const signed = direction === 'more' ? qty : -qty;
      await record(lot, { kind: 'adjusted', qty: signed, ref: refOf(commandId), by: member.id, why });
    },

    /** Pieces that nobody will get. @throws AppError `not_found`, `conflict` when there are fewer */
    async writeOff(code: string, command: WriteOffCommand, member: Member): Promise<void> {
      const lot = await own(code, member);
      const { commandId, qty, reason, note } = command;
      const why = writeOffWhy(reason, note);
      await record(lot, { kind: 'written_off', qty, ref: refOf(commandId), by: member.id, why });
    },

    /**
     * Takes a lot out of sale, or puts it back. What orders hold already stays theirs.
     *
     * @throws AppError `not_found`, `conflict` when it is in another state by now
     */
    async setBlocked(code: string, act: Blocking, command: BlockCommand, member: Member): Promise<void> {
      const lot = await own(code, member);
      const ref = refOf(command.commandId);
      const { from, to } = BLOCKING[act];
      const entry = { ref, at: clock.now(), by: member.id, from, to, why: command.why };
      const changed = await lots.changeState({ lot: lot._id, from, entry });
      if (changed) return tell(changed);
      const now = await own(code, member);
      if (!(now.history ?? []).some((one) => one.ref === ref)) throw new AppError('conflict');
    },

    /**
     * Says from when the pieces can be sent. Orders that are placed keep what they were promised.
     *
     * @throws AppError `not_found`, `invalid` for a day before it is made or after its last selling day, `conflict` when
     *   somebody else has said another day meanwhile
     */
    async setReady(code: string, command: ReadyCommand, member: Member): Promise<void> {
      const lot = await own(code, member);
      const { commandId, why, readyOn = null } = command;
      if (readyOn !== null && readyOn < lot.madeOn)
        throw new AppError('invalid', { fields: { readyOn: 'ready_early' } });
      if (readyOn !== null && readyOn > lot.sellUntil)
        throw new AppError('invalid', { fields: { readyOn: 'ready_late' } });
      const ref = refOf(commandId);
      const entry = { ref, at: clock.now(), by: member.id, from: lot.state, to: lot.state, why, readyOn };
      const changed = await lots.changeReady(lot, entry);
      if (changed) return tell(changed);
      const now = await own(code, member);
      if (!(now.history ?? []).some((one) => one.ref === ref)) throw new AppError('conflict');
    },
  };
}

/** Of a name of its own: no command of a member can pass for an order's or a batch's. */
function refOf(commandId: string): string {
  return `desk:${commandId}`;
}

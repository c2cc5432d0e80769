import type { Orders, Order } from '../orders/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Lots, Member, Recalling } from '../stock/index.ts';
import type { RecallNotices } from './notices.service.ts';
import type { RecallCaseDoc, RecallDoc } from './recalls.model.ts';
import {
  piecesHeld,
  piecesToRefund,
  piecesToShelf,
  type CaseRefund,
  type RecallOutcome,
} from './recalls.rules.ts';
import type { StartRecall } from './recalls.schema.ts';
import type { RecallStore } from './recalls.store.ts';

export type Recall = RecallDoc;
export type RecallCase = RecallCaseDoc;
export type Recalls = ReturnType<typeof createRecalls>;

const PER_STEP = 200;

/** A turn of the job ends after so long: a process that wants to stop waits for it. */
const TURN_MS = 4_000;

/** What a buyer is told on the page of the order. */
export interface RecallNotice {
  id: string;
  state: RecallDoc['state'];
  code: string;
  why: string;
  advice: string;
  endWhy: string | null;
  /** Their money can go back with one tap. */
  mayRefund: boolean;
  refundAsked: boolean;
}

/**
 * Calling a lot back: it leaves the shelves at once, its ledger says who has pieces of it, each of them is told once
 * and can have the money back once. The recall is written down first; the lot, the cases, the mails and the refunds
 * follow, each step safe to repeat, by whoever started it and by the job.
 */
export function createRecalls(deps: {
  store: RecallStore;
  lots: Lots;
  recalling: Recalling;
  orders: Orders;
  notices: RecallNotices;
  clock: Clock;
  log: Log;
}) {
  const { store, lots, recalling, orders, notices, clock, log } = deps;

  /** @throws AppError `not_found`, also for another cooperative's */
  async function own(id: string, member: Member): Promise<RecallDoc> {
    const recall = await store.byId(id);
    if (!recall || !member.cooperatives.includes(recall.cooperative)) throw new AppError('not_found');
    return recall;
  }

  async function lotFollows(recall: RecallDoc): Promise<void> {
    if (recall.lotFollowed) return;
    const begun = { ref: `recall:${recall._id}`, by: recall.startedBy, why: recall.why, at: clock.now() };
    if (recall.state === 'running') await recalling.recall(recall.lot, begun);
    else {
      const over = { by: recall.endedBy ?? recall.startedBy, why: recall.endWhy ?? '', at: clock.now() };
      await recalling.endRecall(recall.lot, { ref: `recall:${recall._id}:over`, ...over });
    }
    await store.followed(recall._id, recall.state);
  }

  /** Who has pieces of it: the ledger knows of every sale, also of one that was paid after the recall began. */
  async function findBuyers(recall: RecallDoc): Promise<void> {
    const { sold, upTo } = await recalling.soldAfter(recall.lot, recall.scanned);
    const codes = [...new Set(sold.map(({ order }) => order))];
    for (let from = 0; from < codes.length; from += PER_STEP) {
      const found = await orders.byCodes(codes.slice(from, from + PER_STEP));
      const holding = found.filter((order) => piecesHeld(order, recall.lot).length > 0);
      await store.addCases(holding.map((order) => newCase(recall._id, order, clock.now())));
    }
    if (upTo > recall.scanned) await store.scannedTo(recall._id, upTo);
  }

  async function tellBuyers(recall: RecallDoc, isLate: () => boolean): Promise<void> {
    const which = recall.state === 'running' ? 'told' : 'toldOver';
    while (!isLate()) {
      const cases = await store.untold(recall._id, which, PER_STEP);
      if (cases.length === 0) return recall.state === 'running' ? undefined : store.toldOver(recall._id);
      const reached = await notices.queue(recall, await orders.byCodes(cases.map(({ order }) => order)));
      const idsOf = (wanted: boolean) =>
        cases.filter(({ order }) => reached.has(order) === wanted).map(({ _id }) => _id);
      await store.setTold(idsOf(true), which, true);
      await store.setTold(idsOf(false), which, false);
    }
  }

  /** Once for each order, by the recall's id. */
  async function refundOne(recall: RecallDoc, one: RecallCaseDoc, by: string): Promise<CaseRefund> {
    const noted = async (refund: CaseRefund) => {
      await store.setRefund(one._id, refund, by);
      return refund;
    };
    const order = await orders.byCode(one.order);
    const items = order ? piecesToRefund(order, recall.lot) : [];
    const key = keyOf(recall);
    if (!order || (items.length === 0 && !order.refunds.some((refund) => refund.key === key))) {
      return noted('nothing');
    }
    const staff = { id: by, cooperatives: [recall.cooperative] };
    const command = { commandId: key, items, shipping: false, fen: undefined, why: recall.why };
    try {
      try {
        await orders.refund(order, { ...command, restock: piecesToShelf(order, recall.lot) }, staff);
      } catch (error) {
        // Packed in the meantime: the money goes back all the same.
        if (!(error instanceof AppError) || error.code !== 'invalid') throw error;
        await orders.refund(order, { ...command, restock: [] }, staff);
      }
      return await noted('asked');
    } catch (error) {
      // An order that cannot be refunded now is somebody's decision.
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      log.warn(
        { recall: recall._id, order: one.order, code: error.code },
        'a recalled order was not refunded',
      );
      return noted('refused');
    }
  }

  async function refundOpen(recall: RecallDoc, isLate: () => boolean): Promise<void> {
    if (!recall.refundAll) return;
    while (!isLate()) {
      const open = await store.unrefunded(recall._id, PER_STEP);
      if (open.length === 0) return;
      for (const one of open) {
        if (isLate()) return;
        await refundOne(recall, one, recall.refundAll.by);
      }
    }
  }

  async function advance(recall: RecallDoc, isLate: () => boolean): Promise<void> {
    await lotFollows(recall);
    if (recall.state === 'running') await findBuyers(recall);
    if (recall.state === 'running' || !recall.overTold) await tellBuyers(recall, isLate);
    if (recall.state === 'running') await refundOpen(recall, isLate);
  }

  return {
    own,
    ofCooperative: (cooperative: string) => store.ofCooperative(cooperative),
    sums: (id: string) => store.sums(id),
    cases: (id: string, after: string | undefined, limit: number) => store.cases(id, after, limit),

    /** Recalls of a lot, the latest first: for its page. */
    ofLot: (code: string) => store.ofLot(code),

    /**
     * Calls a lot back. Once by the command's id. When it resolves, nothing of the lot is sold any more; its buyers
     * are found and told by then, or by the job.
     *
     * @throws AppError `not_found`, `conflict` when the lot is being recalled already
     */
    async start(code: string, command: StartRecall, member: Member): Promise<RecallDoc> {
      const lot = await lots.own(code, member);
      const { commandId, why, advice, offersRefund } = command;
      const recall: RecallDoc = {
        _id: commandId,
        ...{ lot: lot._id, code: lot.code, sku: lot.sku, cooperative: lot.cooperative },
        ...{ why, advice, offersRefund, state: 'running', startedAt: clock.now(), startedBy: member.id },
        ...{
          endedAt: null,
          endedBy: null,
          endWhy: null,
          lotFollowed: false,
          overTold: true,
          scanned: 0,
          refundAll: null,
        },
      };
      const inserted = await store.insert(recall);
      if (inserted === 'taken') throw new AppError('conflict');
      const there = inserted === 'known' ? await own(commandId, member) : recall;
      await lotFollows(there);
      return there;
    },

    /** @throws AppError `not_found`, `conflict` when it is over already */
    async end(id: string, over: { to: RecallOutcome; why: string }, member: Member): Promise<void> {
      await own(id, member);
      const ended = await store.end(id, { ...over, at: clock.now(), by: member.id });
      if (!ended) throw new AppError('conflict');
      await lotFollows(ended);
    },

    /** Sends everybody's money back for their pieces; the job does it, also after a crash. */
    async refundEverybody(id: string, member: Member): Promise<void> {
      const recall = await own(id, member);
      const marked = await store.refundAll(id, { at: clock.now(), by: member.id });
      if (!marked && !recall.refundAll) throw new AppError('conflict');
    },

    /** One order's money, by a member. @throws AppError `not_found`, `conflict` when the recall is over */
    async refund(id: string, order: string, member: Member): Promise<void> {
      const recall = await own(id, member);
      const one = await store.caseOf(id, order);
      if (!one) throw new AppError('not_found');
      if (recall.state !== 'running') throw new AppError('conflict');
      if ((await refundOne(recall, one, member.id)) === 'refused') throw new AppError('conflict');
    },

    /** One order's money, by its buyer, where the recall offers it. @throws AppError `not_found`, `conflict` */
    async takeMoneyBack(id: string, order: string, buyer: { id: string; mine: (order: Order) => boolean }) {
      const [recall, one, found] = [
        await store.byId(id),
        await store.caseOf(id, order),
        await orders.byCode(order),
      ];
      if (!recall || !one || !found || !buyer.mine(found)) throw new AppError('not_found');
      if (recall.state !== 'running' || !recall.offersRefund) throw new AppError('conflict');
      if ((await refundOne(recall, one, buyer.id)) === 'refused') throw new AppError('conflict');
    },

    /** What the page of an order says of recalls of its pieces. */
    async noticesFor(order: string): Promise<RecallNotice[]> {
      const cases = await store.casesOfOrder(order);
      const found = await store.byIds(cases.map(({ recall }) => recall));
      return found.map((recall) => {
        const { refund } = cases.find((one) => one.recall === recall._id)!;
        return {
          id: recall._id,
          ...{ state: recall.state, code: recall.code, why: recall.why, advice: recall.advice },
          endWhy: recall.endWhy,
          mayRefund:
            recall.state === 'running' && recall.offersRefund && (refund === 'none' || refund === 'refused'),
          refundAsked: refund === 'asked',
        };
      });
    },

    /** A step of every recall that is not finished. Safe to run twice and on two nodes at once. */
    async work(): Promise<void> {
      const began = performance.now();
      const isLate = () => performance.now() - began > TURN_MS;
      for (const recall of await store.unfinished()) {
        try {
          await advance(recall, isLate);
        } catch (err) {
          log.error({ err, recall: recall._id }, 'a recall waits for its next turn');
        }
      }
    },
  };
}

function keyOf({ _id }: RecallDoc): string {
  return `recall-${_id}`;
}

function newCase(recall: string, { _id: order, buyer }: Order, now: Date): RecallCaseDoc {
  return {
    _id: `${recall}:${order}`,
    ...{ recall, order, buyer, foundAt: now, told: false, reached: false, toldOver: false },
    refund: 'none',
    refundBy: null,
  };
}

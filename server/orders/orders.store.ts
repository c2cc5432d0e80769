import type { MongoBulkWriteError } from 'mongodb';
import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { orderModels, type OrderDoc, type OrderRefund } from './orders.model.ts';
import type { HistoryEntry, OrderState } from './orders.rules.ts';

export type OrderStore = ReturnType<typeof createOrderStore>;

export interface Opening {
  code: string;
  /** The lots of each line, in the order of the lines. */
  lots: { lot: string; qty: number }[][];
}

export interface OrderMove {
  code: string;
  from: OrderState;
  entry: HistoryEntry;
  owes?: 'release' | 'sell';
  set?: Record<string, unknown>;
  /** What else must still be so. */
  where?: Record<string, unknown>;
}

export function createOrderStore(db: Database) {
  const { orders } = orderModels(db);
  return {
    byCode: (code: string) => orders.findById(code).lean<OrderDoc>().exec(),
    ofBuyers: (buyers: readonly string[], limit: number) =>
      orders
        .find({ buyer: { $in: [...buyers] }, state: { $ne: 'opening' } })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),
    ofCooperative: (cooperative: string, before: Date | undefined, limit: number) =>
      orders
        .find({
          cooperatives: cooperative,
          state: { $ne: 'opening' },
          ...(before ? { createdAt: { $lt: before } } : {}),
        })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),
    ofLive: (live: string, limit: number) =>
      orders
        .find({ live, state: { $ne: 'opening' } })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),

    /** Orders, pieces and money of a live, by state. */
    sumsOfLive: (live: string) =>
      orders.aggregate<{ _id: OrderState; orders: number; pieces: number; fen: number }>([
        { $match: { live, state: { $ne: 'opening' } } },
        {
          $group: {
            _id: '$state',
            orders: { $sum: 1 },
            pieces: { $sum: { $sum: '$lines.qty' } },
            fen: { $sum: '$totalFen' },
          },
        },
      ]),

    byClicks: (clicks: readonly { buyers: readonly string[]; clickId: string }[]) =>
      orders
        .find({
          buyer: { $in: clicks.flatMap(({ buyers }) => [...buyers]) },
          clickId: { $in: clicks.map(({ clickId }) => clickId) },
        })
        .lean<OrderDoc[]>()
        .exec(),

    ofBatch: (batch: string) => orders.find({ batch }).sort({ place: 1 }).lean<OrderDoc[]>().exec(),

    /** @returns the places in `docs` whose click is already somebody's order */
    async insertOpening(docs: OrderDoc[]): Promise<Set<number>> {
      try {
        await orders.collection.insertMany(docs as never[], { ordered: false });
        return new Set();
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const { writeErrors } = error as MongoBulkWriteError;
        const failures = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
        if (failures.some(({ code }) => code !== 11000)) throw error;
        return new Set(failures.map(({ index }) => index));
      }
    },

    /**
     * Opens what the batch got: one write for all orders of one line from one lot, one for each other.
     *
     * @returns how many it opened: fewer when another process has finished the batch
     */
    async openBatch(batch: string, openings: Opening[], entry: HistoryEntry): Promise<number> {
      if (openings.length === 0) return 0;
      const simple = new Map<string, string[]>();
      const operations: object[] = [];
      for (const { code, lots } of openings) {
        const [only, ...others] = lots.length === 1 ? lots[0]! : [];
        if (only && others.length === 0) {
          const key = `${only.lot} ${only.qty}`;
          simple.set(key, [...(simple.get(key) ?? []), code]);
        } else {
          operations.push(openOne(batch, [code], lots, entry));
        }
      }
      for (const [key, codes] of simple) {
        const [lot = '', qty] = key.split(' ');
        operations.push(openOne(batch, codes, [[{ lot, qty: Number(qty) }]], entry));
      }
      const result = await orders.collection.bulkWrite(operations as never[], { ordered: false });
      return result.modifiedCount;
    },

    /** Orders of a batch that got nothing: nobody was told of them. */
    async removeOpening(batch: string): Promise<void> {
      await orders.deleteMany({ batch, state: 'opening' });
    },

    async unfinishedBatches(before: Date): Promise<string[]> {
      return orders.distinct('batch', { state: 'opening', createdAt: { $lt: before } });
    },

    /** Compare and set. @returns the order after the move, or null when it was not in that state any more */
    async move({ code, from, entry, owes, set, where }: OrderMove): Promise<OrderDoc | null> {
      return orders
        .findOneAndUpdate(
          { _id: code, state: from, ...where },
          { $set: { state: entry.to, ...(owes ? { owes } : {}), ...set }, $push: { history: entry } },
          { returnDocument: 'after' },
        )
        .lean<OrderDoc>()
        .exec();
    },

    /** Compare and set on the number of refunds: two members who refund at once do not refund twice. */
    addRefund: (order: OrderDoc, refund: OrderRefund) =>
      orders
        .findOneAndUpdate(
          { _id: order._id, state: order.state, refunds: { $size: order.refunds.length } } as never,
          { $push: { refunds: refund } },
          { returnDocument: 'after' },
        )
        .lean<OrderDoc>()
        .exec(),

    finishRefund: (order: OrderDoc, done: { key: string; fen: number; entry: HistoryEntry }) =>
      orders
        .findOneAndUpdate(
          {
            _id: order._id,
            state: order.state,
            refunds: { $elemMatch: { key: done.key, state: 'asked' } },
          } as never,
          {
            $set: { 'refunds.$.state': 'done', state: done.entry.to },
            $inc: { 'payment.refundedFen': done.fen },
            $push: { history: done.entry },
          },
          { returnDocument: 'after' },
        )
        .lean<OrderDoc>()
        .exec(),

    async failRefund(code: string, key: string) {
      await orders.updateOne({ _id: code, refunds: { $elemMatch: { key, state: 'asked' } } } as never, {
        $set: { 'refunds.$.state': 'failed' },
      });
    },

    withAskedRefunds: (limit: number) =>
      orders
        .find({ 'refunds.state': 'asked' } as never)
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),

    async setDisputed(code: string) {
      await orders.updateOne({ _id: code }, { $set: { 'payment.disputed': true } });
    },

    /**
     * Where an order goes, and what that costs. Compare and set: only while it awaits payment and its total is the
     * one that the caller has read.
     */
    async setDelivery(
      order: Pick<OrderDoc, '_id' | 'totalFen'>,
      set: Pick<OrderDoc, 'address' | 'shipping' | 'shippingFen' | 'totalFen'>,
    ): Promise<OrderDoc | null> {
      return orders
        .findOneAndUpdate(
          { _id: order._id, state: 'awaiting_payment', totalFen: order.totalFen },
          { $set: set },
          { returnDocument: 'after' },
        )
        .lean<OrderDoc>()
        .exec();
    },

    expired: (now: Date, limit: number) =>
      orders
        .find({ state: 'awaiting_payment', expiresAt: { $lte: now } })
        .sort({ expiresAt: 1 })
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),

    owing: (limit: number) =>
      orders
        .find({ owes: { $type: 'string' } } as never)
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),

    all: () =>
      orders.find().select({ state: 1, owes: 1, lines: 1, history: 1, refunds: 1 }).lean<OrderDoc[]>().exec(),

    async settle(codes: string[]) {
      await orders.updateMany({ _id: { $in: codes } }, { $set: { owes: null } });
    },
  };
}

function openOne(batch: string, codes: string[], lots: Opening['lots'], entry: HistoryEntry) {
  const assigned = Object.fromEntries(lots.map((ofLine, index) => [`lines.${index}.lots`, ofLine]));
  return {
    updateMany: {
      filter: { _id: { $in: codes }, batch, state: 'opening' },
      update: { $set: { state: entry.to, ...assigned }, $push: { history: entry } },
    },
  };
}

import { insertNew, type Database } from '../platform/db/index.ts';
import { orderModels, type BatchDoc, type Debt, type OrderDoc, type OrderRefund } from './orders.model.ts';
import type { HistoryEntry, OrderState } from './orders.rules.ts';

export type OrderStore = ReturnType<typeof createOrderStore>;

export interface OrderMove {
  code: string;
  from: OrderState;
  entry: HistoryEntry;
  owes?: Debt;
  set?: Record<string, unknown>;
  /** What else must still be so. */
  where?: Record<string, unknown>;
}

export function createOrderStore(db: Database) {
  const { orders, batches } = orderModels(db);
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

    byCodes: (codes: readonly string[]) =>
      orders
        .find({ _id: { $in: [...codes] } })
        .lean<OrderDoc[]>()
        .exec(),

    /** What was placed in a live since then, by code and batch, a few hundred at a time. */
    async *placedInLive(live: string, since: Date): AsyncGenerator<Pick<OrderDoc, '_id' | 'batch'>[]> {
      const cursor = orders
        .find({ live, createdAt: { $gte: since }, state: { $ne: 'opening' } })
        .select({ batch: 1 })
        .lean<Pick<OrderDoc, '_id' | 'batch'>[]>()
        .cursor({ batchSize: 500 });
      let some: Pick<OrderDoc, '_id' | 'batch'>[] = [];
      for await (const order of cursor) {
        if (some.push(order) < 500) continue;
        yield some;
        some = [];
      }
      if (some.length > 0) yield some;
    },

    /** Orders, pieces and money of a live, by state. */
    sumsOfLive: (live: string) =>
      orders
        .aggregate<{ _id: OrderState; orders: number; pieces: number; fen: number }>([
          { $match: { live, state: { $ne: 'opening' } } },
          {
            $group: {
              _id: '$state',
              orders: { $sum: 1 },
              pieces: { $sum: { $sum: '$lines.qty' } },
              fen: { $sum: '$totalFen' },
            },
          },
        ])
        .exec(),

    byClicks: (clicks: readonly { buyers: readonly string[]; clickId: string }[]) =>
      orders
        .find({
          buyer: { $in: clicks.flatMap(({ buyers }) => [...buyers]) },
          clickId: { $in: clicks.map(({ clickId }) => clickId) },
        })
        .lean<OrderDoc[]>()
        .exec(),

    /** Says what a batch is about to take, and for whom. */
    async begin(batch: BatchDoc): Promise<void> {
      await batches.collection.insertOne(batch as never);
    },

    /** Nobody needs to look after these batches any more. Not waited for in the journal: forgetting can be done again. */
    async forget(ids: readonly string[]): Promise<void> {
      await batches.collection.deleteMany(
        { _id: { $in: ids as never[] } },
        { writeConcern: { w: 1, j: false } },
      );
    },

    unfinished: (before: Date) =>
      batches
        .find({ at: { $lt: before } })
        .sort({ at: 1 })
        .lean<BatchDoc[]>()
        .exec(),

    /** Those of the clicks that a batch has in hand somewhere. */
    async inHand(clicks: readonly string[]): Promise<Set<string>> {
      const found = await batches
        .find({ clicks: { $in: [...clicks] } })
        .select({ clicks: 1 })
        .lean<BatchDoc[]>()
        .exec();
      return new Set(found.flatMap((batch) => batch.clicks));
    },

    /** @returns the places in `docs` whose click is already somebody's order, or whose code is buried */
    insertOrders: (docs: readonly OrderDoc[]) => insertNew(orders.collection, docs),

    /**
     * Sees to it that a batch makes no order any more: each of its codes has one, or a stone that is in nobody's way
     * and that nobody is shown.
     */
    async bury({ _id, codes }: Pick<BatchDoc, '_id' | 'codes'>, at: Date): Promise<void> {
      const stones = codes.map((code, place) => ({
        ...{ _id: code, buyer: `batch:${_id}`, clickId: code, state: 'opening', batch: _id, place },
        ...{ lines: [], cooperatives: [], parcels: [], refunds: [], history: [], createdAt: at },
      }));
      await insertNew(orders.collection, stones);
    },

    async forgetBuried(before: Date): Promise<void> {
      await orders.deleteMany({ state: 'opening', createdAt: { $lt: before } });
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

    /**
     * Compare and set on refunds and parcels, straight to the driver, field for field: neither is money sent back
     * twice, nor do pieces come back to the shelf that somebody is putting into a box.
     */
    addRefund: (order: OrderDoc, refund: OrderRefund): Promise<OrderDoc | null> =>
      orders.collection.findOneAndUpdate(
        { _id: order._id as never, state: order.state, refunds: order.refunds, parcels: order.parcels },
        { $push: { refunds: refund } } as never,
        { returnDocument: 'after' },
      ) as Promise<OrderDoc | null>,

    finishRefund: (order: OrderDoc, done: { key: string; fen: number; entry: HistoryEntry }) =>
      orders
        .findOneAndUpdate(
          {
            _id: order._id,
            state: order.state,
            // Another one may have come through in the same state, and together they may be all of it.
            'payment.refundedFen': order.payment.refundedFen,
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

    async failRefund(code: string, key: string): Promise<boolean> {
      const result = await orders.updateOne(
        { _id: code, refunds: { $elemMatch: { key, state: 'asked' } } } as never,
        { $set: { 'refunds.$.state': 'failed' } },
      );
      return result.modifiedCount === 1;
    },

    /** Compare and set on the refunds: one that was done or failed gives way to what is left of it. */
    async turnDown(order: OrderDoc, refund: OrderRefund, left: readonly OrderRefund[]): Promise<boolean> {
      const refunds = order.refunds.flatMap((one) => (one.key === refund.key ? left : [one]));
      const result = await orders.collection.updateOne(
        { _id: order._id as never, refunds: order.refunds },
        {
          $set: { refunds },
          $inc: { 'payment.refundedFen': refund.state === 'done' ? -refund.fen : 0 },
        },
      );
      return result.modifiedCount === 1;
    },

    /** By their codes, a page at a time. */
    withAskedRefunds: (after: string, limit: number) =>
      orders
        .find({ _id: { $gt: after }, 'refunds.state': 'asked' } as never)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<OrderDoc[]>()
        .exec(),

    /**
     * Says that a payment goes back: it pays this order no more, whatever that comes to cost. Compare and set on what made
     * it the wrong one.
     */
    async returnPayment(order: Pick<OrderDoc, '_id' | 'state' | 'totalFen'>, intent: string) {
      const { _id, state, totalFen } = order;
      const change = { $addToSet: { 'payment.returned': intent } };
      const result = await orders.updateOne({ _id, state, totalFen }, change);
      return result.matchedCount === 1;
    },

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

    /** Whose total is nothing, and that know where they go. */
    withNothingToPay: (limit: number) =>
      orders
        .find({ state: 'awaiting_payment', totalFen: 0, address: { $ne: null } })
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

    /** Only that debt: what an order has come to owe since then is still to be done. */
    async settle(codes: string[], debt: Debt) {
      await orders.updateMany({ _id: { $in: codes }, owes: debt }, { $set: { owes: null } });
    },
  };
}

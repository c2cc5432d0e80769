import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { paymentModels, type InboxDoc, type PaymentDoc } from './payments.model.ts';
import {
  attemptsBefore,
  refundsBefore,
  type Attempt,
  type AttemptState,
  type Dispute,
  type Refund,
  type RefundState,
} from './payments.rules.ts';

export type PaymentStore = ReturnType<typeof createPaymentStore>;
export type InboxStore = ReturnType<typeof createInboxStore>;

export function createPaymentStore(db: Database) {
  const { payments } = paymentModels(db);

  async function change(filter: object, update: { $set?: object; $push?: object }): Promise<boolean> {
    const result = await payments.collection.updateOne(filter, { ...update, $inc: { rev: 1 } });
    return result.modifiedCount === 1;
  }

  return {
    byRef: (ref: string) => payments.findById(ref).lean<PaymentDoc>().exec(),
    byIntent: (intent: string) => payments.findOne({ 'attempts.intent': intent }).lean<PaymentDoc>().exec(),

    /**
     * Begins an attempt, if nobody was quicker: only one attempt of a payment is alive at any time.
     *
     * @returns whether it is in
     */
    async begin(ref: string, attempt: Attempt): Promise<boolean> {
      const filter = {
        _id: ref as never,
        attempts: { $size: attempt.seq, $not: { $elemMatch: { state: { $ne: 'cancelled' } } } },
      };
      const fresh = { refunds: [], disputes: [], lookAt: null, createdAt: attempt.at };
      try {
        const result = await payments.collection.updateOne(
          filter,
          { $push: { attempts: attempt } as never, $inc: { rev: 1 }, $setOnInsert: fresh },
          { upsert: attempt.seq === 0 },
        );
        return result.modifiedCount + result.upsertedCount === 1;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Stripe has made the intent of an attempt. @returns false when it was given up in the meantime */
    opened: (ref: string, seq: number, intent: string, lookAt: Date) =>
      change(
        { _id: ref as never, attempts: { $elemMatch: { seq, state: 'making' } } },
        { $set: { 'attempts.$.state': 'open', 'attempts.$.intent': intent, lookAt } },
      ),

    /** Gives up an attempt that has no intent yet. @returns false when it has one by now */
    abandon: (ref: string, seq: number) =>
      change(
        { _id: ref as never, attempts: { $elemMatch: { seq, state: 'making' } } },
        { $set: { 'attempts.$.state': 'cancelled' } },
      ),

    moveAttempt: (ref: string, seq: number, to: AttemptState, lookAt?: Date) =>
      change(
        { _id: ref as never, attempts: { $elemMatch: { seq, state: { $in: attemptsBefore(to) } } } },
        { $set: { 'attempts.$.state': to, ...(lookAt ? { lookAt } : {}) } },
      ),

    /** @returns whether it is new: a key is used once */
    addRefund: (ref: string, refund: Refund, lookAt?: Date) =>
      change(
        { _id: ref as never, 'refunds.key': { $ne: refund.key } },
        { $push: { refunds: refund }, ...(lookAt ? { $set: { lookAt } } : {}) },
      ),

    moveRefund: (
      ref: string,
      key: string,
      to: RefundState,
      known: { id: string | null; failure: string | null },
    ) =>
      change(
        { _id: ref as never, refunds: { $elemMatch: { key, state: { $in: refundsBefore(to) } } } },
        {
          $set: {
            'refunds.$.state': to,
            'refunds.$.failure': known.failure,
            ...(known.id === null ? {} : { 'refunds.$.id': known.id }),
          },
        },
      ),

    /** Keeps the latest word on a dispute. */
    async putDispute(ref: string, dispute: Dispute): Promise<void> {
      const { id, at } = dispute;
      const added = await change(
        { _id: ref as never, 'disputes.id': { $ne: id } },
        { $push: { disputes: dispute } },
      );
      if (added) return;
      await change(
        { _id: ref as never, disputes: { $elemMatch: { id, at: { $lte: at } } } },
        { $set: { 'disputes.$': dispute } },
      );
    },

    /** Payments that Stripe should be asked about, longest waiting first. */
    toLookAt: (now: Date, limit: number) =>
      payments
        .find({ lookAt: { $lte: now } })
        .sort({ lookAt: 1 })
        .limit(limit)
        .lean<PaymentDoc[]>()
        .exec(),

    /** When to look again, unless something has been written since it was read. */
    async lookAgain({ _id, rev }: Pick<PaymentDoc, '_id' | 'rev'>, lookAt: Date | null): Promise<void> {
      await payments.collection.updateOne({ _id: _id as never, rev }, { $set: { lookAt } });
    },
  };
}

export function createInboxStore(db: Database) {
  const { inbox } = paymentModels(db);
  return {
    /** @returns false when the event is known */
    async put(event: Pick<InboxDoc, '_id' | 'type' | 'news'>, now: Date): Promise<boolean> {
      try {
        await inbox.collection.insertOne({
          ...event,
          receivedAt: now,
          handled: false,
          handledAt: null,
          claimedUntil: now,
          tries: 0,
        } as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    byId: (id: string) => inbox.findById(id).lean<InboxDoc>().exec(),

    /** Takes an event in hand. @returns null when it is done, or in somebody else's hands */
    claim: (id: string, now: Date, until: Date) =>
      inbox
        .findOneAndUpdate(
          { _id: id, handled: false, claimedUntil: { $lte: now } },
          { $set: { claimedUntil: until }, $inc: { tries: 1 } },
          { returnDocument: 'after' },
        )
        .lean<InboxDoc>()
        .exec(),

    async done(id: string, now: Date) {
      await inbox.updateOne({ _id: id }, { $set: { handled: true, handledAt: now } });
    },

    async leave(id: string, until: Date) {
      await inbox.updateOne({ _id: id, handled: false }, { $set: { claimedUntil: until } });
    },

    async unhandled(now: Date, limit: number): Promise<string[]> {
      const found = await inbox
        .find({ handled: false, claimedUntil: { $lte: now } })
        .sort({ claimedUntil: 1 })
        .limit(limit)
        .select({ _id: 1 })
        .lean<{ _id: string }[]>()
        .exec();
      return found.map(({ _id }) => _id);
    },
  };
}

import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { couponModels, type CouponDoc, type CouponUseDoc } from './coupons.model.ts';

export type CouponStore = ReturnType<typeof createCouponStore>;

/** What stood in the way of a claim: the ticket, the person's nth use, or a use (or void) of the same order. */
export type ClaimResult = 'claimed' | 'ticket' | 'person' | 'order';

export function createCouponStore(db: Database) {
  const { coupons, uses } = couponModels(db);
  return {
    byCode: (code: string) => coupons.findById(code).lean<CouponDoc>().exec(),
    byCodes: (codes: readonly string[]) =>
      coupons
        .find({ _id: { $in: [...codes] } })
        .lean<CouponDoc[]>()
        .exec(),
    /** Those that may be handed out in lives now, the newest first. */
    heldRunning: (now: Date, limit: number) =>
      coupons
        .find({ held: true, stoppedAt: null, from: { $lte: now }, until: { $gt: now } })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<CouponDoc[]>()
        .exec(),
    /** Compare and set on `dropSeq`. @returns whether it was still the picture that was decided on */
    async setDrops(code: string, seq: number, drops: CouponDoc['drops']): Promise<boolean> {
      const seen = seq === 0 ? { dropSeq: { $exists: false } } : { dropSeq: seq };
      const result = await coupons.updateOne({ _id: code, ...seen } as never, {
        $set: { drops, dropSeq: seq + 1 },
      });
      return result.modifiedCount === 1;
    },
    ofOwner: (cooperative: string | null, limit: number) =>
      coupons.find({ cooperative }).sort({ createdAt: -1 }).limit(limit).lean<CouponDoc[]>().exec(),
    /** Duplicate key when the code is taken. */
    async insert(doc: CouponDoc) {
      await coupons.collection.insertOne(doc as never);
    },
    /** @returns whether it was running */
    async stop(code: string, at: Date): Promise<boolean> {
      const result = await coupons.updateOne({ _id: code, stoppedAt: null }, { $set: { stoppedAt: at } });
      return result.modifiedCount > 0;
    },

    async usesOf(codes: readonly string[]): Promise<Map<string, number>> {
      const counts = await uses.aggregate<{ _id: string; count: number }>([
        { $match: { coupon: { $in: [...codes] } } },
        { $group: { _id: '$coupon', count: { $sum: 1 } } },
      ]);
      return new Map(counts.map(({ _id, count }) => [_id, count]));
    },
    async ticketsOf(coupon: string): Promise<Set<number>> {
      const found = await uses
        .find({ coupon })
        .select({ _id: 0, ticket: 1 })
        .lean<{ ticket: number }[]>()
        .exec();
      return new Set(found.map(({ ticket }) => ticket));
    },
    /** The numbers of the uses of a person, those of the guests it once was included. */
    async nthsOf(coupon: string, people: readonly string[]): Promise<number[]> {
      const found = await uses
        .find({ coupon, person: { $in: [...people] } })
        .select({ _id: 0, nth: 1 })
        .lean<{ nth: number }[]>()
        .exec();
      return found.map(({ nth }) => nth);
    },
    byOrder: (order: string) => uses.findOne({ order }).lean<CouponUseDoc>().exec(),
    usesOfOrders: (orders: readonly string[]) =>
      uses
        .find({ order: { $in: [...orders] } })
        .lean<CouponUseDoc[]>()
        .exec(),

    /** One insert that claims the ticket, the person's nth use and the order's place, or none of them. */
    async insertUse(use: CouponUseDoc): Promise<ClaimResult> {
      try {
        await uses.collection.insertOne(use as never);
        return 'claimed';
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const { keyPattern = {} } = error as { keyPattern?: Record<string, unknown> };
        if ('order' in keyPattern) return 'order';
        return 'person' in keyPattern ? 'person' : 'ticket';
      }
    },

    /** Uses of these orders are free again, the first ones or those claimed late; voids stay. */
    async removeUses(orders: readonly string[], late: boolean): Promise<void> {
      await uses.deleteMany({
        order: { $in: [...orders] },
        coupon: { $type: 'string' },
        late: late ? true : { $ne: true },
      } as never);
    },
    async removeVoids(before: Date): Promise<void> {
      await uses.deleteMany({ coupon: null, at: { $lt: before } });
    },
  };
}

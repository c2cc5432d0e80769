import type { Database } from '../platform/db/index.ts';
import { offerModels, type OfferDoc } from './offers.model.ts';
import type { OfferEnd, OfferTake } from './offers.rules.ts';

export type OfferStore = ReturnType<typeof createOfferStore>;

export function createOfferStore(db: Database) {
  const { offers } = offerModels(db);
  return {
    byId: (id: string) => offers.findById(id).lean<OfferDoc>().exec(),
    /** All that ever ran there, in their order. */
    ofLive: (live: string) => offers.find({ live }).sort({ createdAt: 1 }).lean<OfferDoc[]>().exec(),
    openIn: (live: string) => offers.find({ live, closed: null }).lean<OfferDoc[]>().exec(),
    overdue: (now: Date) =>
      offers
        .find({ closed: null, closesAt: { $lte: now } })
        .limit(100)
        .lean<OfferDoc[]>()
        .exec(),

    async insert(doc: OfferDoc) {
      await offers.collection.insertOne(doc as never);
    },

    /** Compare and set on `seq`. @returns whether it was still the picture that was decided on */
    async claim(id: string, seq: number, batch: string, takes: OfferTake[]): Promise<boolean> {
      const result = await offers.updateOne(
        { _id: id, seq, closed: null, 'voided.ref': { $ne: batch } },
        { $push: { takes: { $each: takes } }, $inc: { seq: 1 } },
      );
      return result.modifiedCount === 1;
    },

    /** The same when the offer may have ended. */
    async claimAgain(offer: Pick<OfferDoc, '_id' | 'seq'>, take: OfferTake): Promise<boolean> {
      const result = await offers.updateOne(
        {
          _id: offer._id,
          seq: offer.seq,
          'voided.ref': { $ne: take.batch },
          'takes.code': { $ne: take.code },
        },
        { $push: { takes: take }, $inc: { seq: 1 } },
      );
      return result.modifiedCount === 1;
    },

    /** These takes can be taken again. Doing it twice is doing it once. */
    async giveBack(id: string, takes: Record<'code' | 'batch', unknown>): Promise<void> {
      await offers.collection.updateOne({ _id: id as never, takes: { $elemMatch: takes } }, {
        $pull: { takes },
        $inc: { seq: 1 },
      } as never);
    },

    /** Sees to it that a batch takes nothing more; tells what it took. */
    async seal(id: string, batch: string, at: Date): Promise<string[]> {
      await offers.updateOne(
        { _id: id, 'voided.ref': { $ne: batch } },
        { $push: { voided: { ref: batch, at } }, $inc: { seq: 1 } },
      );
      const offer = await offers.findById(id).lean<OfferDoc>().exec();
      return (offer?.takes ?? []).filter((take) => take.batch === batch).map(({ code }) => code);
    },

    async close(id: string, closed: { at: Date; reason: OfferEnd }) {
      return offers
        .findOneAndUpdate(
          { _id: id, closed: null },
          { $set: { closed }, $inc: { seq: 1 } },
          { returnDocument: 'after' },
        )
        .lean<OfferDoc>()
        .exec();
    },
  };
}

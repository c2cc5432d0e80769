import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { eventModels, type EventDoc } from './events.model.ts';

export type EventStore = ReturnType<typeof createEventStore>;

export function createEventStore(db: Database) {
  const { events } = eventModels(db);
  return {
    head: (lot: string) => events.findOne({ lot }).sort({ seq: -1 }).lean<EventDoc>().exec(),
    byKey: (lot: string, key: string) => events.findOne({ lot, key }).lean<EventDoc>().exec(),

    /** Of these keys, those that the lot has. */
    async known(lot: string, keys: readonly string[]): Promise<Set<string>> {
      const found = await events
        .find({ lot, key: { $in: [...keys] } })
        .select({ key: 1 })
        .lean<Pick<EventDoc, 'key'>[]>()
        .exec();
      return new Set(found.map(({ key }) => key));
    },

    /** @returns false when somebody else has that place on the chain, or that key, by now */
    async append(doc: EventDoc): Promise<boolean> {
      try {
        await events.collection.insertOne(doc as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** A lot's chain from its beginning; `kinds` are beginnings of keys. */
    ofLot(lot: string, kinds?: readonly string[]): Promise<EventDoc[]> {
      const key = kinds && { key: { $in: kinds.map((kind) => new RegExp(`^${kind}:`)) } };
      return events
        .find({ lot, ...key } as never)
        .sort({ seq: 1 })
        .lean<EventDoc[]>()
        .exec();
    },

    /** Keys of what happened to an order's boxes. */
    async keysOfOrder(lot: string, order: string): Promise<string[]> {
      const found = await events
        .find({ lot, key: new RegExp(`^parcel:.*:${order}$`) } as never)
        .select({ key: 1 })
        .lean<Pick<EventDoc, 'key'>[]>()
        .exec();
      return found.map(({ key }) => key);
    },

    hasOrder: async (lots: readonly string[], order: string): Promise<boolean> =>
      (await events.exists({
        lot: { $in: [...lots] },
        key: new RegExp(`^parcel:.*:${order}$`),
      } as never)) !== null,

    each: (lot: string): AsyncIterable<EventDoc> =>
      events.find({ lot }).sort({ seq: 1 }).lean<EventDoc[]>().cursor({ batchSize: 500 }),

    /** The last hash of every lot. */
    heads: () =>
      events.aggregate<{ _id: string; hash: string }>([
        { $sort: { lot: 1, seq: -1 } },
        { $group: { _id: '$lot', hash: { $first: '$hash' } } },
        { $sort: { _id: 1 } },
      ]),

    lots: () => events.distinct('lot').exec(),
  };
}

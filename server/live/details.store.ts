import { trusted } from 'mongoose';
import type { Database } from '../platform/db/index.ts';
import { liveModels, type LiveDoc } from './live.model.ts';

export type DetailsStore = ReturnType<typeof createDetailsStore>;

export function createDetailsStore(db: Database) {
  const { lives } = liveModels(db);
  return {
    /**
     * Compare and set on state and number of changes, and on what lies on the table when the rail changes.
     *
     * @returns null when one of them is another by now
     */
    change: (live: Pick<LiveDoc, '_id' | 'state'>, edits: number, set: Partial<LiveDoc>) =>
      lives
        .findOneAndUpdate(
          {
            ...{ _id: live._id, state: live.state, edits: edits === 0 ? null : edits },
            ...(set.rail ? { 'pinned.sku': trusted({ $in: [null, ...set.rail] }) } : {}),
          },
          { $set: { ...set, edits: edits + 1 } },
          { returnDocument: 'after' },
        )
        .lean<LiveDoc>()
        .exec(),
  };
}

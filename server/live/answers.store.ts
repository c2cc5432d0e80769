import type { Database } from '../platform/db/index.ts';
import type { PinnedAnswer } from './answers.model.ts';
import { liveModels, type LiveDoc } from './live.model.ts';

export type AnswerStore = ReturnType<typeof createAnswerStore>;

export function createAnswerStore(db: Database) {
  const { lives } = liveModels(db);
  return {
    put: (live: string, answer: PinnedAnswer) =>
      lives
        .findOneAndUpdate({ _id: live, state: 'live' }, { $set: { answer } }, { returnDocument: 'after' })
        .lean<LiveDoc>()
        .exec(),
    /** Only that one: a newer answer of somebody else's stays. */
    take: (live: string, id: string) =>
      lives
        .findOneAndUpdate(
          { _id: live, 'answer.id': id },
          { $set: { answer: null } },
          { returnDocument: 'after' },
        )
        .lean<LiveDoc>()
        .exec(),
  };
}

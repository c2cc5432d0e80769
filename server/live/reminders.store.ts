import type { Database } from '../platform/db/index.ts';
import { reminderModels, type ReminderDoc } from './reminders.model.ts';

export type ReminderStore = ReturnType<typeof createReminderStore>;

export function createReminderStore(db: Database) {
  const { reminders } = reminderModels(db);
  return {
    async set({ _id, ...doc }: ReminderDoc) {
      await reminders.updateOne({ _id }, { $set: doc }, { upsert: true });
    },
    async stop(id: string, at: Date) {
      await reminders.updateOne({ _id: id, stoppedAt: null }, { $set: { stoppedAt: at } });
    },
    byId: (id: string) => reminders.findById(id).lean<ReminderDoc>().exec(),
    count: (live: string) => reminders.countDocuments({ live, stoppedAt: null }),
    ofLive: (live: string): AsyncIterable<ReminderDoc> =>
      reminders
        .find({ live, stoppedAt: null })
        .lean<ReminderDoc[]>()
        .cursor({ batchSize: 500 }) as AsyncIterable<ReminderDoc>,
  };
}

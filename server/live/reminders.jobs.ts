import type { Job } from '../platform/jobs.ts';
import type { Reminders } from './reminders.service.ts';

export function reminderJobs(reminders: Reminders): Job[] {
  return [{ name: 'reminders.remind', everyMs: 15_000, run: async () => void (await reminders.remind()) }];
}

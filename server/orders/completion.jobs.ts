import type { Job } from '../platform/jobs.ts';
import type { Completion } from './completion.service.ts';

export function completionJobs(completion: Completion): Job[] {
  return [{ name: 'orders.complete', everyMs: 60_000, run: async () => void (await completion.run()) }];
}

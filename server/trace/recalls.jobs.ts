import type { Job } from '../platform/jobs.ts';
import type { Recalls } from './recalls.service.ts';

export function recallJobs(recalls: Recalls): Job[] {
  return [{ name: 'recalls.work', everyMs: 5_000, run: () => recalls.work() }];
}

import type { Job } from '../platform/jobs.ts';
import type { Moderation } from './moderation.service.ts';

export function moderationJobs(moderation: Moderation): Job[] {
  return [{ name: 'live.forgetSpoken', everyMs: 15 * 60_000, run: () => moderation.forgetSpoken() }];
}

import type { Job } from '../platform/jobs.ts';
import type { Accounts } from './accounts.service.ts';

export function accountJobs(accounts: Accounts): Job[] {
  return [
    { name: 'accounts.removeOldAttempts', everyMs: 10 * 60_000, run: () => accounts.removeOldAttempts() },
  ];
}

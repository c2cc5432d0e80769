import type { Job } from '../../platform/jobs.ts';
import type { Cashier } from './cashier.service.ts';

export function cashierJobs(cashier: Cashier): Job[] {
  return [
    { name: 'cashier.deliver', everyMs: 1_000, run: async () => void (await cashier.deliverDue()) },
    { name: 'cashier.forgetKeys', everyMs: 3_600_000, run: () => cashier.forgetOldKeys() },
  ];
}

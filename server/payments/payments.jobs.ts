import type { Job } from '../platform/jobs.ts';
import type { Payments } from './payments.service.ts';

export function paymentJobs(payments: Payments): Job[] {
  return [
    {
      name: 'payments.redeliver',
      everyMs: 5_000,
      run: async () => void (await payments.redeliver()),
    },
    {
      name: 'payments.reconcile',
      everyMs: 30_000,
      run: async () => void (await payments.reconcile()),
    },
  ];
}

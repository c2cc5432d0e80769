import type { Job } from '../platform/jobs.ts';
import type { Orders } from './orders.service.ts';

export function orderJobs(orders: Orders): Job[] {
  return [
    { name: 'orders.expireHolds', everyMs: 2_000, run: async () => void (await orders.expireHolds()) },
    { name: 'orders.recover', everyMs: 5_000, run: () => orders.recover() },
  ];
}

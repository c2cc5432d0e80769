import type { Job } from '../platform/jobs.ts';
import type { Offers } from './offers.service.ts';
import type { Orders } from './orders.service.ts';

export function orderJobs(orders: Orders, offers: Offers): Job[] {
  return [
    { name: 'orders.expireHolds', everyMs: 2_000, run: async () => void (await orders.expireHolds()) },
    { name: 'offers.closeOverdue', everyMs: 1_000, run: () => offers.closeOverdue() },
    { name: 'orders.audit', everyMs: 10 * 60_000, run: () => orders.auditAndReport() },
    { name: 'orders.attendLines', everyMs: 5_000, run: () => orders.attendLines() },
    { name: 'orders.recover', everyMs: 5_000, run: () => orders.recover() },
  ];
}

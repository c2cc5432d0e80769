import type { Job } from '../platform/jobs.ts';
import type { OrderMails } from './mails.service.ts';

export function orderMailJobs(mails: OrderMails): Job[] {
  return [{ name: 'orders.missedMails', everyMs: 30_000, run: async () => void (await mails.recover()) }];
}

import type { Job } from '../platform/jobs.ts';
import type { Stock } from './stock.service.ts';

export function stockJobs(stock: Stock): Job[] {
  return [{ name: 'stock.archiveTails', everyMs: 2_000, run: () => stock.archiveTails() }];
}

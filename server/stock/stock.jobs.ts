import type { Job } from '../platform/jobs.ts';
import type { Lots } from './lots.service.ts';
import type { Stock } from './stock.service.ts';

export function stockJobs(stock: Stock, lots: Lots): Job[] {
  return [
    { name: 'stock.archiveTails', everyMs: 2_000, run: () => stock.archiveTails() },
    { name: 'stock.finishMoves', everyMs: 5_000, run: async () => void (await lots.finishMoves()) },
  ];
}

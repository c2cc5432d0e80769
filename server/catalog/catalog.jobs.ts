import type { Job } from '../platform/jobs.ts';
import type { Catalog } from './catalog.service.ts';

export function catalogJobs(catalog: Catalog): Job[] {
  // On every node: each has a shelf of its own.
  return [{ name: 'catalog.refresh', everyMs: 5_000, everywhere: true, run: () => catalog.refresh() }];
}

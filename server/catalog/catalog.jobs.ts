import type { Job } from '../platform/jobs.ts';
import type { Certificates } from './certificates.service.ts';
import type { Catalog } from './catalog.service.ts';

export function catalogJobs(catalog: Catalog, certificates: Certificates): Job[] {
  // On every node: each has a shelf of its own.
  return [
    { name: 'catalog.refresh', everyMs: 5_000, everywhere: true, run: () => catalog.refresh() },
    { name: 'certificates.recover', everyMs: 20_000, run: async () => void (await certificates.recover()) },
  ];
}

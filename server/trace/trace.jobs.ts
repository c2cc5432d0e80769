import type { Job } from '../platform/jobs.ts';
import type { Roads } from './roads.service.ts';
import type { Roots } from './roots.service.ts';
import type { Scans } from './scans.service.ts';
import type { Stowing } from './stowing.service.ts';
import type { Units } from './units.service.ts';

export interface TraceJobDeps {
  roads: Roads;
  roots: Roots;
  units: Units;
  stowing: Stowing;
  scans: Scans;
}

export function traceJobs({ roads, roots, units, stowing, scans }: TraceJobDeps): Job[] {
  return [
    { name: 'trace.recover', everyMs: 5 * 60_000, run: async () => void (await roads.recover()) },
    { name: 'trace.finishRuns', everyMs: 60_000, run: async () => void (await units.finishRuns()) },
    { name: 'trace.settleCartons', everyMs: 60_000, run: async () => void (await stowing.settle()) },
    { name: 'trace.publish', everyMs: 10 * 60_000, run: async () => void (await roots.publish()) },
    { name: 'trace.forgetSalts', everyMs: 60 * 60_000, run: () => scans.forget() },
  ];
}

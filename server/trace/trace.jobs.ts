import type { Job } from '../platform/jobs.ts';
import type { ReportMails } from './report-mails.service.ts';
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
  reportMails: ReportMails;
}

export function traceJobs(deps: TraceJobDeps): Job[] {
  const { roads, roots, units, stowing, scans, reportMails } = deps;
  return [
    { name: 'trace.recover', everyMs: 5 * 60_000, run: async () => void (await roads.recover()) },
    { name: 'trace.finishRuns', everyMs: 60_000, run: async () => void (await units.finishRuns()) },
    { name: 'trace.settleCartons', everyMs: 60_000, run: async () => void (await stowing.settle()) },
    { name: 'trace.tellReports', everyMs: 60_000, run: async () => void (await reportMails.recover()) },
    { name: 'trace.publish', everyMs: 10 * 60_000, run: async () => void (await roots.publish()) },
    { name: 'trace.forgetSalts', everyMs: 60 * 60_000, run: () => scans.forget() },
  ];
}

import type { Job } from '../platform/jobs.ts';
import type { EvidenceKeeper } from './evidence.service.ts';

export function evidenceJobs(evidence: EvidenceKeeper): Job[] {
  return [{ name: 'evidence.recover', everyMs: 30_000, run: async () => void (await evidence.recover()) }];
}

import type { Job } from '../platform/jobs.ts';
import type { Awards } from './awards.service.ts';
import type { Draws } from './draws.service.ts';

export function drawJobs(draws: Draws, awards: Awards): Job[] {
  return [
    { name: 'draws.attend', everyMs: 1_000, run: () => draws.attend() },
    { name: 'draws.lapse', everyMs: 30_000, run: () => awards.lapseOverdue() },
  ];
}

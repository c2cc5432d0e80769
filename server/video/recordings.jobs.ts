import type { Job } from '../platform/jobs.ts';
import type { Recordings } from './recordings.service.ts';

/** On every node: each looks after the files of its own machine. */
export function recordingJobs(recordings: Recordings): Job[] {
  return [
    {
      name: 'recordings.recover',
      everyMs: 10_000,
      everywhere: true,
      run: async () => void (await recordings.recover()),
    },
    {
      name: 'recordings.retire',
      everyMs: 3_600_000,
      everywhere: true,
      run: async () => void (await recordings.retire()),
    },
  ];
}

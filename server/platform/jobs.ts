import type { Clock } from './clock.ts';
import { isDuplicateKey, type Database } from './db/index.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface Job {
  name: string;
  everyMs: number;
  /** On every node; otherwise one node at a time holds the job's lease. */
  everywhere?: boolean;
  run: () => Promise<void>;
}

export interface JobRunner {
  start(jobs: Job[]): void;
  /** No new run begins; resolves when those under way have ended. */
  stop(): Promise<void>;
}

interface LeaseDoc {
  _id: string;
  until: Date;
}

/** Longer than any run should take; a node that dies holding a lease delays the job by this much. */
const LEASE_MS = 30_000;

/**
 * Runs jobs at their cadence. The lease in the database only saves work: every job is safe to run twice and on two
 * nodes at once.
 */
export function createJobRunner(deps: { db: Database; clock: Clock; log: Log; metrics: Metrics }): JobRunner {
  const { clock, log, metrics } = deps;
  const leases = deps.db.collection<LeaseDoc>('job_leases');
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  async function acquire(job: Job): Promise<boolean> {
    const now = clock.now();
    const until = new Date(now.getTime() + LEASE_MS);
    try {
      const result = await leases.updateOne(
        { _id: job.name, until: { $lte: now } },
        { $set: { until } },
        { upsert: true },
      );
      return result.modifiedCount + result.upsertedCount > 0;
    } catch (error) {
      if (isDuplicateKey(error)) return false; // another node holds it
      throw error;
    }
  }

  async function runOnce(job: Job) {
    const end = metrics.jobSeconds.startTimer({ job: job.name });
    try {
      if (!job.everywhere && !(await acquire(job))) return;
      await job.run();
      end({ result: 'ok' });
      if (job.everywhere) return;
      // Free again a little before the next turn, so that any node may take it.
      await leases.updateOne(
        { _id: job.name },
        { $set: { until: new Date(clock.now().getTime() + job.everyMs / 2) } },
      );
    } catch (err) {
      end({ result: 'failed' });
      log.error({ err, job: job.name }, 'a job failed');
    }
  }

  function schedule(job: Job) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const done = runOnce(job).finally(() => {
        running.delete(done);
        if (!stopped) schedule(job);
      });
      running.add(done);
    }, job.everyMs);
    timer.unref();
    timers.add(timer);
  }

  return {
    start(jobs) {
      for (const job of jobs) schedule(job);
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}

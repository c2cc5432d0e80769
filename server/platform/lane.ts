import { AppError } from './errors.ts';

interface Waiting<I, O> {
  input: I;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

export interface LaneOptions<I, O> {
  /** Handles requests in the order of their arrival; answers one outcome for each, in the same order. */
  work: (inputs: I[]) => Promise<Outcome<O>[]>;
  maxBatch: number;
  /** More waiting than this are refused with `unavailable`: better an early no than a late answer. */
  maxWaiting: number;
}

export type Outcome<O> = { ok: true; value: O } | { ok: false; error: unknown };

export interface Lane<I, O> {
  enter(input: I): Promise<O>;
  /** Resolves when nobody waits any more. */
  idle(): Promise<void>;
  readonly waiting: number;
}

/**
 * Requests that arrive while one is being written wait together and go in as one: the cost of a durable write is
 * shared by everybody who is there, and somebody alone waits for nobody.
 */
export function createLane<I, O>(options: LaneOptions<I, O>): Lane<I, O> {
  const queue: Waiting<I, O>[] = [];
  let running: Promise<void> | undefined;

  async function drain() {
    while (queue.length > 0) {
      const batch = queue.splice(0, options.maxBatch);
      await handle(batch);
    }
    // In the same breath as the last look at the queue: whoever enters after it must find nobody at work.
    running = undefined;
  }

  async function handle(batch: Waiting<I, O>[]) {
    try {
      const outcomes = await options.work(batch.map(({ input }) => input));
      batch.forEach((waiting, index) => {
        const outcome = outcomes[index];
        if (outcome?.ok) waiting.resolve(outcome.value);
        else waiting.reject(outcome?.error ?? new AppError('internal'));
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }

  return {
    enter(input) {
      if (queue.length >= options.maxWaiting) {
        return Promise.reject(new AppError('unavailable', { retryAfter: 1 }));
      }
      return new Promise((resolve, reject) => {
        queue.push({ input, resolve, reject });
        if (!running) running = drain();
      });
    },
    async idle() {
      while (running) await running;
    },
    get waiting() {
      return queue.length;
    },
  };
}

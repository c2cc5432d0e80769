import { AppError } from './errors.ts';

interface Waiting<I, O> {
  input: I;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

/** A batch's place among those that are at work at the same time: what has to happen in order waits for its turn. */
export interface Turn {
  /** Whether somebody who came earlier has not passed yet. */
  readonly isBehind: boolean;
  /** Resolves when everybody who came earlier has passed. */
  come(): Promise<void>;
  /** Lets those who came later have their turn. A batch whose work has ended has passed. */
  pass(): void;
}

export interface LaneOptions<I, O> {
  /** Handles requests in the order of their arrival; answers one outcome for each, in the same order. */
  work: (inputs: I[], turn: Turn) => Promise<Outcome<O>[]>;
  maxBatch: number;
  /** More waiting than this are refused with `unavailable`: better an early no than a late answer. */
  maxWaiting: number;
  /** Batches that may be at work at the same time; one when nothing is said. */
  abreast?: number;
  /**
   * How long the lane rests after a batch, in ms, so that more come together: in a rush each of them costs less, and
   * somebody alone has waited for nobody.
   */
  restMs?: number;
}

export type Outcome<O> = { ok: true; value: O } | { ok: false; error: unknown };

export interface Lane<I, O> {
  enter(input: I): Promise<O>;
  /** Resolves when nobody waits any more. */
  idle(): Promise<void>;
  readonly waiting: number;
}

/**
 * Requests that arrive while others are being written wait together and go in as one: the cost of a durable write is
 * shared by everybody who is there, and somebody alone waits for nobody. A batch begins when the process has heard
 * out what has just come in: of a thousand who tap in the same second, the first would go in alone and all others
 * wait for it.
 */
export function createLane<I, O>(options: LaneOptions<I, O>): Lane<I, O> {
  const { work, maxBatch, maxWaiting, abreast = 1, restMs = 0 } = options;
  const queue: Waiting<I, O>[] = [];
  const running = new Set<Promise<void>>();
  let atWork = 0;
  let notPassed = 0;
  let passed = Promise.resolve();
  let beginning: Promise<void> | undefined;

  function begin() {
    if (atWork >= abreast || queue.length === 0) return;
    beginning ??= new Promise((resolve) => {
      setImmediate(() => {
        beginning = undefined;
        while (atWork < abreast && queue.length > 0) start(queue.splice(0, maxBatch));
        resolve();
      });
    });
  }

  function start(batch: Waiting<I, O>[]) {
    atWork += 1;
    const done = handle(batch).then(() => {
      running.delete(done);
      // In the same breath as the next look at the queue: whoever enters after it must find a place at work.
      atWork -= 1;
      begin();
    });
    running.add(done);
  }

  async function handle(batch: Waiting<I, O>[]) {
    const turn = nextTurn();
    try {
      const outcomes = await work(
        batch.map(({ input }) => input),
        turn,
      );
      batch.forEach((waiting, index) => {
        const outcome = outcomes[index];
        if (outcome?.ok) waiting.resolve(outcome.value);
        else waiting.reject(outcome?.error ?? new AppError('internal'));
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    } finally {
      turn.pass();
    }
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  }

  function nextTurn(): Turn {
    const before = passed;
    let isFirst = notPassed === 0;
    void before.then(() => (isFirst = true));
    let pass = () => {};
    const own = new Promise<void>((resolve) => (pass = resolve));
    notPassed += 1;
    // Who passes before its turn, having had nothing to do in it, lets nobody in ahead of those who came earlier.
    passed = before.then(() => own).then(() => void (notPassed -= 1));
    return {
      get isBehind() {
        return !isFirst;
      },
      come: () => before,
      pass,
    };
  }

  return {
    enter(input) {
      if (queue.length >= maxWaiting) {
        return Promise.reject(new AppError('unavailable', { retryAfter: 1 }));
      }
      return new Promise((resolve, reject) => {
        queue.push({ input, resolve, reject });
        begin();
      });
    },
    async idle() {
      while (running.size > 0 || beginning) await Promise.all([...running, beginning]);
    },
    get waiting() {
      return queue.length;
    },
  };
}

import { createLane } from '../platform/lane.ts';

type ReadAvailability = (skus: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** Requests that one reading serves; more wait for the next one. */
const MAX_BATCH = 500;
const MAX_WAITING = 20_000;

/**
 * One reading of the stock for all who ask while the last one is under way. Nothing is kept: whoever asks gets what is
 * read after the asking, as without it, and in a rush a list costs a fraction of a query instead of a query.
 */
export function shareAvailability(read: ReadAvailability): ReadAvailability {
  const lane = createLane<readonly string[], ReadonlyMap<string, number>>({
    async work(asked) {
      const found = await read(asked.length === 1 ? asked[0]! : [...new Set(asked.flat())]);
      return asked.map(() => ({ ok: true, value: found }) as const);
    },
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
  });
  return (skus) => (skus.length === 0 ? Promise.resolve(new Map()) : lane.enter(skus));
}

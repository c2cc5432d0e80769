/** How much later than its time says a product may become visible: another process's delay and its clock. */
const LOOK_BACK_MS = 30_000;

/**
 * From which time on products have to be looked at again.
 *
 * A write of another process may be stored later than its `updatedAt` says, so reading starts again some time before
 * the newest one that was seen. As long as nothing new comes, that place moves on with a stopwatch: thirty seconds
 * after an import its products are not read any more. The reader's own clock only ever makes it look back further,
 * so that one which is ahead of the writers' misses nothing.
 */
export function createHorizon() {
  /** In the writers' time; what is older by LOOK_BACK_MS has been seen. */
  let until = -Infinity;
  let at = 0;

  return {
    /** Undefined: everything. */
    since(now: Date): Date | undefined {
      if (until === -Infinity) return undefined;
      return new Date(Math.min(until, now.getTime()) - LOOK_BACK_MS);
    },

    /** After a complete reading that began at `startedAt` (ms of a stopwatch) and found `newest`. */
    advance(startedAt: number, newest: Date | undefined) {
      until = Math.max(until + (startedAt - at), newest?.getTime() ?? -Infinity);
      at = startedAt;
    },
  };
}

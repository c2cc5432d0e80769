const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

/** With these waits the last try is a little more than a day after the first. */
export const MAX_TRIES = 9;

/**
 * When to try again: after 30 s, 2 min, 8 min, half an hour, 2 h, then every 6 h.
 *
 * @param tries how often it was tried, at least 1
 * @returns undefined when it has been tried often enough
 */
export function nextTry(tries: number, now: Date): Date | undefined {
  if (tries >= MAX_TRIES) return undefined;
  return new Date(now.getTime() + Math.min(FIRST_WAIT_MS * 4 ** (tries - 1), LONGEST_WAIT_MS));
}

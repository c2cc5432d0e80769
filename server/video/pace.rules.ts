/**
 * How fast one viewer takes what it is sent, by its own word: the kernel's buffers hide a slow line from the sender,
 * so that the viewer says how many bytes have arrived.
 */

/** Media on its way, in µs, at which a viewer is behind and the rest up to the next key frame is left out. */
const BEHIND_US = 1_300_000;
/** So little under way that the next key frame may be sent. */
const CAUGHT_UP_US = 500_000;
/** Behind twice within so long: something smaller is sent. */
const STUMBLE_WINDOW_MS = 8_000;
/** Without a stumble for so long, the better one is tried again; each failure doubles it. */
const CALM_MS = 15_000;
const LONGEST_CALM_MS = 240_000;
/** Nothing taken at all for so long, while something is on its way. */
const LOST_MS = 15_000;
const STEPS = 3;

interface Mark {
  /** All bytes up to its end. */
  bytes: number;
  durationUs: number;
}

export type Pace = ReturnType<typeof createPace>;

/**
 * @param since when it came; all times in ms on a clock that does not jump
 * @param narrow how often its line was too narrow of late: it begins as many steps down, and is tried the more seldom
 */
export function createPace(since: number, narrow = 0) {
  let marks: Mark[] = [];
  let underWayUs = 0;
  let sentBytes = 0;
  let gotBytes = 0;
  let lastProgress = since;
  let step = Math.min(narrow, STEPS - 1);
  let calmMs = Math.min(LONGEST_CALM_MS, CALM_MS * 2 ** Math.max(0, narrow - 1));
  let lastStumble = -Infinity;
  let lastChange = since;

  return {
    sent(bytes: number, durationUs: number, now: number) {
      if (marks.length === 0) lastProgress = now;
      sentBytes += bytes;
      underWayUs += durationUs;
      marks.push({ bytes: sentBytes, durationUs });
    },
    got(bytes: number, now: number) {
      if (bytes > sentBytes || bytes < gotBytes) return;
      if (bytes > gotBytes) lastProgress = now;
      gotBytes = bytes;
      const left = marks.findIndex((mark) => mark.bytes > bytes);
      const arrived = left < 0 ? marks : marks.slice(0, left);
      for (const { durationUs } of arrived) underWayUs -= durationUs;
      marks = left < 0 ? [] : marks.slice(left);
    },
    isBehind: () => underWayUs > BEHIND_US,
    hasCaughtUp: () => underWayUs < CAUGHT_UP_US,
    isLost: (now: number) => marks.length > 0 && now - lastProgress > LOST_MS,
    /** Fell behind: the second time in short, it goes a step down. */
    stumbled(now: number) {
      const again = now - lastStumble < STUMBLE_WINDOW_MS;
      lastStumble = now;
      if (!again || step >= STEPS - 1) return;
      // Up and down again: it is tried ever more seldom.
      if (now - lastChange < CALM_MS * 2) calmMs = Math.min(LONGEST_CALM_MS, calmMs * 2);
      step += 1;
      lastChange = now;
      lastStumble = -Infinity;
    },
    /** 0: the best; each step is one rendition smaller. */
    step(now: number): number {
      const quiet = now - Math.max(lastChange, lastStumble) > calmMs;
      if (step > 0 && quiet) {
        step -= 1;
        lastChange = now;
      }
      return step;
    },
  };
}

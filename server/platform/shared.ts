import { setTimeout as pause } from 'node:timers/promises';

export interface Shared<T> {
  of(key: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Work that many ask for in the same moment, such as the picture of a room that a thousand people enter. Runs of one
 * key follow one another, at least `gapMs` apart, and whoever comes while one is under way gets the next: many share
 * a run, nobody gets one that began before they came, and somebody alone waits for nobody.
 */
export function createShared<T>({ gapMs }: { gapMs: number }): Shared<T> {
  const underWay = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<T>>();

  function start(key: string, work: () => Promise<T>): Promise<T> {
    const run = work();
    const over = Promise.allSettled([run, pause(gapMs, undefined, { ref: false })]).then(
      () => void underWay.delete(key),
    );
    underWay.set(key, over);
    return run;
  }

  return {
    of(key, work) {
      const waiting = next.get(key);
      if (waiting) return waiting;
      const before = underWay.get(key);
      if (!before) return start(key, work);
      const run = before.then(() => {
        next.delete(key);
        return start(key, work);
      });
      next.set(key, run);
      return run;
    },
  };
}

import type { Log } from './log.ts';

/**
 * What has happened, by name. Each domain adds its own in `x.facts.ts` by declaration merging, so that a teller and
 * a listener agree at compile time.
 */
export interface Facts {}

type Listener<K extends keyof Facts> = (fact: Facts[K]) => void | Promise<void>;

/** Carries facts upward inside one process. A listener that fails is logged and never fails the teller. */
export interface Bus {
  tell<K extends keyof Facts>(name: K, fact: Facts[K]): void;
  on<K extends keyof Facts>(name: K, listener: Listener<K>): () => void;
  /** Resolves when every listener that was called has finished. */
  idle(): Promise<void>;
}

export function createBus(log: Log): Bus {
  const listeners = new Map<string, Set<(fact: never) => void | Promise<void>>>();
  const running = new Set<Promise<void>>();

  async function run(name: string, listener: (fact: never) => void | Promise<void>, fact: unknown) {
    try {
      await listener(fact as never);
    } catch (error) {
      log.error({ err: error, fact: name }, 'a listener failed');
    }
  }

  return {
    tell(name, fact) {
      for (const listener of listeners.get(name) ?? []) {
        const done = run(name, listener, fact).finally(() => running.delete(done));
        running.add(done);
      }
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => void set.delete(listener);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

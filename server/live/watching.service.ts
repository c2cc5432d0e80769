import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { WatchStore } from './watching.store.ts';

export type Watching = ReturnType<typeof createWatching>;

/** The unit in which being there is counted, in ms. */
export const SLOT_MS = 20_000;

const AT_ONCE = 100;

/** How much longer a pause is than the writing before it. */
const PAUSES = 3;

/**
 * How long people have been in a room, as the server has seen it: every slot of time in which they were connected
 * counts once, with however many windows, phones and processes.
 */
export function createWatching(deps: { store: WatchStore; clock: Clock }) {
  const { store, clock } = deps;
  /** Whom this process has counted in the slot that is running, by live: they need not be written down again. */
  const counted = { slot: 0, people: new Map<string, Set<string>>() };

  function countedIn(live: string, slot: number): Set<string> {
    if (counted.slot !== slot) {
      counted.slot = slot;
      counted.people.clear();
    }
    const known = counted.people.get(live) ?? new Set();
    counted.people.set(live, known);
    return known;
  }

  return {
    /** These people are in the room in this very moment. */
    async seen(live: string, people: readonly string[]): Promise<void> {
      const now = clock.now();
      const slot = Math.floor(now.getTime() / SLOT_MS);
      const known = countedIn(live, slot);
      const fresh = people.filter((person) => !known.has(person));
      // Some at a time, and with pauses: thousands in one go would hold up what the room waits for.
      for (let start = 0; start < fresh.length; start += AT_ONCE) {
        const some = fresh.slice(start, start + AT_ONCE);
        const began = performance.now();
        await store.count(live, some, { slot, now });
        for (const person of some) known.add(person);
        const took = performance.now() - began;
        if (start + AT_ONCE < fresh.length) await pause(took * PAUSES);
      }
    },

    /** Everybody's minutes together. */
    async total(live: string): Promise<{ people: number; minutes: number }> {
      const { people, slots } = await store.total(live);
      return { people, minutes: Math.floor((slots * SLOT_MS) / 60_000) };
    },

    /** Whole minutes of a person, with those of the guests they once were. */
    async minutes(live: string, people: readonly string[]): Promise<number> {
      const slots = await store.slotsOf(live, people);
      return Math.floor((slots.reduce((sum, count) => sum + count, 0) * SLOT_MS) / 60_000);
    },
  };
}

import type { Clock } from '../platform/clock.ts';
import type { WatchStore } from './watching.store.ts';

export type Watching = ReturnType<typeof createWatching>;

/** The unit in which being there is counted, in ms. */
export const SLOT_MS = 20_000;

/**
 * How long people have been in a room, as the server has seen it: every slot of time in which they were connected
 * counts once, with however many windows, phones and processes.
 */
export function createWatching(deps: { store: WatchStore; clock: Clock }) {
  const { store, clock } = deps;
  return {
    /** These people are in the room in this very moment. */
    async seen(live: string, people: readonly string[]): Promise<void> {
      const now = clock.now();
      await store.count(live, people, { slot: Math.floor(now.getTime() / SLOT_MS), now });
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

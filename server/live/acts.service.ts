import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { ActKind } from './acts.rules.ts';
import type { ActStore } from './acts.store.ts';
import './desk.facts.ts';

export type Acts = ReturnType<typeof createActs>;

export interface Act {
  live: string;
  act: ActKind;
  about?: string | undefined;
  why?: string | undefined;
}

const SHOWN = 200;

/**
 * The log of what the house does. An act is written down before it is done and ticked off after it: a log that is cut
 * short shows something that may not have happened, and never misses something that has.
 */
export function createActs(deps: { store: ActStore; bus: Bus; clock: Clock }) {
  const { store, bus, clock } = deps;
  return {
    /** Does it and logs it; an act that is refused leaves no trace. */
    async during<T>(act: Act, person: Person, work: () => Promise<T>): Promise<T> {
      const doc = {
        _id: newId(),
        live: act.live,
        at: clock.now(),
        by: person.id,
        byName: person.name,
        act: act.act,
        about: (act.about ?? '').slice(0, 300),
        why: (act.why ?? '').slice(0, 200),
        done: false,
      };
      await store.begin(doc);
      let result: T;
      try {
        result = await work();
      } catch (error) {
        await store.drop(doc._id);
        throw error;
      }
      await store.done(doc._id);
      bus.tell('house.acted', { ...doc, id: doc._id, act: act.act });
      return result;
    },
    ofLive: (live: string) => store.ofLive(live),
    latest: (live: string) => store.latest(live, SHOWN),
  };
}

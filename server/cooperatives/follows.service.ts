import { mustBeSignedIn, type Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import type { Followed } from './follows.rules.ts';
import type { FollowStore } from './follows.store.ts';

export type Follows = ReturnType<typeof createFollows>;

const LISTED = 200;

/**
 * Following a cooperative or a host. It asks for an account, because it should outlive the browser it was done in.
 * How many follow is everybody's to know; who does is nobody's but their own.
 */
export function createFollows(deps: { store: FollowStore; clock: Clock }) {
  const { store, clock } = deps;
  return {
    /** Follows, or follows no more. Twice is once. @throws AppError `not_signed_in` for guests */
    async set(followed: Followed, on: boolean, person: Person | undefined): Promise<void> {
      const { id } = mustBeSignedIn(person);
      if (!on) return store.remove(followed, id);
      try {
        await store.add(followed, id, clock.now());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error; // the same tap, twice at once
      }
    },

    /** Guests follow nobody. */
    async isFollower(followed: Followed, person: Person | undefined): Promise<boolean> {
      return person !== undefined && !person.guest && store.has(followed, person.id);
    },

    count: (followed: Followed) => store.count(followed),

    /** Whom somebody follows, for themselves only. */
    ofPerson: (person: Person) => store.ofPerson(person.id, LISTED),
  };
}

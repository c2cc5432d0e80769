import type { Person } from '../accounts/index.ts';
import { isOfHouse } from '../live/index.ts';

type Desk = Parameters<typeof isOfHouse>[0];

/** Whoever stands behind the table sees everything; a cooperative's member what was sold of its own. */
export function maySeeAll(live: Desk, person: Person): boolean {
  return isOfHouse(live, person);
}

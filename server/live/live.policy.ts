import type { Person } from '../accounts/index.ts';
import { AppError } from '../platform/errors.ts';
import type { LiveDoc } from './live.model.ts';

/** A live is run by its host, or by an admin. */
export function mayRun(live: Pick<LiveDoc, 'host'>, person: Person): boolean {
  if (person.guest) return false;
  return person.roles.includes('admin') || (person.roles.includes('host') && live.host === person.id);
}

/** @throws AppError `forbidden` */
export function mustRun(live: Pick<LiveDoc, 'host'>, person: Person): void {
  if (!mayRun(live, person)) throw new AppError('forbidden');
}

import type { Person } from '../accounts/index.ts';
import { AppError } from '../platform/errors.ts';
import { actingHost, memberOf, type Crewed, type Right } from './crew.rules.ts';

type Run = Pick<Crewed, 'host' | 'turns'>;
type Desk = Pick<Crewed, 'host' | 'turns' | 'crew'>;

/** Whose live it is; admins stand in for anybody. They alone say who helps. */
export function mayManageCrew(live: Pick<Crewed, 'host'>, person: Person): boolean {
  if (person.guest) return false;
  return person.roles.includes('admin') || (person.roles.includes('host') && live.host === person.id);
}

/** A live is run by its host, by whoever's turn it is, or by an admin. */
export function mayRun(live: Run, person: Person): boolean {
  return (
    mayManageCrew(live, person) ||
    (!person.guest && actingHost(live) === person.id && live.host !== person.id)
  );
}

/** @throws AppError `forbidden` */
export function mustRun(live: Run, person: Person): void {
  if (!mayRun(live, person)) throw new AppError('forbidden');
}

/** Whoever runs the live may everything; an assistant what they were given, for as long as they are listed. */
export function mayDo(live: Desk, person: Person, right: Right): boolean {
  if (person.guest) return false;
  return mayRun(live, person) || (memberOf(live, person.id)?.rights.includes(right) ?? false);
}

/** @throws AppError `forbidden` */
export function mustDo(live: Desk, person: Person, right: Right): void {
  if (!mayDo(live, person, right)) throw new AppError('forbidden');
}

/** Whether somebody stands behind the table: they see the console, and moderators cannot act on them. */
export function isOfHouse(live: Desk, person: Person): boolean {
  return mayRun(live, person) || (!person.guest && memberOf(live, person.id) !== undefined);
}

/** @throws AppError `forbidden` */
export function mustBeOfHouse(live: Desk, person: Person): void {
  if (!isOfHouse(live, person)) throw new AppError('forbidden');
}

/** The picture comes from whoever is on air, from nobody else: it moves with the turn. */
export function mayPublish(live: Run, person: Person): boolean {
  return !person.guest && actingHost(live) === person.id;
}

/** Whoever is on air or may be the next: nobody else's camera is of use. */
export function maySit(live: Desk, person: Person): boolean {
  if (person.guest) return false;
  const mayFollow = memberOf(live, person.id)?.rights.includes('relay') ?? false;
  return mayPublish(live, person) || live.host === person.id || mayFollow;
}

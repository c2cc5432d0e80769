import type { RequestHandler } from 'express';
import { AppError } from '../platform/errors.ts';
import type { Person, Role } from './accounts.rules.ts';

export function hasRole(person: Person | undefined, role: Role): boolean {
  return person !== undefined && (person.roles.includes(role) || person.roles.includes('admin'));
}

/** @throws AppError `not_signed_in` for guests, `forbidden` without the role */
export function mustHaveRole(person: Person | undefined, role: Role): Person {
  const user = mustBeSignedIn(person);
  if (!hasRole(user, role)) throw new AppError('forbidden');
  return user;
}

/** @throws AppError `not_signed_in` */
export function mustBeSignedIn(person: Person | undefined): Person {
  if (!person || person.guest) throw new AppError('not_signed_in');
  return person;
}

/** A guest or somebody signed in: whoever has a session. @throws AppError `not_signed_in` */
export function mustBeSomebody(person: Person | undefined): Person {
  if (!person) throw new AppError('not_signed_in');
  return person;
}

export function requireRole(role: Role): RequestHandler {
  return (req, _res, next) => {
    mustHaveRole(req.person, role);
    next();
  };
}

import type { Person } from './accounts.rules.ts';

/** What a person may know about themselves. */
export function presentMe(person: Person | undefined) {
  if (!person || person.guest) return { signedIn: false, guest: person !== undefined };
  return { signedIn: true, guest: false, name: person.name, roles: [...person.roles] };
}

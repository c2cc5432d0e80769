import type { Lang } from '../platform/lang.ts';

export const ROLES = ['shopper', 'host', 'coop', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whoever is at the other end: somebody with an account, or a guest known only by a session. */
export interface Person {
  id: string;
  guest: boolean;
  name: string;
  roles: readonly Role[];
  /** This person's id and those of the guests it once was: what a guest ordered stays theirs. */
  ids: readonly string[];
  /** The language that they are reading in at the moment. */
  lang?: Lang | undefined;
}

export function guestPerson(id: string): Person {
  return { id, guest: true, name: '', roles: [], ids: [id] };
}

/** Logins are compared without case and in one Unicode form. */
export function normaliseLogin(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase();
}

export interface AttemptLimit {
  key: string;
  max: number;
  windowMs: number;
}

const MINUTE = 60_000;

/**
 * What a login attempt is counted against. A device on which the account's owner has signed in before has a counter
 * of its own, so that a stranger who exhausts the others cannot lock the owner out.
 */
export function attemptLimits(attempt: {
  login: string;
  address: string;
  knownDevice: string | undefined;
}): AttemptLimit[] {
  const perAddress = { key: `address:${attempt.address}`, max: 100, windowMs: 15 * MINUTE };
  if (attempt.knownDevice !== undefined) {
    return [{ key: `device:${attempt.knownDevice}`, max: 10, windowMs: 15 * MINUTE }, perAddress];
  }
  return [
    { key: `pair:${attempt.login}:${attempt.address}`, max: 5, windowMs: 15 * MINUTE },
    { key: `account:${attempt.login}`, max: 60, windowMs: 60 * MINUTE },
    perAddress,
  ];
}

import { hash, verify } from '@node-rs/argon2';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { createLane } from '../platform/lane.ts';
import './accounts.facts.ts';
import type { UserDoc } from './accounts.model.ts';
import { attemptLimits, normaliseLogin, type Person, type Role } from './accounts.rules.ts';
import type { LogInCommand, RegisterCommand } from './accounts.schema.ts';
import type { AccountStore } from './accounts.store.ts';

export interface LogInFrom {
  address: string;
  /** The token that an earlier login left on this device. */
  deviceToken: string | undefined;
  guestId: string | undefined;
}

export type Accounts = ReturnType<typeof createAccounts>;

/** argon2id with OWASP's parameters: 19 MiB, two passes. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function createAccounts(deps: {
  store: AccountStore;
  bus: Bus;
  clock: Clock;
  secret: string;
  /** Whether the seeded demonstration logins may be used. */
  demoLogins: boolean;
}) {
  const { store, bus, clock } = deps;
  // Verified when the login is unknown, so that the answer takes as long and tells nothing.
  const nobody = hash('nobody has this password', ARGON);

  async function attempt(command: LogInCommand, login: string): Promise<UserDoc | null> {
    const user = await store.byLogin(login);
    const right = await verify(user?.passwordHash ?? (await nobody), command.password);
    if (!user || !right) return null;
    return user.demo && !deps.demoLogins ? null : user;
  }

  /** Whoever comes is looked up, and many come at once: those who wait share a reading. */
  const asked = createLane<string, Person | undefined>({
    maxBatch: 500,
    maxWaiting: 20_000,
    async work(ids) {
      const found = new Map((await store.byIds([...new Set(ids)])).map((user) => [user._id, user]));
      return ids.map((id) => {
        const user = found.get(id);
        return { ok: true, value: user && toPerson(user) };
      });
    },
  });

  return {
    /** @throws AppError `login_taken` */
    async register(
      command: RegisterCommand,
      options: { guestId?: string | undefined } = {},
    ): Promise<Person> {
      const user = await newUser(command, clock.now());
      if (options.guestId) user.claims.push(options.guestId);
      await insertUser(store, user);
      return toPerson(user);
    },

    /** @throws AppError `wrong_credentials`, `rate_limited` */
    async logIn(command: LogInCommand, from: LogInFrom): Promise<{ person: Person; deviceToken: string }> {
      const login = normaliseLogin(command.login);
      const knownDevice = checkDevice(deps.secret, login, from.deviceToken);
      const limits = attemptLimits({ login, address: from.address, knownDevice });
      for (const limit of limits) {
        if ((await store.countAttempt(limit, clock.now())) > limit.max) {
          throw new AppError('rate_limited', { retryAfter: limit.windowMs / 1000 });
        }
      }
      const user = await attempt(command, login);
      if (!user) throw new AppError('wrong_credentials');
      await store.forgetAttempts(limits.filter(({ max }) => max <= 10).map(({ key }) => key));
      if (from.guestId) await store.addClaim(user._id, from.guestId);
      const claims = from.guestId ? [...user.claims, from.guestId] : user.claims;
      return { person: toPerson({ ...user, claims }), deviceToken: deviceToken(deps.secret, login, newId()) };
    },

    signedOut(sessionId: string) {
      bus.tell('account.signedOut', { sessionId });
    },

    byId: (id: string): Promise<Person | undefined> => asked.enter(id),

    /** Every id of the person who has this one, the account's first; of a guest without an account just its own. */
    async idsOf(id: string): Promise<readonly string[]> {
      const user = await store.whoIs(id);
      return user ? toPerson(user).ids : [id];
    },

    /** Those of them who have an account; guests have none. */
    async byIds(ids: readonly string[]): Promise<Person[]> {
      return ids.length === 0 ? [] : (await store.byIds(ids)).map(toPerson);
    },

    async byLogin(login: string): Promise<Person | undefined> {
      const user = await store.byLogin(normaliseLogin(login));
      return user ? toPerson(user) : undefined;
    },

    /** Logins by id, for those who have one: guests have none. */
    async loginsOf(ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map();
      const found = await store.loginsOf(ids);
      return new Map(found.map(({ _id, login }) => [_id, login]));
    },

    /** For the seed and the command line: an account with roles. @throws AppError `login_taken` */
    async create(command: RegisterCommand, options: { roles: Role[]; demo?: boolean }): Promise<Person> {
      const user = await newUser(command, clock.now());
      const full = { ...user, roles: options.roles, demo: options.demo ?? false };
      await insertUser(store, full);
      return toPerson(full);
    },

    async removeOldAttempts() {
      await store.removeOldAttempts(clock.now());
    },
  };
}

async function newUser(command: RegisterCommand, now: Date): Promise<UserDoc> {
  return {
    _id: newId(),
    login: normaliseLogin(command.login),
    passwordHash: await hash(command.password, ARGON),
    name: command.name,
    roles: ['shopper'],
    claims: [],
    demo: false,
    createdAt: now,
  };
}

async function insertUser(store: AccountStore, user: UserDoc) {
  try {
    await store.insert(user);
  } catch (error) {
    if (isDuplicateKey(error)) throw new AppError('login_taken', { fields: { login: 'login_taken' } });
    throw error;
  }
}

function toPerson(user: UserDoc): Person {
  return {
    id: user._id,
    guest: false,
    name: user.name,
    roles: user.roles,
    ids: [user._id, ...user.claims],
  };
}

/** `<nonce>.<mac>`: proves that this login has succeeded on this device before. */
function deviceToken(secret: string, login: string, nonce: string): string {
  const mac = createHmac('sha256', secret).update(`device ${nonce} ${login}`).digest('base64url');
  return `${nonce}.${mac}`;
}

/** The device's nonce when the token is ours and for this login. */
function checkDevice(secret: string, login: string, token: string | undefined): string | undefined {
  const nonce = token?.split('.')[0];
  if (!token || !nonce) return undefined;
  const expected = Buffer.from(deviceToken(secret, login, nonce));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : undefined;
}

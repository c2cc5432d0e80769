import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { SessionData } from 'express-session';
import { toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Translator } from '../platform/views/index.ts';
import { hasRole, mustBeSignedIn } from './accounts.policy.ts';
import { guestPerson, type Person } from './accounts.rules.ts';
import { logInCommand, registerCommand } from './accounts.schema.ts';
import type { Accounts } from './accounts.service.ts';
import { presentMe } from './accounts.view.ts';

declare module 'express-session' {
  interface SessionData {
    person: { id: string; guest: boolean };
  }
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Whoever has this session; undefined when there is none yet. */
    person: Person | undefined;
  }
}

const DEVICE_COOKIE = 'device';
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Finds out who is asking. The account is read each time, so that a role taken away is gone at once. */
export function identify(accounts: Accounts): RequestHandler {
  return async (req, _res, next) => {
    const person = await personOf(accounts, req.session);
    req.person = person && { ...person, lang: req.lang };
    next();
  };
}

export async function personOf(accounts: Accounts, session: Partial<SessionData>) {
  const known = session.person;
  if (!known) return undefined;
  return known.guest ? guestPerson(known.id) : accounts.byId(known.id);
}

/** Gives a visitor without a session one, so that they can order, chat and keep a cart as a guest. */
export const welcomeGuest: RequestHandler = (req, _res, next) => {
  if (req.person) return next();
  req.session.person = { id: newId(), guest: true };
  req.person = { ...guestPerson(req.session.person.id), lang: req.lang };
  // Now, not at the end: browsers follow a redirect at its first line, and must be known by then.
  req.session.save((error: unknown) => (error ? next(toAppError(error)) : next()));
};

interface Deps {
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
  /** Whether somebody assists in lives of others; lives know, further up the ladder. */
  helps: (person: Person) => Promise<boolean>;
  secureCookies: boolean;
  /** Pieces in somebody's cart; orders keep it, some steps up the ladder. */
  cartCount: (person: Person | undefined) => Promise<number>;
  /** What is held for somebody who waited for it; orders know that, too. */
  offered: (person: Person) => Promise<{ payUrl: string; until: string } | undefined>;
}

export function accountRoutes(deps: Deps): Router {
  const { accounts, pages } = deps;
  const router = Router();
  const perAddress = limit({ windowMs: 10 * 60_000, max: 120 });

  /** Who is asking; public pages are the same for everybody, so the number beside the basket comes this way, too. */
  async function me(req: Request) {
    const { person } = req;
    if (!person) return presentMe(person);
    const [cartCount, offered] = await Promise.all([deps.cartCount(person), deps.offered(person)]);
    return { ...presentMe(person), cartCount, ...(offered ? { offered } : {}) };
  }

  async function register(req: Request) {
    const command = parse(registerCommand, withoutNext(req.body));
    const guestId = req.person?.guest ? req.person.id : undefined;
    const person = await accounts.register(command, { guestId });
    await startSession(req, accounts, person);
  }

  async function logIn(req: Request, res: Response) {
    const { person, deviceToken } = await accounts.logIn(parse(logInCommand, withoutNext(req.body)), {
      address: req.ip ?? '',
      deviceToken: cookie(req, DEVICE_COOKIE),
      guestId: req.person?.guest ? req.person.id : undefined,
    });
    await startSession(req, accounts, person);
    res.cookie(DEVICE_COOKIE, deviceToken, {
      httpOnly: true,
      sameSite: 'lax',
      secure: deps.secureCookies,
      maxAge: YEAR_MS,
    });
  }

  router.get('/api/me', async (req, res) => void res.json(await me(req)));
  router.post('/api/register', perAddress, async (req, res) => {
    await register(req);
    res.status(201).json(await me(req));
  });
  router.post('/api/login', perAddress, async (req, res) => {
    await logIn(req, res);
    res.json(await me(req));
  });
  router.post('/api/logout', async (req, res) => {
    await endSession(req, accounts);
    res.json(presentMe(undefined));
  });

  for (const [path, act] of [
    ['register', register],
    ['login', logIn],
  ] as const) {
    router.get(`/${path}`, (req, res) => showForm(deps, path, req, res, {}));
    router.post(`/${path}`, perAddress, async (req, res) => {
      try {
        await act(req, res);
      } catch (error) {
        return showForm(deps, path, req, res, formFailure(deps, req, error));
      }
      res.redirect(303, safeNext(req.body));
    });
  }

  router.get('/account', async (req, res) => {
    const person = mustBeSignedIn(req.person);
    await pages.send(req, res, 'accounts/account', {
      title: deps.translator.for(req.lang)('accounts.account.title'),
      noIndex: true,
      me: presentMe(person),
      isHost: person.roles.includes('host') || person.roles.includes('admin'),
      isAdmin: person.roles.includes('admin'),
      isCoop: person.roles.includes('coop') || person.roles.includes('admin'),
      isHelper: !hasRole(person, 'host') && (await deps.helps(person)),
    });
  });
  router.post('/logout', async (req, res) => {
    await endSession(req, accounts);
    res.redirect(303, '/');
  });
  return router;
}

async function showForm(deps: Deps, path: 'register' | 'login', req: Request, res: Response, more: object) {
  const next = safeNext(req.method === 'GET' ? req.query : req.body);
  await deps.pages.send(req, res, `accounts/${path}`, {
    title: deps.translator.for(req.lang)(`accounts.${path}.title`),
    noIndex: true,
    next,
    ...more,
  });
}

/** A refused form comes back filled in (never the password) with what is wrong. */
function formFailure(deps: Deps, req: Request, thrown: unknown): object {
  const error = toAppError(thrown);
  if (error.status >= 500) throw error;
  const t = deps.translator.for(req.lang);
  const body = (req.body ?? {}) as Record<string, unknown>;
  req.res?.status(error.status);
  return {
    error: t(`errors.${error.code}`),
    fields: error.fields ? fieldMessages(error.fields, t) : {},
    values: { login: textOf(body['login']), name: textOf(body['name']) },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A new session id at every change of person: a cookie planted before the login is worth nothing after it. */
async function startSession(req: Request, accounts: Accounts, person: Person) {
  const before = req.sessionID;
  await new Promise<void>((resolve, reject) =>
    req.session.regenerate((error: unknown) => (error ? reject(toAppError(error)) : resolve())),
  );
  accounts.signedOut(before);
  req.session.person = { id: person.id, guest: false };
  req.person = person;
  await new Promise<void>((resolve, reject) =>
    req.session.save((error: unknown) => (error ? reject(toAppError(error)) : resolve())),
  );
}

async function endSession(req: Request, accounts: Accounts) {
  const before = req.sessionID;
  await new Promise<void>((resolve, reject) =>
    req.session.destroy((error: unknown) => (error ? reject(toAppError(error)) : resolve())),
  );
  accounts.signedOut(before);
  req.person = undefined;
}

/** Only an address of our own: an open redirect lends our name to a phisher. */
export function safeNext(source: unknown): string {
  const next = typeof source === 'object' && source !== null && 'next' in source ? source.next : undefined;
  return typeof next === 'string' && /^\/(?![/\\])[^\s]*$/.test(next) ? next : '/account';
}

function withoutNext(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { next: _next, ...rest } = body as Record<string, unknown>;
  return rest;
}

function cookie(req: Request, name: string): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(req.headers.cookie ?? '');
  // As it came: ours need no decoding, and a made-up one must not be able to fail here.
  return match?.[1];
}

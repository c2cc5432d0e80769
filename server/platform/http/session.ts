import MongoStore from 'connect-mongo';
import { unsign } from 'cookie-signature';
import type { RequestHandler } from 'express';
import session, { type SessionData } from 'express-session';
import type { Database } from '../db/index.ts';
import { createLane } from '../lane.ts';

export interface Sessions {
  /** Loads the session for HTTP requests, and begins one where something is put into it. */
  middleware: RequestHandler;
  /** The session that a `Cookie` header belongs to, for what only wants to know who comes, such as a socket. */
  read(cookies: string | undefined): Promise<KnownSession | undefined>;
  /** Removes what has expired (the embedded engine has no TTL deletion). Safe to run anywhere, any number of times. */
  removeExpired(now: Date): Promise<number>;
}

/** `id`: what `req.sessionID` is on a page. */
export type KnownSession = Partial<SessionData> & { id: string };

const COOKIE = 'sid';
const IN_COOKIES = new RegExp(`(?:^|;\\s*)${COOKIE}=s%3A([^;]+)`);
const COLLECTION = 'sessions';
const MONTH_SECONDS = 30 * 24 * 3600;

/** Server-side sessions: the cookie is only a signed key, so logging out ends it everywhere. */
export function createSessions(db: Database, options: { secret: string; secure: boolean }): Sessions {
  const store = MongoStore.create({
    client: db.getClient(),
    dbName: db.name,
    collectionName: COLLECTION,
    stringify: false,
    autoRemove: 'disabled',
    ttl: MONTH_SECONDS,
    // A visit a day keeps a session alive; writing at every page view would only wear the disk.
    touchAfter: 24 * 3600,
  });
  const reading = sharedReading(db);
  store.get = (sid, callback) => {
    reading.enter(sid).then(
      (found) => callback(null, found),
      (error: unknown) => callback(error),
    );
  };
  return {
    middleware: session({
      name: COOKIE,
      secret: options.secret,
      store,
      resave: false,
      saveUninitialized: false,
      cookie: {
        httpOnly: true,
        sameSite: 'lax',
        secure: options.secure,
        maxAge: MONTH_SECONDS * 1000,
      },
    }),
    async read(cookies) {
      const signed = IN_COOKIES.exec(cookies ?? '')?.[1];
      const id = signed === undefined ? false : unsign(decoded(signed), options.secret);
      if (id === false) return undefined;
      const found = await reading.enter(id);
      return found ? { ...found, id } : undefined;
    },
    async removeExpired(now) {
      const result = await db.collection(COLLECTION).deleteMany({ expires: { $lt: now } });
      return result.deletedCount;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // signed by nobody
  }
}

type Stored = SessionData & { lastModified?: Date };

/** Between two readings, in ms: long enough for a rush to be there together, too short to be felt. */
const REST_MS = 5;

/**
 * The store reads sessions one by one; when a live begins, a thousand people come in the same second. Those who wait
 * share a reading; no two get the same object, as whoever has it may change it.
 */
function sharedReading(db: Database) {
  const sessions = db.collection<{ _id: string; session: SessionData; lastModified?: Date }>(COLLECTION);
  return createLane<string, Stored | null>({
    maxBatch: 500,
    maxWaiting: 20_000,
    restMs: REST_MS,
    async work(sids) {
      const found = await sessions
        .find({ _id: { $in: [...new Set(sids)] }, expires: { $gt: new Date() } })
        .toArray();
      const byId = new Map(found.map((doc) => [doc._id, doc]));
      const handedOut = new Set<string>();
      return sids.map((sid) => {
        const doc = byId.get(sid);
        if (!doc) return { ok: true, value: null };
        const { lastModified } = doc;
        const session = handedOut.has(sid) ? structuredClone(doc.session) : doc.session;
        handedOut.add(sid);
        return { ok: true, value: { ...session, ...(lastModified ? { lastModified } : {}) } };
      });
    },
  });
}

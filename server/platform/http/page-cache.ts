import type { Request, RequestHandler } from 'express';
import { answerEncoded, encode, type Encoded } from './encoded.ts';

interface Entry {
  page: Encoded;
  day: number | undefined;
  until: number;
}

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'private, no-cache',
  Vary: 'Accept-Encoding, Cookie',
};

export interface PageCache {
  /** A handler whose page is the same for everybody who reads the same language. */
  page(render: (req: Request) => Promise<string>, query?: readonly string[]): RequestHandler;
  /** Forgets everything: something that pages show has changed. */
  clear(): void;
}

export interface PageCacheOptions {
  /** How long a page may be old, in ms: bounds what another process's change can leave behind. */
  maxAgeMs: number;
  maxEntries: number;
  /** The number of the day: what a page may say can be another thing from midnight on. */
  day?: () => number;
}

/**
 * Keeps pages that do not depend on the person, compressed once instead of at every request. Concurrent readers of
 * a missing page share one rendering.
 */
export function createPageCache(options: PageCacheOptions): PageCache {
  const entries = new Map<string, Entry>();
  const pending = new Map<string, Promise<Entry>>();
  let generation = 0;

  function keep(key: string, entry: Entry) {
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.size > options.maxEntries ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
  }

  function entryFor(key: string, render: () => Promise<string>): Promise<Entry> | Entry {
    const kept = entries.get(key);
    const day = options.day?.();
    if (kept && kept.until > Date.now() && kept.day === day) return kept;
    const running = pending.get(key);
    if (running) return running;
    const startedIn = generation;
    const made = (async () => {
      const entry = {
        page: await encode(Buffer.from(await render()), 5),
        until: Date.now() + options.maxAgeMs,
        day,
      };
      // A page that was being drawn while something changed is answered but not kept.
      if (startedIn === generation) keep(key, entry);
      return entry;
    })().finally(() => pending.get(key) === made && pending.delete(key));
    pending.set(key, made);
    return made;
  }

  return {
    page(render, query = []) {
      return (req, res) => {
        const entry = entryFor(keyOf(req, query), () => render(asRead(req, query)));
        const answer = ({ page }: Entry) => answerEncoded(req, res, page, HEADERS);
        // What is kept is answered in the same turn of the event loop.
        return entry instanceof Promise ? entry.then(answer) : answer(entry);
      };
    },
    clear() {
      generation += 1;
      entries.clear();
      pending.clear();
    },
  };
}

/** The request without what the page does not read: one reader's `?from=` would stand in everybody's links. */
function asRead(req: Request, names: readonly string[]): Request {
  const { query } = req;
  const asked = new URLSearchParams();
  for (const name of names) if (typeof query[name] === 'string') asked.set(name, query[name]);
  const text = asked.toString();
  req.originalUrl = req.baseUrl + req.path + (text ? `?${text}` : '');
  return req;
}

/** Only query parameters that the page reads make a new entry: nobody fills the cache with `?x=1`, `?x=2`. */
function keyOf(req: Request, names: readonly string[]): string {
  const place = `${req.lang} ${req.protocol} ${req.headers.host} ${req.path}`;
  if (!req.url.includes('?')) return place;
  const { query } = req; // parsed anew whenever it is read
  const asked = names.map((name) => {
    const value = query[name];
    return typeof value === 'string' ? value.slice(0, 200) : '';
  });
  return asked.some((value) => value !== '') ? `${place} ${JSON.stringify(asked)}` : place;
}

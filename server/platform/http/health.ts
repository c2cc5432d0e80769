import { timingSafeEqual } from 'node:crypto';
import { Router, type Request, type RequestHandler } from 'express';
import type { Config } from '../config.ts';
import type { Database } from '../db/index.ts';
import type { Metrics } from '../metrics.ts';

/** How long the database may take to answer before this process is not ready. */
const READY_WITHIN_MS = 2_000;

const OURS = /^\/(healthz|readyz|metrics)\/?$/i;

export function healthRoutes(deps: { config: Config; db: Database; metrics: Metrics }): RequestHandler {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.type('text').send('ok\n'));

  router.get('/readyz', async (_req, res) => {
    try {
      await deps.db.db!.command({ ping: 1 }, { timeoutMS: READY_WITHIN_MS });
      res.type('text').send('ready\n');
    } catch {
      res.status(503).type('text').send('database does not answer\n');
    }
  });

  router.get('/metrics', async (req, res) => {
    if (!mayRead(req, deps.config.metricsToken)) return void res.status(404).end();
    res.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
  // Leaving a router costs a turn of the event loop, and nearly every request is for something else.
  return (req, res, next) => (OURS.test(req.path) ? router(req, res, next) : next());
}

/** This machine itself (not somebody whom a proxy on it let in), or whoever has the token. */
function mayRead(req: Request, token: string | undefined): boolean {
  if (token !== undefined) {
    const given = Buffer.from(req.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${token}`);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return true;
  }
  return isOwnMachine(req);
}

/** Asked from this machine itself, and not by a proxy on it for somebody else. */
export function isOwnMachine(req: Request): boolean {
  const peer = req.socket.remoteAddress ?? '';
  const local = peer === '::1' || /^(::ffff:)?127\./.test(peer);
  return local && req.headers['x-forwarded-for'] === undefined;
}

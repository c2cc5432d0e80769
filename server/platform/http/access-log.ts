import type { Request, RequestHandler, Response } from 'express';
import { newCode } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

declare module 'express-serve-static-core' {
  interface Request {
    /** In the log and in the header X-Request-Id: what somebody who reports a failure can name. */
    id: string;
  }
}

/** Asked every few seconds by machines; a line for each would only hide the others. */
const QUIET = new Set(['/healthz', '/metrics']);

/** One line per request with its id; addresses of codes and queries stay, cookies and bodies never get in. */
export function accessLog(log: Log): RequestHandler {
  // Looking for secrets in five fields that hold none would take longer than writing them.
  const lines = log.child({}, { redact: [] });
  return (req, res, next) => {
    const start = performance.now();
    // Kept as it was asked: routers and pages change both addresses of a request.
    const url = withoutSecrets(req.url);
    req.id = newCode();
    res.setHeader('X-Request-Id', req.id);
    // `close` also comes when the reader went away before the answer was complete.
    if (!QUIET.has(url)) res.on('close', () => write(lines, url, res, performance.now() - start));
    next();
  };
}

/** Some secrets travel in addresses: a payment's as Stripe does it, a hook's as SRS can only do it. */
function withoutSecrets(url: string): string {
  return url.includes('_secret=') ? url.replaceAll(/((?:client|hook)_secret=)[^&]*/g, '$1[hidden]') : url;
}

function write(log: Log, url: string, res: Response, ms: number) {
  const line = {
    reqId: res.req.id,
    method: res.req.method,
    url,
    status: res.statusCode,
    ms: Math.round(ms * 100) / 100,
  };
  if (!res.writableFinished) log.info({ ...line, aborted: true }, 'request aborted');
  else if (res.statusCode >= 500) log.error(line, 'request');
  else log.info(line, 'request');
}

/** More routes than the shop has; what lies beyond is somebody's invention. */
const MAX_ROUTES = 200;
const OTHER = 'other';

/** Times by route pattern, never by address: label values must not grow with the catalog. */
export function timing(metrics: Metrics): RequestHandler {
  const known = new Set<string>();

  function bounded(route: string): string {
    if (known.has(route)) return route;
    if (known.size >= MAX_ROUTES) return OTHER;
    known.add(route);
    return route;
  }

  return (req, res, next) => {
    const start = performance.now();
    res.on('finish', () => {
      metrics.httpSeconds.observe(
        { method: req.method, route: bounded(routeOf(req)), status: String(res.statusCode) },
        (performance.now() - start) / 1000,
      );
    });
    next();
  };
}

/** The pattern of the route that was reached; what a folder's handler answered has no route, only the folder. */
function routeOf(req: Request): string {
  const path = (req.route as { path: string | RegExp | string[] } | undefined)?.path;
  if (path !== undefined) return `${req.baseUrl.toLowerCase()}${path.toString()}`;
  return req.baseUrl === '' ? OTHER : `${req.baseUrl.toLowerCase()}/*`;
}

import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler, Response } from 'express';

/** Origins that a page needs besides the shop's own. */
export interface ForeignSources {
  scripts: string[];
  frames: string[];
  connections: string[];
}

/** Headers that keep a page to itself: no inline script, no frame, no foreign origin but those named. */
export function securityHeaders(https: boolean, foreign?: ForeignSources): RequestHandler {
  const { set, removed } = recorded(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'", ...(foreign?.scripts ?? [])],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'blob:'],
          connectSrc: ["'self'", ...(foreign?.connections ?? [])],
          ...(foreign ? { frameSrc: ["'self'", ...foreign.frames] } : {}),
          fontSrc: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          ...(https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: https ? { maxAge: 15_552_000, includeSubDomains: false } : false,
      referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
      // The shop is also opened by plain http on a village LAN, where these two only make browsers complain.
      crossOriginOpenerPolicy: https,
      originAgentCluster: https,
    }),
  );
  return (_req, res, next) => {
    for (const [name, value] of set) res.setHeader(name, value);
    for (const name of removed) res.removeHeader(name);
    next();
  };
}

/** Lets this one answer's page connect to, and play from, origins that somebody has named for it. */
export function allowMedia(res: Response, origins: readonly string[]) {
  const policy = String(res.getHeader('Content-Security-Policy') ?? '');
  const more = origins.join(' ');
  res.setHeader(
    'Content-Security-Policy',
    policy.replace(/(connect-src|media-src) [^;]*/g, (directive) => `${directive} ${more}`),
  );
}

/** Lets this one answer's page be shown inside of other pages of the shop. */
export function allowFraming(res: Response) {
  const policy = String(res.getHeader('Content-Security-Policy') ?? '');
  res.setHeader('Content-Security-Policy', policy.replace(/frame-ancestors [^;]*/, "frame-ancestors 'self'"));
}

/** Lets a host's console encode sound: a library made of WebAssembly, in a worker that is made of a blob. */
export function allowEncoding(res: Response) {
  const policy = String(res.getHeader('Content-Security-Policy') ?? '');
  const scripts = policy.replace(/script-src [^;]*/, (directive) => `${directive} 'wasm-unsafe-eval'`);
  res.setHeader('Content-Security-Policy', `${scripts};worker-src 'self' blob:`);
}

/**
 * What a handler does to the headers, which here is the same for every request: helmet puts its texts together
 * anew each time, and a cached page would spend more time there than on itself.
 */
function recorded(
  handler: (req: IncomingMessage, res: ServerResponse, next: (err?: unknown) => void) => void,
) {
  const set = new Map<string, string>();
  const removed: string[] = [];
  let done = false;
  const response = {
    setHeader: (name: string, value: string) => void set.set(name, value),
    removeHeader: (name: string) => void removed.push(name),
  };
  handler({ headers: {} } as IncomingMessage, response as unknown as ServerResponse, (error) => {
    done = error === undefined;
  });
  if (!done) throw new Error('the security headers cannot be made');
  return { set: [...set], removed };
}

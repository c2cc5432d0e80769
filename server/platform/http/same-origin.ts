import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { AppError } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request may come from a page of another site. Browsers say so themselves (Fetch Metadata and Origin);
 * a program that sends neither carries no ambient cookie of a person and is let through.
 */
export function isCrossSite(req: IncomingMessage, publicUrl: string | undefined): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = req.headers.origin;
  if (origin === undefined) return false;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return false;
  const host = hostOf(origin);
  return host === undefined || host !== req.headers.host;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined; // "null", or nonsense: some sandboxed page
  }
}

/** Refuses every write that another site's page could have sent. `except` are paths that prove themselves otherwise. */
export function sameOriginWrites(publicUrl: string | undefined, except: ReadonlySet<string>): RequestHandler {
  return (req, _res, next) => {
    if (SAFE_METHODS.has(req.method) || except.has(req.path)) return next();
    if (isCrossSite(req, publicUrl)) throw new AppError('cross_site');
    next();
  };
}

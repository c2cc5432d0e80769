import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import type { Request } from 'express';
import { AppError } from '../errors.ts';

export interface Limit {
  windowMs: number;
  max: number;
  /** Who is counted; an address when left out. */
  by?: (req: Request) => string | undefined;
}

/** Counts per process: bounds abuse, decides nothing about money or stock. */
export function limit(options: Limit): RateLimitRequestHandler {
  return rateLimit({
    windowMs: options.windowMs,
    limit: options.max,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: (req) => options.by?.(req) ?? ipKeyGenerator(req.ip ?? ''),
    handler: (_req, _res, next) =>
      next(new AppError('rate_limited', { retryAfter: options.windowMs / 1000 })),
  });
}

/** The same for socket events: so many in a window, then `rate_limited`. One counter per socket event and person. */
export function createCounter(options: { windowMs: number; max: number }) {
  let current = new Map<string, number>();
  let started = Date.now();
  return {
    /** @throws AppError `rate_limited` */
    take(key: string, amount = 1) {
      const now = Date.now();
      if (now - started >= options.windowMs) {
        current = new Map();
        started = now;
      }
      const count = (current.get(key) ?? 0) + amount;
      if (count > options.max) {
        throw new AppError('rate_limited', { retryAfter: (started + options.windowMs - now) / 1000 });
      }
      current.set(key, count);
    },
  };
}

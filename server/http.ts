import express, { type Express } from 'express';
import { join } from 'node:path';
import { accountRoutes, identify } from './accounts/index.ts';
import { catalogApi, catalogPages } from './catalog/index.ts';
import type { Context } from './context.ts';
import { livePages, liveRoutes } from './live/index.ts';
import { deskRoutes, orderRoutes } from './orders/index.ts';
import { AppError } from './platform/errors.ts';
import {
  accessLog,
  apiDocs,
  errorHandler,
  healthRoutes,
  language,
  sameOriginWrites,
  securityHeaders,
  staticFiles,
  timing,
} from './platform/http/index.ts';
import { mediaFiles } from './platform/media/index.ts';
import { ROOT } from './platform/root.ts';
import { apiDescription } from './openapi.ts';

/** Every middleware and router, in mount order. `viewers` counts the people in a room. */
export function createApp(ctx: Context, viewers: (live: string) => number): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', ctx.config.trustProxy);
  app.set('query parser', 'simple');

  const shop = { ...ctx, availability: ctx.stock.availability, holdSeconds: ctx.config.holdSeconds };
  const live = { ...shop, viewers };

  // For everybody, without a session.
  app.use(accessLog(ctx.log), timing(ctx.metrics));
  app.use(healthRoutes(ctx));
  app.use(securityHeaders(ctx.https));
  app.use('/build', staticFiles(join(ROOT, 'public/build'), { hashedNames: true }));
  app.use('/img', staticFiles(join(ROOT, 'public/img'), { hashedNames: false }));
  app.use('/media', mediaFiles(ctx.media));
  app.use(language(ctx.https));
  app.use(livePages(live));
  app.use(catalogPages(shop));
  app.use(apiDocs(apiDescription, ctx));

  // From here on it matters who asks.
  app.use(sameOriginWrites(ctx.config.publicUrl, new Set()));
  app.use(express.json({ limit: '64kb' }), express.urlencoded({ extended: false, limit: '64kb' }));
  app.use(catalogApi(shop));
  app.use(ctx.sessions.middleware, identify(ctx.accounts));
  app.use(accountRoutes({ ...ctx, secureCookies: ctx.https }));
  app.use(orderRoutes(shop));
  app.use(deskRoutes(shop));
  app.use(liveRoutes(live));

  app.use(() => {
    throw new AppError('not_found');
  });
  app.use(errorHandler(ctx));
  return app;
}

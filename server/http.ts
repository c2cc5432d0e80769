import express, { type Express } from 'express';
import { join } from 'node:path';
import {
  accountRoutes,
  addressRoutes,
  divisionRoutes,
  hasRole,
  identify,
  type Person,
} from './accounts/index.ts';
import {
  catalogApi,
  catalogPages,
  shareAvailability,
  certificateRoutes,
  claimRoutes,
} from './catalog/index.ts';
import type { Context } from './context.ts';
import { followRoutes } from './cooperatives/index.ts';
import { drawRoutes } from './draws/index.ts';
import { figureRoutes } from './figures/index.ts';
import {
  cardRoutes,
  chatAdminRoutes,
  companyRoutes,
  consoleRoutes,
  evidenceRoutes,
  knowDevice,
  livePages,
  liveRoutes,
  miniRoutes,
  mayPublish,
  mustRun,
  replayRoutes,
  recordRoutes,
} from './live/index.ts';
import {
  cartRoutes,
  checkoutRoutes,
  couponRoutes,
  createCheckoutPage,
  deliveryRoutes,
  deskRoutes,
  orderRoutes,
  packingRoutes,
  payingRoutes,
  presentOffered,
  shippingRoutes,
  waitRoutes,
} from './orders/index.ts';
import { cashierApi, cashierPages, paymentWebhook, stripeSources } from './payments/index.ts';
import { AppError } from './platform/errors.ts';
import {
  accessLog,
  apiDocs,
  errorHandler,
  healthRoutes,
  language,
  outboxRoutes,
  sameOriginWrites,
  securityHeaders,
  staticFiles,
  timing,
} from './platform/http/index.ts';
import { keepsMails } from './platform/mail/index.ts';
import { mediaFiles, paperFiles } from './platform/media/index.ts';
import { ROOT } from './platform/root.ts';
import { stockRoutes } from './stock/index.ts';
import {
  encoderRoutes,
  hookRoutes,
  roomSources,
  rtmpAddress,
  recordingRoutes,
  publishingRoutes,
  studioSources,
  videoRoutes,
  whipRoutes,
} from './video/index.ts';
import {
  cartonRoutes,
  growerRoutes,
  keyRoutes,
  labelRoutes,
  pledgeRoutes,
  recallRoutes,
  scanningRoutes,
  traceDeskRoutes,
  tracePublic,
  traceRoutes,
} from './trace/index.ts';
import { apiDescription } from './openapi.ts';

/** Every middleware and router, in mount order. `viewers` counts the people in a room. */
export function createApp(ctx: Context, viewers: (live: string) => number): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', ctx.config.trustProxy);
  app.set('query parser', 'simple');

  const availability = shareAvailability(ctx.stock.availability);
  const promises = (skus: readonly string[]) => ctx.dispatch.of(skus.map((sku) => ({ sku, qty: 1 })));
  const postage = (cooperative: string) => ctx.shipping.outline(cooperative);
  const shop = { ...ctx, availability, promises, postage, holdSeconds: ctx.config.holdSeconds };
  const live = { ...shop, viewers };
  const ownLive = async (id: string, person: Person) => {
    const found = await ctx.lives.byId(id);
    mustRun(found, person);
    return found;
  };
  const ordering = { ...shop, checkoutPage: createCheckoutPage(shop) };

  // For everybody, without a session.
  app.use(accessLog(ctx.log), timing(ctx.metrics));
  app.use(healthRoutes(ctx));
  app.use(securityHeaders(ctx.https, stripeSources(ctx.payments.browserConfig())));
  app.use('/build', staticFiles(join(ROOT, 'public/build'), { hashedNames: true }));
  app.use('/img', staticFiles(join(ROOT, 'public/img'), { hashedNames: false }));
  app.use('/media', mediaFiles(ctx.media));
  app.use('/papers', paperFiles(ctx.papers));
  app.use(videoRoutes({ ...ctx, publicUrl: ctx.config.publicUrl, stateOf: ctx.liveState }));
  app.use(language(ctx.https));
  app.use(divisionRoutes());
  app.use(livePages(live));
  app.use(cardRoutes(ctx));
  app.use(catalogPages(shop));
  app.use(tracePublic(ctx));
  app.use(apiDocs(apiDescription, ctx));

  // Programs that prove themselves by a signature or a key, and need the body as it came.
  app.use(paymentWebhook(ctx.payments));
  if (ctx.cashier) app.use('/cashier', cashierApi(ctx.cashier));
  app.use(whipRoutes({ whip: ctx.video.whip }));
  app.use(hookRoutes({ ...ctx, hookSecret: ctx.config.videoHookSecret }));

  // From here on it matters who asks.
  app.use(sameOriginWrites(ctx.config.publicUrl, new Set()));
  app.use(express.json({ limit: '64kb' }), express.urlencoded({ extended: false, limit: '64kb' }));
  app.use(catalogApi(shop));
  if (ctx.cashier) app.use(cashierPages({ ...ctx, cashier: ctx.cashier }));
  app.use(ctx.sessions.middleware, identify(ctx.accounts));
  app.use(
    accountRoutes({
      helps: async (person) => (await ctx.crews.ofMember(person)).length > 0,
      ...{ ...ctx, secureCookies: ctx.https, cartCount: ctx.carts.count },
      offered: async (person) => presentOffered(await ctx.orders.offeredTo(person)),
    }),
  );
  app.use(addressRoutes(ctx));
  app.use(certificateRoutes(ctx), claimRoutes(ctx));
  app.use(followRoutes(ctx));
  app.use(cartRoutes(shop), checkoutRoutes(ordering), deliveryRoutes(shop));
  app.use(orderRoutes(ordering), waitRoutes(shop));
  app.use(payingRoutes(ordering));
  app.use(shippingRoutes(shop), couponRoutes(shop));
  app.use(deskRoutes(ordering));
  app.use(packingRoutes(ordering));
  app.use(cartonRoutes(ctx), keyRoutes(ctx));
  app.use(labelRoutes(ctx), pledgeRoutes(ctx), recallRoutes(ctx), scanningRoutes(ctx));
  app.use(stockRoutes({ ...shop, ordersBehind: ctx.desk.behind }));
  app.use(roomSources(ctx), studioSources(ctx), replayRoutes(ctx));
  app.use(publishingRoutes({ ...ctx, mayPublish: turnOf(ctx) }));
  app.use(
    recordingRoutes({
      ...{ ...ctx, keepDays: ctx.config.recordingDays },
      livesOf: async (person, lang) =>
        new Map((await ctx.lives.ofHost(person)).map(({ _id, title }) => [_id, title[lang]])),
    }),
  );
  app.use(growerRoutes(ctx), traceDeskRoutes(ctx), traceRoutes(ctx));
  app.use('/live/:id', knowDevice(ctx));
  app.use(liveRoutes(live), miniRoutes(ctx), consoleRoutes(live), chatAdminRoutes(live));
  app.use(drawRoutes(ctx));
  app.use(figureRoutes(ctx));
  app.use(evidenceRoutes(ctx), recordRoutes(ctx));
  app.use(companyRoutes(ctx));
  app.use(encoderRoutes({ ...ctx, ownLive, rtmpUrl: (origin) => rtmpAddress(ctx.config, origin) }));
  if (keepsMails(ctx.config)) {
    app.use(outboxRoutes({ ...ctx, mayLook: (req) => hasRole(req.person, 'admin') }));
  }

  app.use(() => {
    throw new AppError('not_found');
  });
  app.use(errorHandler(ctx));
  return app;
}

/** Whoever's turn it is sends the picture, wherever it goes to. */
function turnOf({ lives }: Context) {
  return async (id: string, person: Person) => {
    const live = await lives.byId(id);
    if (!mayPublish(live, person)) throw new AppError('forbidden');
    if (live.state === 'ended') throw new AppError('live_not_running');
  };
}

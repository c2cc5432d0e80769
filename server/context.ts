import { createAccounts, createAccountStore, createAddresses, createAddressStore } from './accounts/index.ts';
import { createCatalog, createCatalogStore } from './catalog/index.ts';
import { createCooperatives, createCooperativeStore } from './cooperatives/index.ts';
import { createLives, createLiveStore, createRails } from './live/index.ts';
import {
  couponClaims,
  createCarts,
  createCartStore,
  createCheckout,
  createCoupons,
  createCouponStore,
  createDelivery,
  createShipping,
  createShippingStore,
  createOffers,
  createOfferStore,
  createDesk,
  createDeskStore,
  createOrders,
  createOrderStore,
  createWaitStore,
  offerClaims,
  createPacking,
  createPackingStore,
  createOrderMails,
  createOrderMailStore,
} from './orders/index.ts';
import {
  cashierKeys,
  createCashier,
  createCashierStore,
  createGateway,
  createInboxStore,
  createPayments,
  createPaymentStore,
  WEBHOOK_PATH,
} from './payments/index.ts';
import { createBus } from './platform/bus.ts';
import { systemClock, type Clock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { connectDatabase, ensureIndexes, openEngine } from './platform/db/index.ts';
import { createPageCache, createPages, createSessions } from './platform/http/index.ts';
import { createJobRunner } from './platform/jobs.ts';
import type { Lang } from './platform/lang.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMailSender, createOutbox, keepsMails, mailTransport } from './platform/mail/index.ts';
import { createMedia } from './platform/media/index.ts';
import { createMetrics } from './platform/metrics.ts';
import { ROOT } from './platform/root.ts';
import { ownSecret } from './platform/secrets.ts';
import { createAssets, createRenderer, createTranslator } from './platform/views/index.ts';
import { createLots, createLotStore, createStock, createStockStore } from './stock/index.ts';

export interface Overrides {
  log?: Log;
  clock?: Clock;
  /** Called when the embedded engine is gone for good. */
  onLost?: (error: Error) => void;
}

export type Context = Awaited<ReturnType<typeof createContext>>;

/** How long a page may be behind what another process has written, in ms. */
const PAGE_MAX_AGE_MS = 2_000;

/** Builds everything once, in ladder order. Whoever calls it disposes of it. */
export async function createContext(config: Config, overrides: Overrides = {}) {
  const log = overrides.log ?? createLog(config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const metrics = createMetrics();
  const bus = createBus(log);

  const engine = config.mongodbUri
    ? undefined
    : await openEngine({
        dataDir: config.dataDir,
        mode: config.engineJoin === '1' ? 'join' : 'own',
        log,
        ...(overrides.onLost ? { onLost: overrides.onLost } : {}),
      });
  const db = await connectDatabase(config.mongodbUri ?? engine!.uri, log);
  const secret = config.sessionSecret ?? (await ownSecret(config.dataDir));
  const https = config.publicUrl?.startsWith('https:') ?? false;
  const sessions = createSessions(db, { secret, secure: https });

  const translator = createTranslator(ROOT);
  const assets = createAssets(ROOT);
  const media = createMedia(config.dataDir, assets);
  const renderer = createRenderer(ROOT, translator, assets);
  const pages = createPages(renderer, config.publicUrl, { testCashier: !config.stripeSecretKey });
  const pageCache = createPageCache({ maxAgeMs: PAGE_MAX_AGE_MS, maxEntries: 2_000 });

  const accounts = createAccounts({
    store: createAccountStore(db),
    bus,
    clock,
    secret,
    demoLogins: config.nodeEnv !== 'production',
  });
  const addresses = createAddresses({ store: createAddressStore(db), clock });
  const cooperatives = createCooperatives({ store: createCooperativeStore(db), clock });
  const catalog = createCatalog({ store: createCatalogStore(db), cooperatives, bus, clock });
  const stock = createStock({ store: createStockStore(db), catalog, bus, clock });
  const lots = createLots({ store: createStockStore(db), lots: createLotStore(db), catalog, bus, clock });

  // Without Stripe's keys a test cashier stands in for it, by the same HTTP API at an address of our own.
  const stripe = config.stripeSecretKey
    ? { apiKey: config.stripeSecretKey, webhookSecret: config.stripeWebhookSecret ?? '' }
    : cashierKeys(secret);
  const cashier = config.stripeSecretKey
    ? undefined
    : createCashier({ store: createCashierStore(db), clock, log, ...stripe });
  const payments = createPayments({
    store: createPaymentStore(db),
    inbox: createInboxStore(db),
    gateway: createGateway(stripe),
    clock,
    log,
    browser: cashier
      ? { kind: 'cashier' }
      : { kind: 'stripe', publishableKey: config.stripePublishableKey ?? '' },
  });
  if (!cashier) payments.connect(config.stripeApiBase);

  const offers = createOffers({ store: createOfferStore(db), catalog, stock, bus, clock });
  const carts = createCarts({ store: createCartStore(db), catalog, clock });
  const coupons = createCoupons({ store: createCouponStore(db), catalog, clock });
  const shipping = createShipping({ store: createShippingStore(db), clock });
  const delivery = createDelivery({
    store: createOrderStore(db),
    addresses,
    shipping,
    endPayment: (code) => payments.cancel(code),
  });
  const orders = createOrders({
    store: createOrderStore(db),
    stock,
    catalog,
    offers,
    claims: [offerClaims(offers), couponClaims(coupons)],
    payments,
    waits: createWaitStore(db),
    bus,
    clock,
    log,
    metrics,
    holdSeconds: config.holdSeconds,
    saleIn: (live, skus) => lives.saleIn(live, skus),
    standing: delivery.standing,
  });
  const checkout = createCheckout({
    ...{ orders, carts, coupons, shipping, addresses, offers, catalog, stock, clock },
  });
  const desk = createDesk({ store: createDeskStore(db), stock });
  const packing = createPacking({ store: createPackingStore(db), bus, clock });
  const lives = createLives({ store: createLiveStore(db), catalog, bus, clock });
  const rails = createRails({ catalog, stock, offers, media });

  // Without PUBLIC_URL it is known only when the server listens. Never from a request: whoever made up its Host
  // header would choose where the links in other people's mails lead.
  const reachedAt = { url: config.publicUrl ?? `http://localhost:${config.port}` };
  const outbox = createOutbox({ db, clock });
  const orderMails = createOrderMails({
    store: createOrderMailStore(db),
    accounts,
    cooperatives,
    outbox,
    renderer,
    translator,
    bus,
    clock,
    log,
    origin: () => reachedAt.url,
  });
  const mailSender = createMailSender({
    outbox,
    transport: mailTransport(config),
    compose: orderMails.compose,
    clock,
    log,
    keepContent: keepsMails(config),
  });

  for (const fact of ['catalog.changed', 'stock.changed', 'live.moved'] as const) {
    bus.on(fact, () => pageCache.clear());
  }

  await ensureIndexes(db);
  await outbox.prepare();
  await catalog.refresh();

  return {
    config,
    log,
    clock,
    metrics,
    bus,
    db,
    sessions,
    https,
    translator,
    assets,
    media,
    pages,
    pageCache,
    jobs: createJobRunner({ db, clock, log, metrics }),
    accounts,
    addresses,
    carts,
    coupons,
    shipping,
    delivery,
    checkout,
    cooperatives,
    catalog,
    stock,
    lots,
    payments,
    cashier,
    offers,
    orders,
    desk,
    packing,
    lives,
    rails,
    reachedAt,
    outbox,
    orderMails,
    mailSender,

    /** Title and address of a live, for pages further down the ladder. */
    async liveLink(id: string, lang: Lang) {
      const live = await lives.byId(id).catch(() => undefined);
      return live ? { id, title: live.title[lang], href: `/live/${id}` } : undefined;
    },

    /** The shop listens: on this machine, the test cashier and the webhook are found at `url`. */
    reachableAt(url: string) {
      cashier?.connect(url + WEBHOOK_PATH);
      if (cashier) payments.connect(`${url}/cashier`);
    },

    /** Ends what is under way, then lets go of the database. */
    async dispose() {
      await cashier?.stop();
      await payments.idle();
      await orders.idle();
      await lives.idle();
      await bus.idle();
      await orderMails.idle();
      await mailSender.close();
      await db.close();
      await engine?.close();
    },
  };
}

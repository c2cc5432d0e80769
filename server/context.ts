import { createAccounts, createAccountStore } from './accounts/index.ts';
import { createCatalog, createCatalogStore } from './catalog/index.ts';
import { createCooperatives, createCooperativeStore } from './cooperatives/index.ts';
import { createLives, createLiveStore, createRails } from './live/index.ts';
import { createOffers, createOfferStore, createOrders, createOrderStore, offerClaims } from './orders/index.ts';
import { createBus } from './platform/bus.ts';
import { systemClock, type Clock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { connectDatabase, ensureIndexes, openEngine } from './platform/db/index.ts';
import { createPageCache, createPages, createSessions } from './platform/http/index.ts';
import { createJobRunner } from './platform/jobs.ts';
import type { Lang } from './platform/lang.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMedia } from './platform/media/index.ts';
import { createMetrics } from './platform/metrics.ts';
import { ROOT } from './platform/root.ts';
import { ownSecret } from './platform/secrets.ts';
import { createAssets, createRenderer, createTranslator } from './platform/views/index.ts';
import { createStock, createStockStore } from './stock/index.ts';

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
  const pages = createPages(renderer, config.publicUrl, {});
  const pageCache = createPageCache({ maxAgeMs: PAGE_MAX_AGE_MS, maxEntries: 2_000 });

  const accounts = createAccounts({
    store: createAccountStore(db),
    bus,
    clock,
    secret,
    demoLogins: config.nodeEnv !== 'production',
  });
  const cooperatives = createCooperatives({ store: createCooperativeStore(db), clock });
  const catalog = createCatalog({ store: createCatalogStore(db), cooperatives, bus, clock });
  const stock = createStock({ store: createStockStore(db), catalog, bus, clock });
  const offers = createOffers({ store: createOfferStore(db), catalog, stock, bus, clock });
  const orders = createOrders({
    store: createOrderStore(db),
    stock,
    catalog,
    offers,
    claims: [offerClaims(offers)],
    bus,
    clock,
    metrics,
    holdSeconds: config.holdSeconds,
    saleIn: (live, skus) => lives.saleIn(live, skus),
  });
  const lives = createLives({ store: createLiveStore(db), catalog, bus, clock });
  const rails = createRails({ catalog, stock, offers, media });

  for (const fact of ['catalog.changed', 'stock.changed', 'live.moved'] as const) {
    bus.on(fact, () => pageCache.clear());
  }

  await ensureIndexes(db);
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
    cooperatives,
    catalog,
    stock,
    offers,
    orders,
    lives,
    rails,

    /** Title and address of a live, for pages further down the ladder. */
    async liveLink(id: string, lang: Lang) {
      const live = await lives.byId(id).catch(() => undefined);
      return live ? { id, title: live.title[lang], href: `/live/${id}` } : undefined;
    },

    /** Ends what is under way, then lets go of the database. */
    async dispose() {
      await orders.idle();
      await lives.idle();
      await bus.idle();
      await db.close();
      await engine?.close();
    },
  };
}


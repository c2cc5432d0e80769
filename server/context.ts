import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { createAccounts, createAccountStore, createAddresses, createAddressStore } from './accounts/index.ts';
import {
  createCatalog,
  createCatalogStore,
  createCertificates,
  createCertificateStore,
  createClaims,
  createClaimStore,
} from './catalog/index.ts';
import {
  createCooperatives,
  createCooperativeStore,
  createFollows,
  createFollowStore,
} from './cooperatives/index.ts';
import { createAwards, createDrawMails, createDraws, createDrawStore, createEntries } from './draws/index.ts';
import {
  createActs,
  createActStore,
  createAnswers,
  createAnswerStore,
  createChapters,
  createChapterStore,
  createCrews,
  createCrewStore,
  createDetails,
  createDetailsStore,
  createDevices,
  createModeration,
  createModerationStore,
  createRelay,
  createChatReports,
  createScripts,
  createScriptStore,
  createWords,
  isBought,
  createLives,
  createReplays,
  createLiveStore,
  createRails,
  createWatching,
  createWatchStore,
  createCouponDrops,
  createEvidence,
  createEvidenceStore,
  createReminders,
  createReminderStore,
  createDropStore,
} from './live/index.ts';
import { createFigures, createFigureStore } from './figures/index.ts';
import {
  couponClaims,
  createCompletion,
  createCompletionStore,
  createCarts,
  createCartStore,
  createCheckout,
  createCouponGrants,
  createGrantStore,
  createPocket,
  createCoupons,
  createCouponStore,
  createDelivery,
  createShipping,
  createShippingStore,
  createSales,
  createSalesStore,
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
import { toAppError } from './platform/errors.ts';
import { createPageCache, createPages, createSessions } from './platform/http/index.ts';
import { createJobRunner } from './platform/jobs.ts';
import type { Lang } from './platform/lang.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMailSender, createOutbox, keepsMails, mailTransport } from './platform/mail/index.ts';
import { createMedia, createPapers } from './platform/media/index.ts';
import { createMetrics } from './platform/metrics.ts';
import { createPoster } from './platform/poster/index.ts';
import { ROOT } from './platform/root.ts';
import { ownSecret } from './platform/secrets.ts';
import { createAssets, createRenderer, createTranslator, localDay } from './platform/views/index.ts';
import { createLots, createLotStore, createRecalling, createStock, createStockStore } from './stock/index.ts';
import {
  createHandovers,
  createHandoverStore,
  createKeyStore,
  createLeaseStore,
  createRecordings,
  createRecordingStore,
  createStreamKeys,
  createVideo,
  registerVideoFigures,
} from './video/index.ts';
import {
  createEventStore,
  createEvents,
  createExchange,
  createGrowerStore,
  createGrowers,
  createLabelStore,
  createLabels,
  createPledgeStore,
  createPledges,
  createRecallNotices,
  createRecallStore,
  createRecalls,
  createReportStore,
  createReports,
  createRoads,
  createRootStore,
  createRoots,
  createScanStore,
  createScanning,
  createScans,
  createSigning,
  createSigningStore,
  createTraceCards,
  createUnitStore,
  createUnits,
  createVerifier,
} from './trace/index.ts';

export interface Overrides {
  log?: Log;
  clock?: Clock;
  /** Called when the embedded engine is gone for good. */
  onLost?: (error: Error) => void;
}

export type Context = Awaited<ReturnType<typeof createContext>>;

/** How long a page may be behind what another process has written, in ms. */
const PAGE_MAX_AGE_MS = 2_000;

const DAY_MS = 24 * 3_600_000;
/** China is eight hours ahead of UTC all year round. */
const CHINA_MS = 8 * 3_600_000;

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
  const papers = createPapers(config.dataDir);
  const renderer = createRenderer(ROOT, translator, assets);
  const pages = createPages(renderer, config.publicUrl, { testCashier: !config.stripeSecretKey });
  const pageCache = createPageCache({
    maxAgeMs: PAGE_MAX_AGE_MS,
    maxEntries: 2_000,
    day: () => Math.floor((clock.now().getTime() + CHINA_MS) / DAY_MS),
  });

  const accounts = createAccounts({
    store: createAccountStore(db),
    bus,
    clock,
    secret,
    demoLogins: config.nodeEnv !== 'production',
  });
  const addresses = createAddresses({ store: createAddressStore(db), clock });
  const cooperatives = createCooperatives({ store: createCooperativeStore(db), clock });
  const follows = createFollows({ store: createFollowStore(db), clock });
  const certificateStore = createCertificateStore(db);
  const claims = createClaims({ store: createClaimStore(db), certificates: certificateStore, clock });
  const products = createCatalogStore(db);
  const catalog = createCatalog({
    ...{ store: products, certificates: certificateStore, claims, cooperatives, bus, clock },
  });
  const certificates = createCertificates({ store: certificateStore, products, catalog, clock });
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
  const grants = createCouponGrants({ store: createGrantStore(db), clock });
  const coupons = createCoupons({
    ...{ store: createCouponStore(db), catalog, claims, clock },
    granted: async (coupon, people) =>
      (await grants.held(people)).filter((held) => held.coupon === coupon).length,
  });
  const shipping = createShipping({ store: createShippingStore(db), clock });
  const pocket = createPocket({ coupons, grants, addresses, shipping, clock });
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
    claims: [offerClaims(offers, accounts.idsOf), couponClaims(coupons, accounts.idsOf)],
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

  const signing = createSigning({ store: createSigningStore(db), secret, clock, log });
  const units = createUnits({ store: createUnitStore(db), stock, orders, clock });
  const eventStore = createEventStore(db);
  const events = createEvents({ store: eventStore, clock });
  const exchange = createExchange({ events, store: eventStore, catalog, clock });
  const growers = createGrowers({ store: createGrowerStore(db), clock });
  const scans = createScans({ store: createScanStore(db), clock, log });
  const rootStore = createRootStore(db);
  const roots = createRoots({ store: rootStore, events: eventStore, stock, clock });
  const reports = createReports({ store: createReportStore(db), clock });
  const roads = createRoads({
    ...{ events, store: eventStore, units, stock, orders, catalog, cooperatives, bus, clock, log },
    changedOrders: createOrderMailStore(db).changedSince,
  });
  const scanning = createScanning({ units, signing, orders, stock, catalog });
  const pledges = createPledges({ store: createPledgeStore(db), lots, catalog, cooperatives, clock });
  const traceCards = createTraceCards({
    ...{ signing, units, events, growers, scans, roots },
    ...{ stock, orders, catalog, certificates, cooperatives },
  });
  const verifier = createVerifier({ events: eventStore, roots: rootStore, stock, units, orders });

  const { deliverAfterDays, completeAfterDays } = config;
  const completion = createCompletion({
    ...{ store: createCompletionStore(db), packing, bus, clock, deliverAfterDays, completeAfterDays },
  });
  const lives = createLives({
    ...{ store: createLiveStore(db), catalog, claims, sellingNext: stock.sellingNext, bus, clock },
  });
  const chapters = createChapters({ store: createChapterStore(db), lives });
  bus.on('live.marked', ({ live }) => chapters.tidy(live));
  const acts = createActs({ store: createActStore(db), bus, clock });
  const devices = createDevices({ secret, clock });
  const chatStore = createModerationStore(db);
  const words = createWords({ store: chatStore, clock });
  const moderation = createModeration({
    ...{ store: chatStore, lives, words, acts, people: accounts.byIds, bus, clock },
    isFollower: (host, person) => follows.isFollower({ kind: 'host', target: host }, person),
    hasBought: async (person) => (await orders.ofBuyer(person)).some(({ state }) => isBought(state)),
  });
  const chatReports = createChatReports({ store: chatStore, lives, acts, bus, clock });
  const details = createDetails({ store: createDetailsStore(db), lives, catalog, claims, acts, bus });
  const crewStore = createCrewStore(db);
  const crews = createCrews({ store: crewStore, lives, accounts, acts, bus, clock });
  const relay = createRelay({ store: crewStore, lives, acts, bus, clock });
  const scripts = createScripts({ store: createScriptStore(db), lives, catalog, claims, acts });
  const answers = createAnswers({
    ...{ store: createAnswerStore(db), chat: chatStore, lives, stock, acts, bus, clock },
  });
  const couponDrops = createCouponDrops({
    ...{ store: createDropStore(db), lives, coupons, grants, catalog, bus, clock },
  });
  const evidence = createEvidence({
    ...{ store: createEvidenceStore(db), orders, offers, stock, lives, bus, clock, log },
    cardAt: async (live, at) => {
      const chapter = await chapters.at(live, at);
      return chapter ? { sku: chapter.sku, lot: chapter.lot, since: chapter.from } : null;
    },
    claimsOn: async (sku, codes, at) => {
      const day = localDay(at);
      const proofs = await Promise.all(codes.map((lot) => certificates.covering({ sku, lot, day })));
      return [...new Set(proofs.flat().map(({ kind, number }) => `${kind} ${number}`))];
    },
    recordedAt: (live, at) => recordings.at(live, at),
  });
  const watching = createWatching({ store: createWatchStore(db), clock });
  const figures = createFigures({
    ...{ store: createFigureStore(db), lives, watching, cooperatives, clock, secret },
    sales: createSales({ store: createSalesStore(db) }),
  });
  const rails = createRails({ catalog, stock, offers, media });
  const streamKeys = createStreamKeys({
    store: createKeyStore(db),
    clock,
    async takesIn(id) {
      const live = await lives.byId(id).catch((error: unknown) => {
        if (toAppError(error).code === 'not_found') return undefined;
        throw error;
      });
      return live !== undefined && live.state !== 'ended';
    },
  });
  const handovers = createHandovers({
    ...{ store: createHandoverStore(db), clock, secret, vouch: streamKeys.vouch },
  });

  /** Where the shop's other processes reach this one; known when it listens. */
  const self = { url: config.nodeUrl ?? `http://localhost:${config.port}` };
  const recordings = createRecordings({
    ...{ store: createRecordingStore(db), clock, log, folder: join(config.dataDir, 'recordings') },
    ...{ budgetGb: config.recordingBudgetGb, keepDays: config.recordingDays, address: () => self.url },
    fetchIndex: async ({ _id, address }) => {
      const answer = await fetch(`${address}/video/recordings/${_id}/index.jsonl`);
      return answer.ok ? answer.text() : '';
    },
  });
  const liveState = async (id: string) => {
    const live = await lives.byId(id).catch((error: unknown) => {
      if (toAppError(error).code === 'not_found') return undefined;
      throw error;
    });
    return live?.state;
  };
  const replays = createReplays({ recordings, chapters, lives });
  const video = createVideo({
    ...{ leases: createLeaseStore(db), recordings, gate: streamKeys.gate, clock, log },
    ...{ address: () => self.url, stateOf: liveState },
    settings: {
      ...{ host: config.host, folder: join(config.dataDir, 'recordings'), logLevel: config.logLevel },
      rtmpPort: config.rtmpPort,
      whip: { port: config.whipUdpPort, publicAddress: config.whipPublicAddress },
    },
  });
  registerVideoFigures(metrics.registry, video);
  bus.on('live.moved', ({ live, state }) => (state === 'ended' ? video.over(live) : undefined));

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
  const drawStore = createDrawStore(db);
  const drawEntries = createEntries({
    ...{ store: drawStore, lives, watching, orders, accounts, bus, clock, secret },
  });
  const drawAwards = createAwards({ store: drawStore, prizes: orders.prizes, accounts, outbox, bus, clock });
  const draws = createDraws({
    ...{ store: drawStore, entries: drawEntries, awards: drawAwards, prizes: orders.prizes },
    ...{ lives, catalog, bus, clock, log, byPurchase: config.drawByPurchase === '1' },
  });
  const reminders = createReminders({
    ...{ store: createReminderStore(db), lives, accounts, outbox, renderer, translator, clock, secret },
    origin: () => reachedAt.url,
  });
  const drawMails = createDrawMails({
    ...{ draws, awards: drawAwards, renderer, translator, clock, origin: () => reachedAt.url },
  });
  const labels = createLabels({
    ...{ store: createLabelStore(db), units, signing, lots, catalog, clock },
    origin: () => reachedAt.url,
  });
  const recallStore = createRecallStore(db);
  const recallMails = createRecallNotices({
    ...{ store: recallStore, accounts, catalog, outbox, renderer, translator },
    origin: () => reachedAt.url,
  });
  const recalling = createRecalling({ store: createStockStore(db), lots: createLotStore(db), bus });
  const recalls = createRecalls({
    ...{ store: recallStore, lots, recalling, orders, notices: recallMails, clock, log },
  });
  const mailSender = createMailSender({
    outbox,
    transport: mailTransport(config),
    compose: async (about, lang) =>
      (await recallMails.compose(about, lang)) ??
      (await drawMails.compose(about, lang)) ??
      (await reminders.compose(about, lang)) ??
      orderMails.compose(about, lang),
    clock,
    log,
    keepContent: keepsMails(config),
  });

  for (const fact of ['catalog.changed', 'stock.changed', 'live.moved'] as const) {
    bus.on(fact, () => pageCache.clear());
  }

  await ensureIndexes(db);
  await outbox.prepare();
  await claims.prepare();
  await catalog.adoptCertificates();
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
    papers,
    pages,
    pageCache,
    jobs: createJobRunner({ db, clock, log, metrics }),
    accounts,
    addresses,
    carts,
    coupons,
    grants,
    pocket,
    shipping,
    delivery,
    checkout,
    cooperatives,
    follows,
    catalog,
    certificates,
    claims,
    stock,
    lots,
    payments,
    cashier,
    offers,
    orders,
    desk,
    packing,
    signing,
    units,
    events,
    exchange,
    growers,
    scans,
    roots,
    reports,
    roads,
    traceCards,
    scanning,
    pledges,
    labels,
    recalls,
    recallNotices: recalls.noticesFor,
    verifier,
    completion,
    lives,
    chapters,
    acts,
    devices,
    words,
    moderation,
    chatReports,
    details,
    crews,
    relay,
    turns: { of: relay.of },
    scripts,
    answers,
    watching,
    figures,
    couponDrops,
    evidence,
    reminders,
    poster: createPoster(),
    draws,
    drawEntries,
    drawAwards,
    rails,
    streamKeys,
    handovers,
    video,
    recordings,
    replays,
    clipOf: replays.clipOf,
    liveState,
    reachedAt,
    outbox,
    orderMails,
    mailSender,

    /** The name of a viewer in one live's records, which leads back to nobody. */
    viewerName: (live: string, person: string): string =>
      createHmac('sha256', secret).update(`viewer ${live} ${person}`).digest('hex').slice(0, 16),

    /** When a lot was on the table of a live, for pages further down the ladder. */
    async shownInLives(lot: string, lang: Lang) {
      const found = await chapters.ofLot(lot);
      return Promise.all(
        found.map(async ({ live, chapter }) => {
          const { title } = await lives.byId(live);
          return { title: title[lang], href: `/live/${live}`, from: chapter.from, to: chapter.to };
        }),
      );
    },

    /** Title and address of a live, for pages further down the ladder. */
    async liveLink(id: string, lang: Lang) {
      const live = await lives.byId(id).catch(() => undefined);
      return live ? { id, title: live.title[lang], href: `/live/${id}` } : undefined;
    },

    /** The shop listens: on this machine, the test cashier and the webhook are found at `url`. */
    reachableAt(url: string) {
      if (!config.nodeUrl) self.url = url;
      cashier?.connect(url + WEBHOOK_PATH);
      if (cashier) payments.connect(`${url}/cashier`);
    },

    /** Ends what is under way, then lets go of the database. */
    async dispose() {
      await video.close();
      await cashier?.stop();
      await payments.idle();
      await orders.idle();
      await draws.idle();
      await couponDrops.idle();
      await evidence.idle();
      await lives.idle();
      await figures.idle();
      await roads.idle();
      await scans.idle();
      await bus.idle();
      await orderMails.idle();
      await mailSender.close();
      await db.close();
      await engine?.close();
    },
  };
}

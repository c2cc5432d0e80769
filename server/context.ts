import { WEBHOOK_PATH } from './payments/index.ts';
import type { Config } from './platform/config.ts';
import { ensureIndexes } from './platform/db/index.ts';
import { createMailSender, keepsMails, mailTransport } from './platform/mail/index.ts';
import { wireAccounts } from './wiring/accounts.ts';
import { wireCatalog } from './wiring/catalog.ts';
import { wireCooperatives } from './wiring/cooperatives.ts';
import { wireDraws } from './wiring/draws.ts';
import { wireFigures } from './wiring/figures.ts';
import { wireLive, type LiveServices } from './wiring/live.ts';
import { wireOrders } from './wiring/orders.ts';
import { wirePayments } from './wiring/payments.ts';
import { wirePlatform, type Overrides } from './wiring/platform.ts';
import { wireStock } from './wiring/stock.ts';
import { wireTrace } from './wiring/trace.ts';
import { wireVideo } from './wiring/video.ts';

export type { Overrides };

export type Context = Awaited<ReturnType<typeof createContext>>;

/**
 * Builds everything once, in ladder order. Whoever calls it disposes of it.
 *
 * What is taken out of a step by its name is for other steps alone; everything else is the context.
 */
export async function createContext(config: Config, overrides: Overrides = {}) {
  const { engine, here, secret, renderer, ...platform } = await wirePlatform(config, overrides);
  const { db, bus, clock, log, outbox, pageCache } = platform;
  const ground = { ...platform, secret, renderer };

  const accounts = wireAccounts(ground);
  const cooperatives = wireCooperatives(ground);
  const catalog = wireCatalog({ ...ground, ...cooperatives });
  const { recalling, ...stock } = wireStock({ ...ground, ...catalog });
  const payments = wirePayments(ground);

  const goods = { ...ground, ...accounts, ...cooperatives, ...catalog, ...stock };
  const { changedOrders, sales, ...orders } = wireOrders({
    ...{ ...goods, ...payments },
    saleIn: (id, skus, buyers) => live.saleIn(id, skus, buyers),
  });
  const { recallMails, ...trace } = wireTrace({ ...goods, ...orders, recalling, changedOrders });
  const video = wireVideo({ ...ground, here, stateOf: (id) => live.liveState(id) });
  const live: LiveServices = wireLive({ ...goods, ...orders, ...video });
  const { drawMails, ...draws } = wireDraws({ ...goods, ...orders, ...live });
  const figures = wireFigures({ ...ground, ...cooperatives, ...live, sales });

  const mailSender = createMailSender({
    ...{ outbox, clock, log, transport: mailTransport(config), keepContent: keepsMails(config) },
    compose: async (about, lang) =>
      (await recallMails.compose(about, lang)) ??
      (await trace.reportMails.compose(about, lang)) ??
      (await drawMails.compose(about, lang)) ??
      (await live.reminders.compose(about, lang)) ??
      orders.orderMails.compose(about, lang),
  });

  for (const fact of [
    'catalog.changed',
    'stock.changed',
    'dispatch.changed',
    'shipping.changed',
    'live.moved',
    'live.edited',
  ] as const) {
    bus.on(fact, () => pageCache.clear());
  }

  await ensureIndexes(db);
  await outbox.prepare();
  await catalog.claims.prepare();
  await catalog.catalog.adoptCertificates();
  await catalog.catalog.refresh();

  return {
    ...platform,
    ...accounts,
    ...cooperatives,
    ...catalog,
    ...stock,
    ...payments,
    ...orders,
    ...trace,
    ...video,
    ...live,
    ...draws,
    ...figures,
    mailSender,

    /** The shop listens: on this machine, the test cashier and the webhook are found at `url`. */
    reachableAt(url: string) {
      if (!config.nodeUrl) here.url = url;
      payments.cashier?.connect(url + WEBHOOK_PATH);
      if (payments.cashier) payments.payments.connect(`${url}/cashier`);
    },

    /** Ends what is under way, then lets go of the database. */
    async dispose() {
      await video.video.close();
      await payments.cashier?.stop();
      await payments.payments.idle();
      await orders.orders.idle();
      await draws.draws.idle();
      await live.couponDrops.idle();
      await live.evidence.idle();
      await live.lives.idle();
      await figures.figures.idle();
      await trace.roads.idle();
      await trace.scans.idle();
      await bus.idle();
      await orders.orderMails.idle();
      await mailSender.close();
      await db.close();
      await engine?.close();
    },
  };
}

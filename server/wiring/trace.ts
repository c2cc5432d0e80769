import {
  createCartons,
  createCartonStore,
  createEvents,
  createEventStore,
  createExchange,
  createGrowers,
  createGrowerStore,
  createLabels,
  createLabelStore,
  createPlaces,
  createPledges,
  createPledgeStore,
  createRecallNotices,
  createRecalls,
  createRecallStore,
  createReportMails,
  createReports,
  createReportStore,
  createRoads,
  createRoots,
  createRootStore,
  createScanning,
  createScans,
  createScanStore,
  createSigning,
  createSigningStore,
  createStowing,
  createTraceCards,
  createUnits,
  createUnitStore,
  createVerifier,
  createWithdrawals,
  type CartonStore,
  type Signing,
  type Units,
} from '../trace/index.ts';
import type { Recalling } from '../stock/index.ts';
import type { AccountServices } from './accounts.ts';
import type { CatalogServices } from './catalog.ts';
import type { CooperativeServices } from './cooperatives.ts';
import type { OrderServices } from './orders.ts';
import type { Ground } from './platform.ts';
import type { StockServices } from './stock.ts';

type Below = Ground &
  AccountServices &
  CooperativeServices &
  CatalogServices &
  StockServices &
  OrderServices & { recalling: Recalling } & Pick<Parameters<typeof createRoads>[0], 'changedOrders'>;

export function wireTrace(below: Below) {
  const { config, db, clock, log, secret, catalog, stock, lots, orders, cooperatives, reachedAt } = below;
  const signing = createSigning({ store: createSigningStore(db), secret, clock, log });
  const cartonStore = createCartonStore(db);
  const units = createUnits({ store: createUnitStore(db), cartons: cartonStore, stock, orders, clock });
  const stowing = createStowing({ store: cartonStore, units, clock });
  const roads = wireRoads({ ...below, signing, units, cartonStore });
  return {
    signing,
    units,
    stowing,
    ...roads,
    cartons: createCartons({
      ...{ store: cartonStore, units, signing, stock, lots, catalog, clock },
      ...{ prefix: config.gs1Prefix, origin: () => reachedAt.url, follow: roads.roads.lotSoon },
    }),
    ...wireRecalls(below),
    withdrawals: createWithdrawals({
      ...{ units, cartons: cartonStore, events: roads.events },
      ...{ lots, catalog, cooperatives, clock },
    }),
    scanning: createScanning({ units, stowing, signing, orders, stock, catalog }),
    pledges: createPledges({ store: createPledgeStore(db), lots, catalog, cooperatives, clock }),
    labels: createLabels({
      ...{ store: createLabelStore(db), units, signing, lots, catalog, clock },
      origin: () => reachedAt.url,
    }),
  };
}

/** What is written of a lot's way, what is read of it, and the proof that nobody changed it. */
function wireRoads(below: Below & { signing: Signing; units: Units; cartonStore: CartonStore }) {
  const { db, bus, clock, log, catalog, certificates, cooperatives, stock, orders, changedOrders } = below;
  const { signing, units, cartonStore: cartons, accounts, outbox, renderer, translator, reachedAt } = below;
  const store = createEventStore(db);
  const rootStore = createRootStore(db);
  const reportStore = createReportStore(db);
  const reportMails = createReportMails({
    ...{ store: reportStore, accounts, cooperatives, outbox, renderer, translator },
    origin: () => reachedAt.url,
  });
  const events = createEvents({ store, clock });
  const growers = createGrowers({ store: createGrowerStore(db), clock });
  const scans = createScans({ store: createScanStore(db), places: createPlaces({ log }), clock, log });
  const roots = createRoots({ store: rootStore, events: store, stock, clock });
  return {
    events,
    growers,
    scans,
    roots,
    exchange: createExchange({ events, store, catalog, clock }),
    reports: createReports({ store: reportStore, mails: reportMails, clock }),
    reportMails,
    roads: createRoads({
      ...{
        events,
        store,
        units,
        cartons,
        stock,
        orders,
        changedOrders,
        catalog,
        cooperatives,
        bus,
        clock,
        log,
      },
    }),
    traceCards: createTraceCards({
      ...{ signing, units, cartons, events, growers, scans, roots },
      ...{ stock, orders, catalog, certificates, cooperatives },
    }),
    verifier: createVerifier({ events: store, roots: rootStore, stock, units, cartons, orders }),
  };
}

function wireRecalls(below: Below) {
  const { db, clock, log, accounts, catalog, lots, recalling, orders, reachedAt } = below;
  const { outbox, renderer, translator } = below;
  const store = createRecallStore(db);
  const recallMails = createRecallNotices({
    ...{ store, accounts, catalog, outbox, renderer, translator },
    origin: () => reachedAt.url,
  });
  const recalls = createRecalls({ store, lots, recalling, orders, notices: recallMails, clock, log });
  return { recalls, recallNotices: recalls.noticesFor, recallMails };
}

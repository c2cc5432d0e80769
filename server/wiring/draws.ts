import {
  createAwards,
  createDrawMails,
  createDraws,
  createDrawStore,
  createEntries,
} from '../draws/index.ts';
import type { AccountServices } from './accounts.ts';
import type { CatalogServices } from './catalog.ts';
import type { LiveServices } from './live.ts';
import type { OrderServices } from './orders.ts';
import type { Ground } from './platform.ts';

type Below = Ground & AccountServices & CatalogServices & OrderServices & LiveServices;

export function wireDraws(below: Below) {
  const { config, db, bus, clock, log, secret, accounts, catalog, orders, lives, watching } = below;
  const { outbox, renderer, translator, reachedAt } = below;
  const store = createDrawStore(db);
  const { prizes } = orders;
  const entries = createEntries({ store, lives, watching, orders, accounts, bus, clock, secret });
  const awards = createAwards({ store, prizes, accounts, outbox, bus, clock });
  const draws = createDraws({
    ...{ store, entries, awards, prizes, lives, catalog, bus, clock, log },
    byPurchase: config.drawByPurchase === '1',
  });
  const drawMails = createDrawMails({
    ...{ draws, awards, renderer, translator, clock, origin: () => reachedAt.url },
  });
  return { draws, drawEntries: entries, drawAwards: awards, drawMails };
}

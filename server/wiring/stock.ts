import {
  createLots,
  createLotStore,
  createRecalling,
  createStock,
  createStockStore,
} from '../stock/index.ts';
import type { CatalogServices } from './catalog.ts';
import type { Ground } from './platform.ts';

export type StockServices = Omit<ReturnType<typeof wireStock>, 'recalling'>;

export function wireStock({ db, bus, clock, catalog }: Ground & CatalogServices) {
  const store = createStockStore(db);
  const lotStore = createLotStore(db);
  return {
    stock: createStock({ store, catalog, bus, clock }),
    lots: createLots({ store, lots: lotStore, catalog, bus, clock }),
    recalling: createRecalling({ store, lots: lotStore, bus }),
  };
}

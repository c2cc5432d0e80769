import {
  couponClaims,
  createCoupons,
  createCouponStore,
  createOffers,
  createOfferStore,
  createOrders,
  createOrderStore,
  createWaitStore,
  offerClaims,
  type Orders,
  type OrdersDeps,
} from '../../server/orders/index.ts';
import type { Clock } from '../../server/platform/clock.ts';
import { createStock, createStockStore } from '../../server/stock/index.ts';
import type { TestShop } from './shop.ts';

/** What stands between a store and the database. */
interface Wire {
  wire<T extends object>(store: T): T;
}

/**
 * Another process's orders over the shop's database, each of its stores behind `between`; what it asks of the bank is
 * never answered, so that a test says itself what the bank has to tell.
 */
export function secondTill(
  shop: TestShop,
  clock: Clock,
  { between, ...parts }: { between: Wire } & Partial<OrdersDeps>,
): Orders {
  const { accounts, catalog, bus, metrics, log, dispatch, db, payments } = shop.ctx;
  const stock = createStock({ store: between.wire(createStockStore(db)), catalog, bus, clock });
  const coupons = createCoupons({ store: between.wire(createCouponStore(db)), catalog, clock });
  const offers = createOffers({ store: between.wire(createOfferStore(db)), catalog, stock, bus, clock });
  return createOrders({
    ...{ store: between.wire(createOrderStore(db)), waits: between.wire(createWaitStore(db)) },
    ...{ stock, catalog, offers, bus, clock, metrics, log, dispatch },
    payments: { ...payments, handle: () => {}, refund: () => Promise.resolve() },
    claims: [offerClaims(offers, accounts.idsOf), couponClaims(coupons, accounts.idsOf)],
    holdSeconds: 600,
    saleIn: () => Promise.resolve({ holdSeconds: undefined }),
    standing: (buyers) => Promise.resolve(buyers.map(() => undefined)),
    ...parts,
  });
}

/** Nothing between. */
export const straight: Wire = { wire: (store) => store };

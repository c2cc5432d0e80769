import {
  couponClaims,
  createCarts,
  createCartStore,
  createCheckout,
  createCompletion,
  createCompletionStore,
  createCouponGrants,
  createCoupons,
  createCouponStore,
  createDelivery,
  createDesk,
  createDispatch,
  createDispatchStore,
  createDeskStore,
  createGrantStore,
  createOffers,
  createOfferStore,
  createOrderMails,
  createOrderMailStore,
  createOrders,
  createOrderStore,
  createPacking,
  createPackingStore,
  createPocket,
  createSales,
  createSalesStore,
  createShipping,
  createShippingStore,
  createWaitStore,
  offerClaims,
} from '../orders/index.ts';
import type { AccountServices } from './accounts.ts';
import type { CatalogServices } from './catalog.ts';
import type { CooperativeServices } from './cooperatives.ts';
import type { PaymentServices } from './payments.ts';
import type { Ground } from './platform.ts';
import type { StockServices } from './stock.ts';

type Below = Ground &
  AccountServices &
  CooperativeServices &
  CatalogServices &
  StockServices &
  PaymentServices &
  Pick<Parameters<typeof createOrders>[0], 'saleIn'>;

export type OrderServices = Omit<ReturnType<typeof wireOrders>, 'changedOrders' | 'sales'>;

export function wireOrders(below: Below) {
  const { db, bus, clock, catalog, stock } = below;
  const offers = createOffers({ store: createOfferStore(db), catalog, stock, bus, clock });
  const dispatch = createDispatch({ store: createDispatchStore(db), stock, bus, clock });
  const before = wireBefore(below);
  const { coupons, shipping } = before;

  const store = createOrderStore(db);
  const { addresses, payments, accounts } = below;
  const delivery = createDelivery({
    ...{ store, addresses, shipping },
    endPayment: (code) => payments.cancel(code),
  });
  const orders = createOrders({
    ...{ store, waits: createWaitStore(db), stock, catalog, offers, payments, dispatch, bus, clock },
    ...{ log: below.log, metrics: below.metrics, holdSeconds: below.config.holdSeconds },
    claims: [offerClaims(offers, accounts.idsOf), couponClaims(coupons, accounts.idsOf)],
    saleIn: below.saleIn,
    standing: delivery.standing,
  });
  const checkout = createCheckout({
    ...{ orders, carts: before.carts, coupons, shipping, addresses, offers, catalog, stock, dispatch, clock },
  });
  return { offers, dispatch, ...before, delivery, orders, checkout, ...wireAfter(below) };
}

/** What somebody brings to an order: a cart, coupons, the price of the way. */
function wireBefore({ db, bus, clock, catalog, claims, addresses }: Below) {
  const carts = createCarts({ store: createCartStore(db), catalog, clock });
  const grants = createCouponGrants({ store: createGrantStore(db), clock });
  const coupons = createCoupons({
    ...{ store: createCouponStore(db), catalog, claims, clock },
    granted: async (coupon, people) =>
      (await grants.held(people)).filter((held) => held.coupon === coupon).length,
  });
  const shipping = createShipping({ store: createShippingStore(db), bus, clock });
  const pocket = createPocket({ coupons, grants, addresses, shipping, clock });
  return { carts, grants, coupons, shipping, pocket };
}

/** What becomes of an order: packed, told by mail, complete; and what all of them came to. */
function wireAfter(below: Below) {
  const { config, db, bus, clock, log, stock, accounts, cooperatives, reachedAt } = below;
  const { outbox, renderer, translator } = below;
  const { deliverAfterDays, completeAfterDays } = config;
  const packing = createPacking({ store: createPackingStore(db), bus, clock });
  const mails = createOrderMailStore(db);
  return {
    desk: createDesk({ store: createDeskStore(db), stock }),
    packing,
    completion: createCompletion({
      ...{ store: createCompletionStore(db), packing, bus, clock, deliverAfterDays, completeAfterDays },
    }),
    orderMails: createOrderMails({
      ...{ store: mails, accounts, cooperatives, outbox, renderer, translator, bus, clock, log },
      origin: () => reachedAt.url,
    }),
    changedOrders: mails.changedSince,
    sales: createSales({ store: createSalesStore(db) }),
  };
}

import { Router, type Request } from 'express';
import { mustBeSomebody, welcomeGuest } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Payments } from '../payments/index.ts';
import { toAppError } from '../platform/errors.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Stock } from '../stock/index.ts';
import type { CheckoutPage } from './checkout.routes.ts';
import { createOrderPage, visibleOrder } from './order-page.routes.ts';
import { isBuyer } from './orders.policy.ts';
import { inGroup } from './orders.rules.ts';
import { orderListQuery, placeOrderCommand, placeOrderForm, publicCode } from './orders.schema.ts';
import type { Orders } from './orders.service.ts';
import {
  presentGroups,
  presentOrderJson,
  presentOrderRow,
  presentReceipt,
  type OrderReader,
} from './orders.view.ts';

export interface OrderRouteDeps {
  orders: Orders;
  catalog: Catalog;
  cooperatives: Cooperatives;
  stock: Stock;
  payments: Payments;
  pages: Pages;
  translator: Translator;
  media: Media;
  holdSeconds: number;
  /** Where a tap that could not be an order comes back to. */
  checkoutPage: CheckoutPage;
  /** Recalls of pieces in an order; they stand up the ladder. */
  recallNotices: (order: string) => Promise<readonly object[]>;
  /** Title and address of a live, for the pages of its orders. */
  liveLink: (live: string, lang: Lang) => Promise<{ id: string; title: string; href: string } | undefined>;
}

export function orderRoutes(deps: OrderRouteDeps): Router {
  const { orders, pages, translator } = deps;
  const router = Router();
  const orderPage = createOrderPage(deps);
  const perPerson = limit({ windowMs: 10_000, max: 30, by: (req) => req.person?.id });

  function readerOf(req: Request): OrderReader {
    return { lang: req.lang, t: translator.for(req.lang), media: deps.media };
  }

  router.post('/api/orders', perPerson, async (req, res) => {
    const { order, fresh } = await orders.place(
      parse(placeOrderCommand, req.body),
      mustBeSomebody(req.person),
    );
    res.status(fresh ? 201 : 200).json(presentOrderJson(order, readerOf(req)));
  });

  router.get('/api/orders/:code', async (req, res) => {
    const { order } = await visibleOrder(deps, req);
    res.json(presentOrderJson(order, readerOf(req)));
  });

  router.post('/orders', perPerson, welcomeGuest, async (req, res) => {
    const { clickId, liveId, offerId, sku, qty } = parse(placeOrderForm, req.body);
    try {
      const { order } = await orders.place(
        { clickId, liveId, lines: [{ sku, qty, offerId }] },
        mustBeSomebody(req.person),
      );
      if (wantsJson(req)) return void res.status(201).json(presentReceipt(order));
      res.redirect(303, `/orders/${order._id}?placed=1`);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500 || wantsJson(req)) throw thrown;
      res.status(error.status);
      await deps.checkoutPage(req, res, {
        asked: { sku, qty, live: liveId, offer: offerId, pick: [] },
        error: translator.for(req.lang)(`errors.${error.code}`),
      });
    }
  });

  router.get('/orders', async (req, res) => {
    const { show } = parse(orderListQuery, req.query);
    const mine = req.person ? await orders.ofBuyer(req.person) : [];
    const shown = show ? mine.filter(({ state }) => inGroup(state, show)) : mine;
    await pages.send(req, res, 'orders/orders', {
      title: translator.for(req.lang)('orders.list.title'),
      noIndex: true,
      groups: mine.length > 0 ? presentGroups(mine, show, readerOf(req)) : undefined,
      orders: shown.map((order) => presentOrderRow(order, readerOf(req))),
    });
  });

  router.get('/orders/:code', (req, res) => orderPage(req, res));

  router.post('/orders/:code/cancel', perPerson, async (req, res) => {
    const person = mustBeSomebody(req.person);
    const order = await orders.cancel(parseParam(publicCode, req.params['code']), {
      id: person.id,
      mine: (found) => isBuyer(found, person),
    });
    res.redirect(303, `/orders/${order._id}`);
  });

  return router;
}

import { Router, type Request } from 'express';
import { mustBeSomebody, welcomeGuest } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Stock } from '../stock/index.ts';
import type { CheckoutPage } from './checkout.routes.ts';
import { isBuyer, isStaff } from './orders.policy.ts';
import { placeOrderCommand, placeOrderForm, publicCode } from './orders.schema.ts';
import type { Order, Orders } from './orders.service.ts';
import { presentAddress, presentBuyerChoices, presentMoney, presentStaffSide } from './paying.view.ts';
import {
  presentOrderJson,
  presentOrderPage,
  presentOrderRow,
  presentReceipt,
  type OrderReader,
} from './orders.view.ts';
import { presentParcels } from './packing.view.ts';

export interface OrderRouteDeps {
  orders: Orders;
  catalog: Catalog;
  cooperatives: Cooperatives;
  stock: Stock;
  pages: Pages;
  translator: Translator;
  media: Media;
  holdSeconds: number;
  /** Where a tap that could not be an order comes back to. */
  checkoutPage: CheckoutPage;
  /** Title and address of a live, for the pages of its orders. */
  liveLink: (live: string, lang: Lang) => Promise<{ id: string; title: string; href: string } | undefined>;
}

interface Visible {
  order: Order;
  mine: boolean;
  /** For staff: the cooperatives whose part in the order is theirs. */
  desks: readonly string[] | 'all' | undefined;
}

export function orderRoutes(deps: OrderRouteDeps): Router {
  const { orders, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 10_000, max: 30, by: (req) => req.person?.id });

  function readerOf(req: Request): OrderReader {
    return { lang: req.lang, t: translator.for(req.lang), media: deps.media };
  }

  /** The order, for its buyer and for staff; to everybody else it does not exist. */
  async function visibleOrder(req: Request): Promise<Visible> {
    const order = await orders.byCode(parseParam(publicCode, req.params['code']));
    const person = req.person;
    if (!order || !person) throw new AppError('not_found');
    const mine = isBuyer(order, person);
    const ids = (await deps.cooperatives.ofPerson(person)).map(({ _id }) => _id);
    const staff = isStaff(order, person, ids);
    if (!mine && !staff) throw new AppError('not_found');
    if (!staff) return { order, mine, desks: undefined };
    return { order, mine, desks: person.roles.includes('admin') ? 'all' : ids };
  }

  router.post('/api/orders', perPerson, async (req, res) => {
    const { order, fresh } = await orders.place(
      parse(placeOrderCommand, req.body),
      mustBeSomebody(req.person),
    );
    res.status(fresh ? 201 : 200).json(presentOrderJson(order, readerOf(req)));
  });

  router.get('/api/orders/:code', async (req, res) => {
    const { order } = await visibleOrder(req);
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
    const mine = req.person ? await orders.ofBuyer(req.person) : [];
    await pages.send(req, res, 'orders/orders', {
      title: translator.for(req.lang)('orders.list.title'),
      noIndex: true,
      orders: mine.map((order) => presentOrderRow(order, readerOf(req))),
    });
  });

  router.get('/orders/:code', async (req, res) => {
    const { order, mine, desks } = await visibleOrder(req);
    const coops = await deps.cooperatives.byIds(order.cooperatives);
    const names = new Map(coops.map((coop) => [coop._id, coop.name[req.lang]]));
    const live = order.live ? await deps.liveLink(order.live, req.lang) : undefined;
    await pages.send(req, res, 'orders/order', {
      title: translator.for(req.lang)('orders.order.title', { code: order._id }),
      noIndex: true,
      justPlaced: req.query['placed'] === '1' && order.state === 'awaiting_payment',
      mine,
      money: presentMoney(order, readerOf(req)),
      address: presentAddress(order),
      choices: presentBuyerChoices(order),
      staff: desks ? presentStaffSide(order, desks, readerOf(req)) : undefined,
      order: {
        ...presentOrderPage(order, readerOf(req), { mine, live, cooperatives: names }),
        parcels: presentParcels(order, readerOf(req), { mine, desks, cooperatives: names }),
      },
    });
  });

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

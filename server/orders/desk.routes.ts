import { Router, type Request } from 'express';
import { z } from 'zod';
import { chosenDesk, presentDeskFrame, slug } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam } from '../platform/http/index.ts';
import { uploadOf } from '../platform/media/index.ts';
import { presentDeskOrder, presentDeskProduct, presentDeskStats } from './desk.view.ts';
import type { Desk } from './desk.service.ts';
import type { OrderRouteDeps } from './orders.routes.ts';
import { ordersQuery, PICK_SIZES, pickQuery, TO_SEND } from './packing.schema.ts';
import { presentPick, presentWaiting } from './packing.view.ts';

const deskQuery = z.object({
  coop: slug.optional(),
  before: z.iso.datetime().optional(),
});

const ORDERS_PER_PAGE = 30;

export interface DeskRouteDeps extends OrderRouteDeps {
  desk: Desk;
  clock: Clock;
}

/** The cooperative's desk: every page shows the member's own cooperatives and nothing of another's. */
export function deskRoutes(deps: DeskRouteDeps): Router {
  const { orders, catalog, cooperatives, stock, desk, pages, translator } = deps;
  const router = Router();

  const readerOf = (req: Request) => ({ lang: req.lang, t: translator.for(req.lang), media: deps.media });

  router.get('/coop', async (req, res) => {
    const query = parse(deskQuery, req.query);
    const desks = await cooperatives.desksOf(req.person);
    const current = chosenDesk(desks, query.coop);
    const reader = readerOf(req);
    const [products, onHand, recent] = await Promise.all([
      catalog.ofCooperative(current._id),
      stock.onHand(current._id),
      orders.ofCooperative(current._id, query.before ? new Date(query.before) : undefined, ORDERS_PER_PAGE),
    ]);
    const last = recent.length === ORDERS_PER_PAGE ? recent.at(-1) : undefined;
    await pages.send(req, res, 'orders/desk', {
      title: reader.t('desk.title', { name: current.name[req.lang] }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'overview', lang: req.lang }),
      stats: presentDeskStats(onHand, reader),
      products: products.map((product) => presentDeskProduct(product, onHand, reader)),
      orders: recent.map((order) => presentDeskOrder(order, current, reader)),
      nextHref: last ? `/coop?coop=${current.slug}&before=${last.createdAt.toISOString()}` : undefined,
    });
  });

  router.get('/coop/orders', async (req, res) => {
    const { coop, show, after } = parse(ordersQuery, req.query);
    const desks = await cooperatives.desksOf(req.person);
    const current = chosenDesk(desks, coop);
    const reader = readerOf(req);
    const read = show === 'pack' ? desk.toPack : desk.underWay;
    const found = await read(current._id, after, ORDERS_PER_PAGE + 1);
    const waiting = found.slice(0, ORDERS_PER_PAGE);
    const last = found.length > ORDERS_PER_PAGE ? waiting.at(-1) : undefined;
    const href = `/coop/orders?coop=${current.slug}&show=${show}`;
    await pages.send(req, res, 'orders/desk-orders', {
      title: reader.t('packing.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'orders', lang: req.lang }),
      filters: TO_SEND.map((key) => ({
        label: reader.t(`packing.show.${key}`),
        active: key === show,
        href: `/coop/orders?coop=${current.slug}&show=${key}`,
      })),
      packing: show === 'pack',
      orders: waiting.map((order) => presentWaiting(order, current, reader)),
      pickHref: show === 'pack' && waiting.length > 0 ? `/coop/orders/pick?coop=${current.slug}` : undefined,
      firstHref: after ? href : undefined,
      nextHref: last ? `${href}&after=${last.createdAt.toISOString()}~${last._id}` : undefined,
    });
  });

  router.get('/coop/orders/pick', async (req, res) => {
    const { coop, first } = parse(pickQuery, req.query);
    const desks = await cooperatives.desksOf(req.person);
    const current = chosenDesk(desks, coop);
    const reader = readerOf(req);
    const { picks, orders: count } = await desk.pickList(current._id, first);
    await pages.send(req, res, 'orders/packing-pick', {
      title: reader.t('packing.pick.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'orders', lang: req.lang }),
      sizes: PICK_SIZES.map((n) => ({
        label: reader.t('packing.pick.first', { n }),
        active: n === first,
        href: `/coop/orders/pick?coop=${current.slug}&first=${n}`,
      })),
      count,
      at: deps.clock.now(),
      picks: picks.map((pick) => presentPick(pick, current, reader)),
      pieces: picks.reduce((sum, { qty }) => sum + qty, 0),
    });
  });

  router.post('/coop/products/:slug/image', limit({ windowMs: 60_000, max: 20 }), async (req, res) => {
    const desks = await cooperatives.desksOf(req.person);
    const product = await catalog.product(parseParam(slug, req.params['slug']));
    const home = desks.find(({ _id }) => _id === product.cooperative);
    // Asked before the picture is kept: nobody would ever remove one that no product shows.
    if (!home) throw new AppError('not_found');
    const bytes = await uploadOf(req, res, 'image');
    await catalog.changeImage(product.slug, [home._id], await deps.media.store(bytes));
    res.redirect(303, `/coop?coop=${home.slug}#${product.slug}`);
  });

  return router;
}

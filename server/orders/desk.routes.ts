import { Router, type Request } from 'express';
import { z } from 'zod';
import { mustHaveRole } from '../accounts/index.ts';
import { slug, type Cooperative } from '../cooperatives/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam } from '../platform/http/index.ts';
import { uploadOf } from '../platform/media/index.ts';
import { presentDeskOrder, presentDeskProduct, presentDeskStats } from './desk.view.ts';
import type { OrderRouteDeps } from './orders.routes.ts';

const deskQuery = z.object({
  coop: slug.optional(),
  before: z.iso.datetime().optional(),
});

const ORDERS_PER_PAGE = 30;

/** The cooperative's desk: every page shows the member's own cooperatives and nothing of another's. */
export function deskRoutes(deps: OrderRouteDeps): Router {
  const { orders, catalog, cooperatives, stock, pages, translator } = deps;
  const router = Router();

  async function desksOf(req: Request): Promise<Cooperative[]> {
    const found = await cooperatives.ofPerson(mustHaveRole(req.person, 'coop'));
    if (found.length === 0) throw new AppError('forbidden');
    return found;
  }

  router.get('/coop', async (req, res) => {
    const query = parse(deskQuery, req.query);
    const desks = await desksOf(req);
    const current = query.coop ? desks.find((coop) => coop.slug === query.coop) : desks[0];
    if (!current) throw new AppError('not_found');

    const reader = { lang: req.lang, t: translator.for(req.lang), media: deps.media };
    const [products, onHand, recent] = await Promise.all([
      catalog.ofCooperative(current._id),
      stock.onHand(current._id),
      orders.ofCooperative(current._id, query.before ? new Date(query.before) : undefined, ORDERS_PER_PAGE),
    ]);
    const last = recent.length === ORDERS_PER_PAGE ? recent.at(-1) : undefined;
    await pages.send(req, res, 'orders/desk', {
      title: reader.t('desk.title', { name: current.name[req.lang] }),
      noIndex: true,
      cooperatives: desks.map((coop) => ({
        slug: coop.slug,
        name: coop.name[req.lang],
        active: coop === current,
        href: `/coop?coop=${coop.slug}`,
      })),
      current: { slug: current.slug, name: current.name[req.lang] },
      stats: presentDeskStats(onHand, reader),
      products: products.map((product) => presentDeskProduct(product, onHand, reader)),
      orders: recent.map((order) => presentDeskOrder(order, current._id, reader)),
      nextHref: last ? `/coop?coop=${current.slug}&before=${last.createdAt.toISOString()}` : undefined,
    });
  });

  router.post('/coop/products/:slug/image', limit({ windowMs: 60_000, max: 20 }), async (req, res) => {
    const desks = await desksOf(req);
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

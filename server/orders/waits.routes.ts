import { Router, type Request } from 'express';
import { mustBeSignedIn, mustBeSomebody, type Person } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { slug } from '../cooperatives/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { waitForm } from './orders.schema.ts';
import type { Orders } from './orders.service.ts';
import type { OrderReader } from './orders.view.ts';
import { presentWait, presentWaitJson } from './waits.view.ts';

interface Deps {
  orders: Orders;
  catalog: Catalog;
  pages: Pages;
  translator: Translator;
  media: Media;
}

const LIST = '/account/waits';

/** The line for what has run out, for those who are in no live: from a product's page, and one's own list. */
export function waitRoutes(deps: Deps): Router {
  const { orders, catalog, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 40, by: (req) => req.person?.id });

  function readerOf(req: Request): OrderReader {
    return { lang: req.lang, t: translator.for(req.lang), media: deps.media };
  }

  async function itemsOf(req: Request, person: Person) {
    const reader = readerOf(req);
    return (await orders.waitsOf(person)).map((wait) => presentWaitJson(wait, reader));
  }

  /** Whoever waits at home is called by mail: that needs an account. @throws AppError `not_signed_in`, `conflict` */
  async function setWait(req: Request, { sku, on }: { sku: string; on: boolean }): Promise<void> {
    if (!on) return orders.leaveLine(sku, mustBeSomebody(req.person));
    await orders.joinLine({ sku, qty: 1, live: null }, mustBeSignedIn(req.person));
  }

  router.get('/api/waits', async (req, res) => {
    const { person } = req;
    res.set('Cache-Control', 'private, no-store');
    const signedIn = person !== undefined && !person.guest;
    res.json({ signedIn, items: person ? await itemsOf(req, person) : [] });
  });

  // Whoever had to sign in for a tap comes back by GET.
  router.get('/products/:slug/wait', (req, res) => {
    res.redirect(303, `/products/${parseParam(slug, req.params['slug'])}#waiting`);
  });

  router.post('/products/:slug/wait', perPerson, async (req, res) => {
    const product = await catalog.product(parseParam(slug, req.params['slug']));
    const wish = parse(waitForm, req.body);
    if (!product.variants.some(({ sku }) => sku === wish.sku)) throw new AppError('not_found');
    await setWait(req, wish);
    if (wantsJson(req)) {
      return void res.json({ signedIn: true, items: await itemsOf(req, mustBeSomebody(req.person)) });
    }
    res.redirect(303, wish.on ? LIST : `/products/${product.slug}#waiting`);
  });

  router.get(LIST, async (req, res) => {
    const waits = await orders.waitsOf(mustBeSomebody(req.person));
    const sellables = await catalog.sellables(waits.map(({ sku }) => sku));
    await pages.send(req, res, 'orders/waits', {
      title: translator.for(req.lang)('waits.title'),
      noIndex: true,
      waits: waits.map((wait) => presentWait(wait, sellables, readerOf(req))),
    });
  });

  router.post(LIST, perPerson, async (req, res) => {
    const { sku } = parse(waitForm, req.body);
    await setWait(req, { sku, on: false });
    res.redirect(303, LIST);
  });

  return router;
}

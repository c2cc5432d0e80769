import { Router, type Request } from 'express';
import { mustBeSomebody, welcomeGuest } from '../accounts/index.ts';
import { sku } from '../catalog/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { addToCartForm, cartItemCommand, cartLineForm } from './cart.schema.ts';
import type { Carts } from './cart.service.ts';
import { presentCart, presentCartJson } from './cart.view.ts';
import type { Checkout } from './checkout.service.ts';
import type { OrderReader } from './orders.view.ts';

interface Deps {
  carts: Carts;
  checkout: Checkout;
  cooperatives: Cooperatives;
  pages: Pages;
  translator: Translator;
  media: Media;
}

export function cartRoutes(deps: Deps): Router {
  const { carts, checkout, cooperatives, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 10_000, max: 40, by: (req) => req.person?.id });

  function readerOf(req: Request): OrderReader {
    return { lang: req.lang, t: translator.for(req.lang), media: deps.media };
  }

  async function cartJson(req: Request) {
    return presentCartJson(await checkout.cart(mustBeSomebody(req.person)), readerOf(req));
  }

  router.get('/api/cart', welcomeGuest, async (req, res) => void res.json(await cartJson(req)));

  router.post('/api/cart/items', perPerson, welcomeGuest, async (req, res) => {
    await carts.set(mustBeSomebody(req.person), parse(cartItemCommand, req.body));
    res.json(await cartJson(req));
  });

  router.delete('/api/cart/items/:sku', perPerson, welcomeGuest, async (req, res) => {
    await carts.set(mustBeSomebody(req.person), { sku: parseParam(sku, req.params['sku']), qty: 0 });
    res.json(await cartJson(req));
  });

  router.get('/cart', welcomeGuest, async (req, res) => {
    const found = await checkout.cart(mustBeSomebody(req.person));
    const ids = [...new Set(found.flatMap(({ now }) => now?.cooperative ?? []))];
    const names = new Map((await cooperatives.byIds(ids)).map((coop) => [coop._id, coop.name[req.lang]]));
    await pages.send(req, res, 'orders/cart', {
      title: translator.for(req.lang)('cart.title'),
      noIndex: true,
      justAdded: req.query['added'] === '1',
      cart: presentCart(found, names, readerOf(req)),
    });
  });

  router.post('/cart/items', perPerson, welcomeGuest, async (req, res) => {
    await carts.add(mustBeSomebody(req.person), parse(addToCartForm, req.body));
    if (wantsJson(req)) return void res.json(await cartJson(req));
    res.redirect(303, '/cart?added=1');
  });

  router.post('/cart/items/:sku', perPerson, welcomeGuest, async (req, res) => {
    const { qty, remove } = parse(cartLineForm, req.body);
    const wanted = { sku: parseParam(sku, req.params['sku']), qty: remove ? 0 : qty };
    await carts.set(mustBeSomebody(req.person), wanted);
    res.redirect(303, '/cart');
  });

  return router;
}

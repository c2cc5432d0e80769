import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import { slug as productSlug, type Cooperatives } from '../cooperatives/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parseParam, type Pages } from '../platform/http/index.ts';
import type { Media } from '../platform/media/index.ts';
import { formatMoney, money } from '../platform/money.ts';
import type { CardContent, Poster } from '../platform/poster/index.ts';
import { ROOT } from '../platform/root.ts';
import { formatDate, type Translator } from '../platform/views/index.ts';
import { lotCode, type TraceCards } from '../trace/index.ts';
import { liveId } from './live.schema.ts';
import type { Live, Lives } from './live.service.ts';

export interface CardRouteDeps {
  lives: Lives;
  catalog: Catalog;
  cooperatives: Cooperatives;
  traceCards: Pick<TraceCards, 'byCode'>;
  poster: Poster;
  media: Media;
  pages: Pages;
  translator: Translator;
}

/** Pictures to be passed on where a link alone would not be looked at. The same for everybody who reads a language. */
export function cardRoutes(deps: CardRouteDeps): Router {
  const { lives, catalog, pages, translator } = deps;
  const router = Router();
  const perAddress = limit({ windowMs: 60_000, max: 60 });

  router.get('/live/:id/card.png', perAddress, async (req, res) => {
    const live = await lives.byId(parseParam(liveId, req.params['id']));
    const t = translator.for(req.lang);
    await send(req, res, {
      cover: fileOf(live.poster),
      kicker: t(`cards.live.${live.state}`),
      title: live.title[req.lang],
      line: lineOf(live, req),
      brand: t('common.brand'),
      scan: t('cards.scanLive'),
      url: `${pages.origin(req)}/live/${live._id}?from=card`,
    });
  });

  router.get('/products/:slug/card.png', perAddress, async (req, res) => {
    const product = await catalog.product(parseParam(productSlug, req.params['slug']));
    const [coop] = await deps.cooperatives.byIds([product.cooperative]);
    const t = translator.for(req.lang);
    const lowest = Math.min(...product.variants.map(({ priceFen }) => priceFen));
    const price = formatMoney(money(lowest), req.lang);
    await send(req, res, {
      cover: fileOf(product.image),
      kicker: coop?.place.label[req.lang] ?? t('common.brand'),
      title: product.name[req.lang],
      line: coop?.name[req.lang] ?? '',
      price: product.variants.length > 1 ? t('cards.from', { price }) : price,
      brand: t('common.brand'),
      scan: t('cards.scanProduct'),
      url: `${pages.origin(req)}/products/${product.slug}`,
    });
  });

  router.get('/trace/:lot/card.png', perAddress, async (req, res) => {
    const checked = await deps.traceCards.byCode(parseParam(lotCode, req.params['lot']));
    const card = 'card' in checked ? checked.card : undefined;
    // A jar's own code is not passed on, and what is called back is not recommended.
    if (!card || card.unit || card.lot.state !== 'open') throw new AppError('not_found');
    const { product, variant } = card.sellable;
    const t = translator.for(req.lang);
    await send(req, res, {
      cover: fileOf(product.image),
      kicker: t('cards.trace', { lot: card.lot.code }),
      title: product.name[req.lang],
      line: `${variant.name[req.lang]} · ${card.cooperative.place.label[req.lang]}`,
      brand: t('common.brand'),
      scan: t('cards.scanTrace'),
      url: `${pages.origin(req)}/trace/${card.lot.code}`,
    });
  });

  function lineOf(live: Live, req: Request): string {
    if (live.state === 'live') return live.hostName;
    return `${formatDate(live.startsAt, 'weekdayTime', req.lang)} · ${live.hostName}`;
  }

  /** The file behind a picture: a drawing of ours, or the largest size of an uploaded one. */
  function fileOf(reference: string): string {
    const uploaded = /^media:([a-z0-9]+)\./.exec(reference);
    return uploaded
      ? join(deps.media.folder, `${uploaded[1]}-1280.webp`)
      : join(ROOT, 'public/img', reference);
  }

  async function send(req: Request, res: Response, content: CardContent) {
    const { png, etag } = await deps.poster.card(content);
    res.set({ 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=300', ETag: etag });
    if (req.headers['if-none-match'] === etag) return void res.status(304).end();
    res.send(png);
  }

  return router;
}

import { Router, type Request } from 'express';
import { presentCooperativePage, slug, type Cooperatives } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { limit, parse, parseParam, type PageCache, type Pages } from '../platform/http/index.ts';
import { LANGS } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { localDay, type Translator } from '../platform/views/index.ts';
import type { Lang } from '../platform/lang.ts';
import { CATEGORIES, CERTIFICATE_KINDS, SORTS, type ShelfItem } from './catalog.rules.ts';
import { listQuery, type ListQuery } from './catalog.schema.ts';
import type { Catalog } from './catalog.service.ts';
import {
  presentCard,
  presentCardJson,
  presentPostage,
  presentProduct,
  structuredProduct,
  type Availability,
  type Postage,
  type ProductCard,
  type Reader,
} from './catalog.view.ts';

export interface CatalogRouteDeps {
  catalog: Catalog;
  cooperatives: Cooperatives;
  /** How many pieces of each SKU can be ordered now; stock answers, one step up the ladder. */
  availability: (skus: readonly string[]) => Promise<Availability>;
  /** By when one piece of each that is ordered now is sent; orders answer, further up the ladder. */
  promises: (skus: readonly string[]) => Promise<ReadonlyMap<string, { by: string; presale: boolean }>>;
  /** What a cooperative's parcels cost at least, and from which sum on nothing; orders answer as well. */
  postage: (cooperative: string) => Promise<Postage>;
  /** Where one of these was shown in a live and can be watched again; lives know, further up the ladder. */
  clipOf: (skus: readonly string[], lang: Lang) => Promise<{ href: string; title: string } | undefined>;
  pages: Pages;
  pageCache: PageCache;
  translator: Translator;
  media: Media;
  clock: Clock;
}

const LIST_PARAMETERS = ['q', 'cooperative', 'category', 'certificate', 'sort', 'cursor', 'limit'] as const;

export function createCards(deps: Pick<CatalogRouteDeps, 'availability' | 'translator' | 'media' | 'clock'>) {
  return {
    reader: (req: Request): Reader => ({
      lang: req.lang,
      t: deps.translator.for(req.lang),
      media: deps.media,
      today: localDay(deps.clock.now()),
    }),
    async present(items: readonly ShelfItem[], reader: Reader): Promise<ProductCard[]> {
      const skus = items.flatMap(({ variants }) => variants.map(({ sku }) => sku));
      const available = await deps.availability(skus);
      return items.map((item) => presentCard(item, available, reader));
    },
  };
}

/** Pages that are the same for everybody: kept compressed, no session is read for them. */
export function catalogPages(deps: CatalogRouteDeps): Router {
  const { catalog, cooperatives, pages, pageCache } = deps;
  const cards = createCards(deps);
  const router = Router();

  router.get(
    '/products',
    pageCache.page(async (req) => {
      const query = parse(listQuery, req.query);
      const reader = cards.reader(req);
      const found = catalog.list(query);
      const coops = await cooperatives.list();
      return pages.html(req, 'catalog/products', {
        title: query.q ? reader.t('catalog.list.found', { q: query.q }) : reader.t('catalog.list.title'),
        description: reader.t('catalog.list.description'),
        noIndex: query.q !== '' || query.cursor !== undefined,
        query,
        total: found.total,
        products: await cards.present(found.items, reader),
        // Nobody leaves an empty shelf without having seen something.
        instead:
          found.total === 0
            ? await cards.present(catalog.list({ q: '', sort: 'recommended', limit: 4 }).items, reader)
            : undefined,
        nextHref: found.nextCursor ? listHref(query, { cursor: found.nextCursor }) : undefined,
        firstHref: query.cursor ? listHref(query, { cursor: undefined }) : undefined,
        clearHref: query.q ? `/products?q=${encodeURIComponent(query.q)}` : '/products',
        filtered: Boolean(query.cooperative ?? query.category ?? query.certificate),
        filters: {
          categories: CATEGORIES.map((key) => ({
            key,
            label: reader.t(`catalog.category.${key}`),
            active: key === query.category,
            href: listHref(query, {
              category: key === query.category ? undefined : key,
              cursor: undefined,
            }),
          })),
          certificates: CERTIFICATE_KINDS.map((key) => ({
            key,
            label: reader.t(`catalog.certificate.${key}`),
            active: key === query.certificate,
          })),
          cooperatives: coops.map((coop) => ({
            key: coop.slug,
            label: coop.name[req.lang],
            active: coop.slug === query.cooperative,
          })),
          sorts: SORTS.map((key) => ({
            key,
            label: reader.t(`catalog.sort.${key}`),
            active: key === query.sort,
          })),
        },
      });
    }, LIST_PARAMETERS),
  );

  router.get(
    '/products/:slug',
    pageCache.page(async (req) => {
      const reader = cards.reader(req);
      const product = await catalog.product(parseParam(slug, req.params['slug']));
      const [coop] = await cooperatives.byIds([product.cooperative]);
      const skus = product.variants.map(({ sku }) => sku);
      const [available, promises, postage] = await Promise.all([
        deps.availability(skus),
        deps.promises(skus),
        deps.postage(product.cooperative),
      ]);
      const page = presentProduct(product, coop!, { available, promises }, reader);
      const siblings = catalog
        .list({ q: '', sort: 'recommended', limit: 5, cooperative: coop!.slug })
        .items.filter((item) => item.slug !== product.slug);
      return pages.html(req, 'catalog/product', {
        title: page.name,
        description: page.tagline,
        shareImage: page.picture.src,
        structured: [structuredProduct(page, pages.origin(req))],
        product: page,
        postage: presentPostage(postage),
        clip: await deps.clipOf(skus, req.lang),
        siblings: await cards.present(siblings.slice(0, 4), reader),
      });
    }),
  );

  router.get(
    '/cooperatives/:slug',
    pageCache.page(async (req) => {
      const reader = cards.reader(req);
      const coop = await cooperatives.bySlug(parseParam(slug, req.params['slug']));
      const { items } = catalog.list({ q: '', sort: 'recommended', limit: 60, cooperative: coop.slug });
      const page = presentCooperativePage(coop, req.lang);
      return pages.html(req, 'catalog/cooperative', {
        title: page.name,
        description: page.tagline,
        shareImage: deps.media.picture(page.image).src,
        cooperative: { ...page, picture: deps.media.picture(page.image) },
        products: await cards.present(items, reader),
      });
    }),
  );

  return router;
}

/** The same as JSON, and the map for search engines. */
export function catalogApi(deps: CatalogRouteDeps): Router {
  const { catalog, cooperatives, pages } = deps;
  const cards = createCards(deps);
  const router = Router();
  const searching = limit({ windowMs: 10_000, max: 200 });

  router.get('/api/products', searching, async (req, res) => {
    const query = parse(listQuery, req.query);
    const found = catalog.list(query);
    const items = await cards.present(found.items, cards.reader(req));
    res.json({ items: items.map(presentCardJson), nextCursor: found.nextCursor });
  });

  router.get('/api/products/:slug', async (req, res) => {
    const reader = cards.reader(req);
    const product = await catalog.product(parseParam(slug, req.params['slug']));
    const [coop] = await cooperatives.byIds([product.cooperative]);
    const skus = product.variants.map(({ sku }) => sku);
    const [available, promises] = await Promise.all([deps.availability(skus), deps.promises(skus)]);
    const page = presentProduct(product, coop!, { available, promises }, reader);
    res.json({
      slug: page.slug,
      name: page.name,
      tagline: page.tagline,
      story: page.story.join('\n\n'),
      origin: page.origin,
      category: page.category.key,
      season: page.season.months,
      shelfLifeDays: page.shelfLifeDays,
      storage: page.storage,
      image: page.picture.src,
      cooperative: { slug: page.cooperative.slug, name: page.cooperative.name },
      certificates: page.certificates.map(({ kind, label, number, issuer, validFrom, validTo }) => ({
        ...{ kind, label, number, issuer, validFrom, validTo },
      })),
      price: page.price,
      variants: page.variants.map(({ sku, name, netGrams, gtin, price, available: pieces, ships }) => ({
        sku,
        name,
        netGrams,
        gtin,
        price,
        available: pieces,
        shipsBy: ships?.by ?? null,
      })),
    });
  });

  router.get('/sitemap.xml', async (req, res) => {
    const { items } = catalog.list({ q: '', sort: 'recommended', limit: 50_000 });
    const paths = [
      '/',
      '/products',
      '/live',
      ...(await cooperatives.list()).map((coop) => `/cooperatives/${coop.slug}`),
      ...items.map((item) => `/products/${item.slug}`),
    ];
    res.type('application/xml').send(sitemap(pages.origin(req), paths));
  });
  return router;
}

function listHref(query: ListQuery, change: Partial<Record<keyof ListQuery, string | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const key of LIST_PARAMETERS) {
    const value = key in change ? change[key] : query[key];
    const isDefault =
      value === '' || (key === 'sort' && value === 'recommended') || (key === 'limit' && value === 24);
    if (value !== undefined && !isDefault) parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return text ? `/products?${text}` : '/products';
}

/** sitemaps.org 0.9 with the other languages of each page. */
function sitemap(origin: string, paths: string[]): string {
  const urls = paths.map((path) => {
    const address = escapeXml(origin + path);
    const alternates = LANGS.map(
      (lang) => `<xhtml:link rel="alternate" hreflang="${lang}" href="${address}?lang=${lang}"/>`,
    ).join('');
    return `<url><loc>${address}</loc>${alternates}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${urls.join('\n')}
</urlset>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

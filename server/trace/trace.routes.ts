import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { localDay, type Assets, type Translator } from '../platform/views/index.ts';
import type { Cartons } from './cartons.service.ts';
import type { Cards, Checked } from './card.service.ts';
import {
  presentBought,
  presentCard,
  presentCardJson,
  presentVerdict,
  type TraceReader,
} from './card.view.ts';
import type { Pledges } from './pledges.service.ts';
import { REPORT_KINDS } from './reports.rules.ts';
import { reportForm } from './reports.schema.ts';
import type { Reports } from './reports.service.ts';
import type { Roots } from './roots.service.ts';
import type { Signing } from './signing.service.ts';
import { readSscc } from './sscc.rules.ts';
import { rootDay, rootLot, traceCode } from './trace.schema.ts';

export interface TraceRouteDeps {
  traceCards: Cards;
  signing: Signing;
  roots: Roots;
  reports: Reports;
  pages: Pages;
  assets: Assets;
  translator: Translator;
  media: Media;
  clock: Clock;
  /** Title and address of the live that an order was placed in; lives stand up the ladder. */
  liveLink: (id: string, lang: Lang) => Promise<{ title: string; href: string } | undefined>;
  pledges: Pick<Pledges, 'ofLot'>;
  cartons: Pick<Cartons, 'lotOf'>;
  config: Pick<Config, 'regionHeader'>;
}

/** Statuses that say the same as the verdict, for programs that read no further. */
const STATUS: Record<Checked['verdict'], number> = {
  genuine: 200,
  registered: 200,
  revoked: 200,
  altered: 404,
  forged: 404,
  unknown: 404,
  typing: 404,
};

/** What the page for checking without a line is made of. */
const OFFLINE_PAGE = '/trace/check';
const KEYS_PATH = '/.well-known/jwks.json';
const OFFLINE_BUNDLES = ['css/main.css', 'pages/trace-check.ts'] as const;

/** Keys, roots and the page that checks codes without the shop: the same for everybody. */
export function tracePublic(
  deps: Pick<TraceRouteDeps, 'signing' | 'roots' | 'pages' | 'assets' | 'translator'>,
): Router {
  const { signing, roots, pages, assets, translator } = deps;
  const router = Router();
  const looking = limit({ windowMs: 60_000, max: 240 });

  router.get(KEYS_PATH, looking, async (_req, res) => {
    // Anybody's program may check our codes from anybody's page.
    res.set({ 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' });
    res.type('application/jwk-set+json').send(JSON.stringify(await signing.published()));
  });

  router.get('/trace/check-worker.js', (_req, res) => {
    const bundles = OFFLINE_BUNDLES.flatMap((name) => [assets.bundle(name), ...assets.parts(name)]);
    const files = [OFFLINE_PAGE, KEYS_PATH, ...bundles];
    res.set('Cache-Control', 'no-cache').type('text/javascript').send(workerOf(files));
  });

  router.get(OFFLINE_PAGE, looking, async (req, res) => {
    const t = translator.for(req.lang);
    await pages.send(req, res, 'trace/check', {
      layout: 'bare',
      bundleJs: 'pages/trace-check.ts',
      bodyClass: 'site site--bare trace-check-page',
      title: t('traceCheck.title'),
      description: t('traceCheck.description'),
      keysHref: KEYS_PATH,
    });
  });

  router.get('/trace/roots', looking, async (req, res) => {
    const t = translator.for(req.lang);
    await pages.send(req, res, 'trace/roots', {
      title: t('trace.roots.title'),
      description: t('trace.roots.about'),
      roots: (await roots.list()).map(({ day, root, at }) => ({ day, root, at })),
    });
  });

  router.get('/api/trace/roots', looking, async (_req, res) => {
    const items = (await roots.list()).map(({ day, at, root, previous }) => ({ day, at, root, previous }));
    res.set('Access-Control-Allow-Origin', '*').json({ items });
  });

  router.get('/api/trace/roots/:day/:lot', looking, async (req, res) => {
    const proof = await roots.proof(
      parseParam(rootDay, req.params['day']),
      parseParam(rootLot, req.params['lot']),
    );
    const { day, at, root, previous, lot, head, leaf, proof: steps } = proof;
    res
      .set('Access-Control-Allow-Origin', '*')
      .json({ day, at, root, previous, lot, head, leaf, proof: steps });
  });

  return router;
}

/** The page of a code and its JSON. */
export function traceRoutes(deps: TraceRouteDeps): Router {
  const { traceCards, reports, pages, translator } = deps;
  const router = Router({ caseSensitive: true });
  // Nobody types more codes a minute than these; somebody who guesses has 72 bits before them anyway.
  const looking = limit({ windowMs: 60_000, max: 120 });
  const reporting = limit({ windowMs: 600_000, max: 10 });

  const lookerOf = (req: Request) => ({
    address: req.ip ?? '',
    agent: (req.get('user-agent') ?? '').slice(0, 300),
    region: deps.config.regionHeader ? req.get(deps.config.regionHeader)?.slice(0, 60) : undefined,
  });
  const readerOf = (req: Request): TraceReader => ({
    lang: req.lang,
    t: translator.for(req.lang),
    media: deps.media,
    today: localDay(deps.clock.now()),
  });

  async function show(req: Request, res: Response, checked: Checked) {
    const reader = readerOf(req);
    const card = 'card' in checked ? checked.card : undefined;
    const order = card && (await traceCards.boughtBy(card, req.person));
    const live = order?.live ? await deps.liveLink(order.live, req.lang) : undefined;
    const view = card && presentCard(card, reader);
    const pledge = card && (await deps.pledges.ofLot(card.lot.code));
    const name = view?.product.name;
    await pages.send(req, res.status(STATUS[checked.verdict]), 'trace/card', {
      title: name ? reader.t('trace.title', { name }) : reader.t('trace.titleUnknown'),
      description: name ? reader.t('trace.description', { name }) : reader.t('trace.about'),
      ...(view ? { shareImage: view.product.picture.src } : {}),
      noIndex: true,
      verdict: presentVerdict(checked, reader),
      card: view && { ...view, pledgeHref: pledge && `/pledges/${pledge._id}` },
      bought: order && presentBought(order, live),
      reportKinds: REPORT_KINDS.map((key) => ({ key, label: reader.t(`trace.report.kind.${key}`) })),
      reportId: newId(),
      reported: req.query['reported'] === '1',
      carton: req.query['carton'] === '1' && view?.unit === false,
    });
  }

  /** A carton's number leads to its lot and to nothing else; what it cannot be is told apart as for a unit's code. */
  async function showCarton(req: Request, res: Response, text: string) {
    const read = readSscc(text);
    if (!read || 'typing' in read) return show(req, res, { verdict: 'typing', typing: 'carton' });
    const lot = await deps.cartons.lotOf(read.sscc);
    if (lot === undefined) return show(req, res, { verdict: 'unknown', seal: 'unsigned' });
    res.redirect(303, `/trace/${encodeURIComponent(lot)}?carton=1`);
  }

  router.get('/trace', (req, res) => {
    const code = typeof req.query['code'] === 'string' ? req.query['code'].trim().slice(0, 60) : '';
    if (code !== '') return res.redirect(303, `/trace/${encodeURIComponent(code)}`);
    return pages.send(req, res, 'trace/enter', {
      title: translator.for(req.lang)('trace.enter.title'),
      description: translator.for(req.lang)('trace.about'),
    });
  });

  router.get('/trace/:code', looking, async (req, res) => {
    const code = parseParam(traceCode, req.params['code']);
    if (readSscc(code)) return showCarton(req, res, code);
    await show(req, res, await traceCards.byCode(code, lookerOf(req)));
  });

  router.get(['/01/:gtin/10/:lot', '/01/:gtin/10/:lot/21/:serial'], looking, async (req, res) => {
    await show(req, res, await traceCards.byLink(req.originalUrl, lookerOf(req)));
  });

  router.get('/00/:sscc', looking, async (req, res) => {
    await showCarton(req, res, parseParam(traceCode, req.params['sscc']));
  });

  router.get('/api/trace/:code', looking, async (req, res) => {
    const checked = await traceCards.byCode(parseParam(traceCode, req.params['code']), lookerOf(req));
    res.status(STATUS[checked.verdict]).json(presentCardJson(checked, readerOf(req)));
  });

  router.post('/trace/:code/report', reporting, async (req, res) => {
    const code = parseParam(traceCode, req.params['code']);
    await reports.file(parse(reportForm, req.body), await traceCards.about(code));
    res.redirect(303, `/trace/${encodeURIComponent(code)}?reported=1#report`);
  });

  return router;
}

/** Keeps the checking page and the keys for when there is no line; the line, where there is one, comes first. */
function workerOf(files: readonly string[]): string {
  const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
  return `const CACHE = 'trace-check-${version}';
const FILES = ${JSON.stringify(files)};
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('trace-check-') && name !== CACHE;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin || !FILES.includes(pathname)) return;
  event.respondWith(
    fetch(event.request)
      .then(async (response) => {
        if (response.ok) await (await caches.open(CACHE)).put(pathname, response.clone());
        return response;
      })
      .catch(async (error) => {
        const kept = await caches.match(pathname);
        if (kept) return kept;
        throw error;
      }),
  );
});
`;
}

import { Router, type Request } from 'express';
import { mustBeSignedIn } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { csv } from './figures.rules.ts';
import { liveParam, reportTable } from './figures.schema.ts';
import type { Figures, Report } from './figures.service.ts';
import { presentReport, reportRows } from './figures.view.ts';

export interface FigureRouteDeps {
  figures: Figures;
  catalog: Catalog;
  pages: Pages;
  media: Media;
  translator: Translator;
}

export function figureRoutes({ figures, catalog, pages, media, translator }: FigureRouteDeps): Router {
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });

  const reportFor = (req: Request): Promise<Report> =>
    figures.report(parseParam(liveParam, req.params['id']), mustBeSignedIn(req.person));
  const namesFor = ({ products }: Report) => catalog.sellables(products.map(({ sku }) => sku));

  router.get('/host/live/:id/report', perPerson, async (req, res) => {
    const report = await reportFor(req);
    const reader = { lang: req.lang, t: translator.for(req.lang), media };
    const shown = presentReport(report, await namesFor(report), reader);
    await pages.send(req, res, 'figures/report', {
      title: reader.t('figures.title', { live: shown.title }),
      noIndex: true,
      report: shown,
    });
  });

  router.get('/host/live/:id/report.csv', perPerson, async (req, res) => {
    const table = parse(reportTable, req.query['table']);
    const report = await reportFor(req);
    const reader = { lang: req.lang, t: translator.for(req.lang) };
    res.set({
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="live-${report.live._id}-${table}.csv"`,
      'Cache-Control': 'private, no-store',
    });
    res.send(csv(reportRows(report, table, await namesFor(report), reader)));
  });

  return router;
}

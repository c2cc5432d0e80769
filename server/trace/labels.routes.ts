import { Router, type Request, type Response } from 'express';
import { presentDeskFrame } from '../cooperatives/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import { SHEET_NAMES } from './labels.rules.ts';
import { printCommand } from './labels.schema.ts';
import type { Labels } from './labels.service.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import { lotParam } from './recalls.schema.ts';
import { commissionCommand } from './units.schema.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Translator } from '../platform/views/index.ts';

export interface LabelRouteDeps {
  labels: Labels;
  catalog: Catalog;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
}

/** Labels of a lot: giving out codes, printing and printing again. */
export function labelRoutes(deps: LabelRouteDeps): Router {
  const { labels, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  // A sheet of thousands keeps a processor busy for seconds.
  const perPerson = limit({ windowMs: 60_000, max: 30, by: (req) => req.person?.id });
  const lotOf = (req: Request) => parseParam(lotParam, req.params['lot']);

  async function show(req: Request, res: Response, refused?: Refused) {
    const { desks, member } = await side.whoIs(req);
    const { lot, unlabelled, runs } = await labels.ofLot(lotOf(req), member);
    const t = translator.for(req.lang);
    const names = await side.namesOf(runs.flatMap(({ by, prints }) => [by, ...prints.map((one) => one.by)]));
    const found = (await deps.catalog.sellables([lot.sku])).get(lot.sku);
    const current = desks.find(({ _id }) => _id === lot.cooperative)!;
    await pages.send(req, res, 'trace/labels', {
      title: t('labels.title', { lot: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      lot: { code: lot.code, href: `/coop/stock/${lot.code}`, isOpen: lot.state === 'open' },
      product: found?.product.name[req.lang],
      variant: found?.variant.name[req.lang],
      unlabelled,
      most: Math.min(unlabelled, 50_000),
      commandId: newId(),
      refused,
      sheets: SHEET_NAMES.map((key) => ({
        key,
        label: t(`labels.sheet.${key}`),
        chosen: refused?.values['sheet'] === key,
      })),
      runs: runs.map((run) => ({
        id: run.id,
        qty: run.qty,
        at: run.at,
        who: names.get(run.by) ?? '',
        done: run.done,
        next: Math.min(run.next, run.qty),
        allPrinted: run.next > run.qty,
        commandId: newId(),
        refused: refused?.act === run.id ? refused : undefined,
        prints: run.prints.toReversed().map(({ at, by, from, to, codes, sheet, why }) => ({
          ...{ at, why, who: names.get(by) ?? '', sheet: t(`labels.sheet.${sheet}`) },
          what:
            codes.length > 0 ? t('labels.singles', { count: codes.length }) : t('labels.range', { from, to }),
        })),
      })),
    });
  }

  router.get('/coop/labels/:lot', (req, res) => show(req, res));

  router.post('/coop/labels/:lot/codes', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    try {
      await labels.commission(lotOf(req), parse(commissionCommand, req.body), member);
    } catch (error) {
      return show(req, res, side.refusalOf(req, 'codes', error));
    }
    res.redirect(303, `/coop/labels/${lotOf(req)}`);
  });

  router.post('/coop/labels/:lot/print', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    const lot = lotOf(req);
    try {
      const command = parse(printCommand, req.body);
      const job = await labels.print(lot, command, member);
      const name = `${lot}-${job.entry.codes.length > 0 ? 'single' : `${job.entry.from}-${job.entry.to}`}`;
      res.set('Content-Disposition', `attachment; filename="${name}.${command.format}"`);
      res.set('Cache-Control', 'private, no-store');
      if (command.format === 'pdf') {
        res.type('pdf');
        await labels.write(job, res, { lang: req.lang, t: translator.for(req.lang) });
      } else {
        res.type(command.format).send(await labels.picture(job, command.format));
      }
    } catch (error) {
      // Half a file must not look like a whole one.
      if (res.headersSent) return void res.destroy();
      res.removeHeader('Content-Disposition');
      const run = (req.body as { run?: unknown } | undefined)?.run;
      await show(req, res, side.refusalOf(req, typeof run === 'string' ? run : 'print', error));
    }
  });

  return router;
}

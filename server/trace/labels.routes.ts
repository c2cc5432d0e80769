import { Router, type Request, type Response } from 'express';
import { presentDeskFrame } from '../cooperatives/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import { grouped } from './codes.rules.ts';
import { PRINT_FORMATS, SHEET_NAMES } from './labels.rules.ts';
import { labelsQuery, pictureFile, printCommand, printParams } from './labels.schema.ts';
import type { Labels, PrintJob } from './labels.service.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import { lotParam } from './recalls.schema.ts';
import { commissionCommand, withdrawCommand } from './units.schema.ts';
import type { Withdrawals } from './withdrawals.service.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Translator } from '../platform/views/index.ts';

export interface LabelRouteDeps {
  labels: Labels;
  withdrawals: Withdrawals;
  catalog: Catalog;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
}

const PRINT = '/coop/labels/:lot/prints/:run/:ref';

const printPath = ({ lot, run, entry }: PrintJob) => `/coop/labels/${lot.code}/prints/${run.id}/${entry.ref}`;

const isPicture = ({ entry }: PrintJob) => entry.format === 'svg' || entry.format === 'png';

function fileOf(res: Response, name: string, format: string): Response {
  res.set('Content-Disposition', `attachment; filename="${name}.${format}"`);
  return res.set('Cache-Control', 'private, no-store').type(format);
}

/** Labels of a lot: giving out codes, printing and printing again. */
export function labelRoutes(deps: LabelRouteDeps): Router {
  const { labels, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  // A sheet of thousands keeps a processor busy for seconds.
  const drawing = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });
  const perPerson = limit({ windowMs: 60_000, max: 120, by: (req) => req.person?.id });
  // Whoever saves sheets one by one clicks fast.
  const handingOut = limit({ windowMs: 60_000, max: 120, by: (req) => req.person?.id });
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
      done: grouped(parse(labelsQuery, req.query).done),
      sheets: SHEET_NAMES.map((key) => ({
        key,
        label: t(`labels.sheet.${key}`),
        chosen: refused?.values['sheet'] === key,
      })),
      formats: PRINT_FORMATS.map((key) => ({
        ...{ key, label: t(`labels.as.${key}`), hint: t(`labels.asHint.${key}`) },
        chosen: (refused?.values['format'] ?? 'pdf') === key,
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
        prints: run.prints.toReversed().map(({ at, by, from, to, codes, sheet, format = 'pdf', why }) => ({
          ...{ at, why, who: names.get(by) ?? '', sheet: t(`labels.sheet.${sheet}`) },
          format: t(`labels.as.${format}`),
          what:
            codes.length > 0 ? t('labels.singles', { count: codes.length }) : t('labels.range', { from, to }),
        })),
      })),
    });
  }

  const readerOf = (req: Request) => ({ lang: req.lang, t: translator.for(req.lang) });

  /** The whole print as one file. */
  async function handOut(req: Request, res: Response, job: PrintJob) {
    const { format = 'pdf', codes, from, to } = job.entry;
    const reader = readerOf(req);
    fileOf(res, `${job.lot.code}-${codes.length > 0 ? 'single' : `${from}-${to}`}`, format);
    if (format === 'csv') return labels.list(job, res, reader);
    if (format === 'pdf') return labels.write(job, res, reader);
    // One code alone is for somebody's own design.
    const picture = codes.length === 1 ? labels.picture(job, format) : undefined;
    res.send(await (picture ?? labels.sheetPicture(job, { number: 1, format }, reader)));
  }

  async function jobOf(req: Request) {
    const { desks, member } = await side.whoIs(req);
    return { desks, job: await labels.printed(lotOf(req), parseParam(printParams, req.params), member) };
  }

  router.get('/coop/labels/:lot', (req, res) => show(req, res));

  router.get(PRINT, async (req, res) => {
    const { desks, job } = await jobOf(req);
    const { lot, entry } = job;
    const t = translator.for(req.lang);
    const { variant, product } = (await deps.catalog.sellables([lot.sku])).get(lot.sku) ?? {};
    const current = desks.find(({ _id }) => _id === product?.cooperative)!;
    const format = entry.format === 'png' ? 'png' : 'svg';
    await pages.send(req, res, 'trace/label-sheets', {
      title: t('labels.title', { lot: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      lot: { code: lot.code, href: `/coop/labels/${lot.code}` },
      ...{ product: product?.name[req.lang], variant: variant?.name[req.lang] },
      sheet: t(`labels.sheet.${entry.sheet}`),
      what:
        entry.codes.length > 0
          ? t('labels.singles', { count: entry.codes.length })
          : t('labels.range', { from: entry.from, to: entry.to }),
      format: format.toUpperCase(),
      sheets: labels.sheetsOf(job).map(({ number, from, to }) => ({
        ...{ number, href: `${printPath(job)}/${number}.${format}` },
        label: t('labels.range', { from, to }),
      })),
    });
  });

  router.get(`${PRINT}/:file`, handingOut, async (req, res) => {
    const { job } = await jobOf(req);
    const { number, format } = parseParam(pictureFile, req.params['file']);
    const picture = await labels.sheetPicture(job, { number, format }, readerOf(req));
    fileOf(res, `${job.lot.code}-${String(number).padStart(2, '0')}`, format).send(picture);
  });

  router.post('/coop/labels/:lot/codes', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    try {
      await labels.commission(lotOf(req), parse(commissionCommand, req.body), member);
    } catch (error) {
      return show(req, res, side.refusalOf(req, 'codes', error));
    }
    res.redirect(303, `/coop/labels/${lotOf(req)}`);
  });

  router.post('/coop/labels/:lot/withdraw', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    try {
      const { _id } = await deps.withdrawals.withdraw(lotOf(req), parse(withdrawCommand, req.body), member);
      res.redirect(303, `/coop/labels/${lotOf(req)}?done=${_id}#one`);
    } catch (error) {
      await show(req, res, side.refusalOf(req, 'withdraw', error));
    }
  });

  router.post('/coop/labels/:lot/print', drawing, async (req, res) => {
    const { member } = await side.whoIs(req);
    const lot = lotOf(req);
    try {
      const job = await labels.print(lot, parse(printCommand, req.body), member);
      const pages = isPicture(job) ? labels.sheetsOf(job).length : 1;
      if (pages > 1) return res.redirect(303, printPath(job));
      await handOut(req, res, job);
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

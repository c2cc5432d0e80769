import { Router, type Request, type Response } from 'express';
import type { Catalog, Claims } from '../catalog/index.ts';
import { chosenDesk, presentDeskFrame, type Cooperatives } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import { formWithPaper, type Media } from '../platform/media/index.ts';
import { localDay, type Translator } from '../platform/views/index.ts';
import type { Lots } from '../stock/index.ts';
import { presentRoad } from './card.view.ts';
import {
  deskQuery,
  finishForm,
  growersForm,
  importForm,
  stepForm,
  transformForm,
  wrongForm,
} from './desk.schema.ts';
import { presentDeskLots, presentGrower, presentReport } from './desk.view.ts';
import { placeUri, STEP_NAMES } from './epcis.rules.ts';
import type { Events } from './events.service.ts';
import type { Exchange } from './exchange.service.ts';
import type { Growers } from './growers.service.ts';
import { reportId } from './reports.schema.ts';
import type { Reports } from './reports.service.ts';
import { rootLot } from './trace.schema.ts';
import type { Units } from './units.service.ts';

export interface TraceDeskDeps {
  events: Events;
  exchange: Exchange;
  claims: Pick<Claims, 'refuse'>;
  growers: Growers;
  units: Units;
  reports: Reports;
  lots: Lots;
  catalog: Catalog;
  cooperatives: Cooperatives;
  pages: Pages;
  translator: Translator;
  media: Media;
  clock: Clock;
}

/** What a form was refused for, and what was in it. */
interface Refused {
  form: string;
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** The identity cards at a cooperative's desk: roads, growers, and what people have reported. */
export function traceDeskRoutes(deps: TraceDeskDeps): Router {
  const { events, exchange, growers, units, reports, lots, cooperatives, pages, translator } = deps;
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 300, by: (req) => req.person?.id });

  async function whoIs(req: Request) {
    const desks = await cooperatives.desksOf(req.person);
    return { desks, member: { id: req.person!.id, cooperatives: desks.map(({ _id }) => _id) } };
  }

  /** A lot of one of the reader's own desks. @throws AppError `not_found` */
  async function ownLot(req: Request) {
    const { desks, member } = await whoIs(req);
    const lot = await lots.own(parseParam(rootLot, req.params['lot']), member);
    return { desks, lot, by: member.id, current: desks.find(({ _id }) => _id === lot.cooperative)! };
  }

  function refusalOf(req: Request, form: string, thrown: unknown): Refused {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status === 404) throw error;
    const t = translator.for(req.lang);
    req.res?.status(error.status);
    return {
      form,
      error: t(`errors.${error.code}`),
      fields: fieldMessages(error.fields ?? {}, t, error.values),
      values: (req.body ?? {}) as Record<string, unknown>,
    };
  }

  async function showLot(req: Request, res: Response, refused?: Refused) {
    const { desks, lot, current } = await ownLot(req);
    const t = translator.for(req.lang);
    const [road, all, chosen, sellables] = await Promise.all([
      events.ofLot(lot._id),
      growers.ofCooperative(lot.cooperative),
      units.growersOf(lot._id),
      deps.catalog.sellables([lot.sku]),
    ]);
    const today = localDay(deps.clock.now());
    const typed = (form: string) => (refused?.form === form ? refused.values : undefined);
    await pages.send(req, res, 'trace/desk-lot', {
      title: t('traceDesk.lot.title', { code: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'trace', lang: req.lang }),
      lot: { code: lot.code, name: sellables.get(lot.sku)?.product.name[req.lang] ?? lot.sku },
      road: presentRoad(road, { lang: req.lang, t, media: deps.media, today }).reverse(),
      steps: STEP_NAMES.map((key) => ({
        ...{ key, label: t(`trace.step.${key}`) },
        chosen: key === typed('steps')?.['step'],
      })),
      ...{ step: typed('steps'), transform: typed('transform'), import: typed('import') },
      growers: all.map((one) => ({ ...presentGrower(one, req.lang, t), chosen: chosen.includes(one._id) })),
      commandId: newId(),
      today,
      refused,
    });
  }

  router.get('/coop/trace', async (req, res) => {
    const { desks } = await whoIs(req);
    const current = chosenDesk(desks, parse(deskQuery, req.query).coop);
    const t = translator.for(req.lang);
    const [found, products, all, filed] = await Promise.all([
      lots.ofCooperative(current._id, 'all'),
      deps.catalog.ofCooperative(current._id),
      growers.ofCooperative(current._id),
      reports.ofCooperative(current._id),
    ]);
    await pages.send(req, res, 'trace/desk', {
      title: t('traceDesk.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'trace', lang: req.lang }),
      lots: presentDeskLots(found, products, req.lang),
      growers: all.map((one) => presentGrower(one, req.lang, t)),
      reports: filed.map((one) => presentReport(one, t)),
      newGrowerHref: `/coop/trace/growers/new?coop=${current.slug}`,
    });
  });

  router.post('/coop/trace/reports/:id/done', perPerson, async (req, res) => {
    const { desks, member } = await whoIs(req);
    const current = chosenDesk(desks, parse(finishForm, req.body).coop);
    await reports.finish(parseParam(reportId, req.params['id']), current._id, member.id);
    res.redirect(303, `/coop/trace?coop=${current.slug}#reports`);
  });

  router.get('/coop/trace/:lot', (req, res) => showLot(req, res));

  router.get('/coop/trace/:lot/epcis.jsonld', async (req, res) => {
    const { lot } = await ownLot(req);
    res.set('Content-Disposition', `attachment; filename="${lot.code}.jsonld"`).type('application/ld+json');
    res.send(JSON.stringify(await exchange.documentOf(lot), null, 2));
  });

  type Own = Awaited<ReturnType<typeof ownLot>>;
  const noon = (day: string) => new Date(`${day}T12:00:00+08:00`);

  async function notInFuture(day: string) {
    if (day > localDay(deps.clock.now())) throw new AppError('invalid', { fields: { day: 'in_future' } });
  }

  /** What strangers read of a lot: covered for it on the day that it is about. */
  async function mustBeProven({ lot }: Own, fields: Record<string, string>, day?: string) {
    await deps.claims.refuse({ fields, skus: [lot.sku], lots: [lot.code], day });
  }

  async function piecesOf({ lot }: Own) {
    const gtin = (await deps.catalog.sellables([lot.sku])).get(lot.sku)?.variant.gtin ?? '';
    return [{ gtin, lot: lot.code, qty: lot.received }];
  }

  const acts: Record<string, (req: Request, res: Response, own: Own) => Promise<void>> = {
    async steps(req, res, own) {
      const picture = await formWithPaper(req, res, 'picture');
      const { commandId, step, day, note } = parse(stepForm, req.body);
      await notInFuture(day);
      await mustBeProven(own, { note }, day);
      const pictures = picture ? [await deps.media.store(picture)] : [];
      const what = { step, note, pictures, pieces: await piecesOf(own), place: placeUri(own.current.slug) };
      await events.recordByHand(own.lot._id, commandId, { ...what, at: noon(day), by: own.by });
    },
    async transform(req, _res, own) {
      const { commandId, day, raw, kilograms, note } = parse(transformForm, req.body);
      await notInFuture(day);
      await mustBeProven(own, { raw, note }, day);
      const epcClass = `urn:x-shanxiang:raw:${encodeURIComponent(raw)}`;
      const inputs = [{ epcClass, qty: kilograms, uom: 'KGM' }];
      const what = { step: 'transformed' as const, note, inputs, pieces: await piecesOf(own) };
      const place = placeUri(own.current.slug);
      await events.recordByHand(own.lot._id, commandId, { ...what, place, at: noon(day), by: own.by });
    },
    async wrong(req, _res, own) {
      const command = parse(wrongForm, req.body);
      await mustBeProven(own, { note: command.note });
      await events.declareWrong(own.lot._id, { ...command, by: own.by });
    },
    async growers(req, _res, own) {
      const { grower } = parse(growersForm, req.body);
      const known = await growers.byIds(grower);
      if (!known.every(({ cooperative }) => cooperative === own.lot.cooperative))
        throw new AppError('not_found');
      await units.setGrowers(
        own.lot._id,
        known.map(({ _id }) => _id),
      );
    },
    async import(req, _res, own) {
      await exchange.importInto(own.lot, documentIn(parse(importForm, req.body).document), own.by);
    },
    /** The road of a lot of any size is more than a form's field takes. */
    async 'import-file'(req, res, own) {
      const file = await formWithPaper(req, res, 'document');
      if (!file) throw new AppError('invalid', { fields: { document: 'required' } });
      await exchange.importInto(own.lot, documentIn(file.toString('utf8')), own.by);
    },
  };
  for (const [act, run] of Object.entries(acts)) {
    router.post(`/coop/trace/:lot/${act}`, perPerson, async (req, res) => {
      const own = await ownLot(req);
      try {
        await run(req, res, own);
      } catch (error) {
        return showLot(req, res, refusalOf(req, act, error));
      }
      res.redirect(303, `/coop/trace/${own.lot.code}`);
    });
  }

  return router;
}

/** @throws AppError `invalid` for what is no JSON */
function documentIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('invalid', { fields: { document: 'not_epcis' }, cause });
  }
}

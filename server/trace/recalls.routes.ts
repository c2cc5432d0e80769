import { Router, type Request, type Response } from 'express';
import { mustBeSomebody, type Accounts } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { chosenDesk, presentDeskFrame, type Cooperatives } from '../cooperatives/index.ts';
import { isBuyer, type Orders } from '../orders/index.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Lang } from '../platform/lang.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Lots } from '../stock/index.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import {
  endRecall,
  lotParam,
  nothing,
  recallId,
  recallQuery,
  recallRefund,
  recallsQuery,
  startRecall,
} from './recalls.schema.ts';
import type { Recalls } from './recalls.service.ts';
import { presentCase, presentRecall, presentRecallRow, type Showing } from './recalls.view.ts';
import { orderParam } from './scanning.schema.ts';

export interface RecallRouteDeps {
  recalls: Recalls;
  orders: Orders;
  lots: Lots;
  catalog: Catalog;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
  /** When a lot was on the table of a live; lives stand up the ladder. */
  shownInLives: (lot: string, lang: Lang) => Promise<Showing[]>;
}

const CASES_PER_PAGE = 50;

/** Recalls: the desk that calls a lot back, and the buyer who takes the money back. */
export function recallRoutes(deps: RecallRouteDeps): Router {
  const { recalls, orders, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });
  const idOf = (req: Request) => parseParam(recallId, req.params['id']);

  async function namesOf(skus: readonly string[], lang: Lang) {
    const found = await deps.catalog.sellables(skus);
    return new Map(
      [...found].map(([sku, { product, variant }]) => [sku, `${product.name[lang]} ${variant.name[lang]}`]),
    );
  }

  async function showStart(req: Request, res: Response, refused?: Refused) {
    const { desks, member } = await side.whoIs(req);
    const lot = await deps.lots.own(parseParam(lotParam, req.params['lot']), member);
    const current = desks.find(({ _id }) => _id === lot.cooperative)!;
    const t = translator.for(req.lang);
    await pages.send(req, res, 'trace/recall-start', {
      title: t('recalls.startTitle', { lot: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      lot: {
        code: lot.code,
        href: `/coop/stock/${lot.code}`,
        isRecalled: lot.state === 'recalled',
        sold: lot.sold,
      },
      product: (await namesOf([lot.sku], req.lang)).get(lot.sku),
      before: (await recalls.ofLot(lot.code)).map((one) => presentRecallRow(one, new Map(), t)),
      commandId: newId(),
      refused,
    });
  }

  async function showOne(req: Request, res: Response, refused?: Refused) {
    const { desks, member } = await side.whoIs(req);
    const recall = await recalls.own(idOf(req), member);
    const { after } = parse(recallQuery, req.query);
    const [sums, cases] = await Promise.all([
      recalls.sums(recall._id),
      recalls.cases(recall._id, after, CASES_PER_PAGE + 1),
    ]);
    const page = cases.slice(0, CASES_PER_PAGE);
    const [found, names, people, showings] = await Promise.all([
      orders.byCodes(page.map(({ order }) => order)),
      namesOf([recall.sku], req.lang),
      side.namesOf([recall.startedBy, ...(recall.endedBy ? [recall.endedBy] : [])]),
      deps.shownInLives(recall.code, req.lang),
    ]);
    const byCode = new Map(found.map((order) => [order._id, order]));
    const t = translator.for(req.lang);
    const current = desks.find(({ _id }) => _id === recall.cooperative)!;
    const href = `/coop/recalls/${recall._id}`;
    const about = { lot: recall.lot, cooperative: recall.cooperative };
    await pages.send(req, res, 'trace/recall', {
      title: t('recalls.oneTitle', { lot: recall.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      recall: presentRecall(recall, { names, people }, t),
      sums: [
        { label: t('recalls.sum.orders'), value: sums.orders },
        { label: t('recalls.sum.told'), value: sums.reached },
        { label: t('recalls.sum.phone'), value: sums.told - sums.reached },
        { label: t('recalls.sum.refunded'), value: sums.asked },
      ],
      cases: page.map((one) =>
        presentCase(one, { order: byCode.get(one.order), ...about }, { lang: req.lang, t }),
      ),
      showings,
      firstHref: after ? href : undefined,
      nextHref: cases.length > CASES_PER_PAGE ? `${href}?after=${page.at(-1)!.order}` : undefined,
      refused,
    });
  }

  router.get('/coop/recalls', async (req, res) => {
    const { desks } = await side.whoIs(req);
    const current = chosenDesk(desks, parse(recallsQuery, req.query).coop);
    const found = await recalls.ofCooperative(current._id);
    const names = await namesOf(
      found.map(({ sku }) => sku),
      req.lang,
    );
    const t = translator.for(req.lang);
    await pages.send(req, res, 'trace/recalls', {
      title: t('recalls.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      recalls: found.map((recall) => presentRecallRow(recall, names, t)),
    });
  });

  router.get('/coop/recalls/new/:lot', (req, res) => showStart(req, res));

  router.post('/coop/recalls/new/:lot', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    try {
      const lot = parseParam(lotParam, req.params['lot']);
      const { _id } = await recalls.start(lot, parse(startRecall, req.body), member);
      res.redirect(303, `/coop/recalls/${_id}`);
    } catch (error) {
      await showStart(req, res, side.refusalOf(req, 'start', error));
    }
  });

  router.get('/coop/recalls/:id', (req, res) => showOne(req, res));

  const acts: Record<string, (req: Request) => Promise<void>> = {
    end: async (req) => {
      const { member } = await side.whoIs(req);
      await recalls.end(idOf(req), parse(endRecall, req.body), member);
    },
    'refund-all': async (req) => {
      const { member } = await side.whoIs(req);
      parse(nothing, req.body);
      await recalls.refundEverybody(idOf(req), member);
    },
    refund: async (req) => {
      const { member } = await side.whoIs(req);
      await recalls.refund(idOf(req), parse(recallRefund, req.body).order, member);
    },
  };
  for (const [act, run] of Object.entries(acts)) {
    router.post(`/coop/recalls/:id/${act}`, perPerson, async (req, res) => {
      try {
        await run(req);
      } catch (error) {
        return showOne(req, res, side.refusalOf(req, act, error));
      }
      res.redirect(303, `/coop/recalls/${idOf(req)}`);
    });
  }

  router.post('/orders/:code/recalls/:id/refund', perPerson, async (req, res) => {
    const person = mustBeSomebody(req.person);
    const code = parseParam(orderParam, req.params['code']);
    parse(nothing, req.body);
    await recalls.takeMoneyBack(idOf(req), code, {
      id: person.id,
      mine: (order) => isBuyer(order, person),
    });
    res.redirect(303, `/orders/${code}`);
  });

  return router;
}

import { Router, type Request, type Response } from 'express';
import type { Accounts } from '../accounts/index.ts';
import { presentDeskFrame, type Cooperatives } from '../cooperatives/index.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Translator } from '../platform/views/index.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import { issuePledge, pledgeCode, pledgeQuery, withdrawPledge } from './pledges.schema.ts';
import type { Pledges } from './pledges.service.ts';
import { presentBases, presentPledge } from './pledges.view.ts';
import { lotParam } from './recalls.schema.ts';

export interface PledgeRouteDeps {
  pledges: Pledges;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
}

/** The pledge of conformity: anybody reads and prints it, the cooperative gives and withdraws it. */
export function pledgeRoutes(deps: PledgeRouteDeps): Router {
  const { pledges, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });
  const lotOf = (req: Request) => parseParam(lotParam, req.params['lot']);

  router.get('/pledges/:code', async (req, res) => {
    const { size } = parse(pledgeQuery, req.query);
    const pledge = await pledges.byId(parseParam(pledgeCode, req.params['code']));
    const t = translator.for(req.lang);
    const { quantity, ...paper } = presentPledge(pledge, req.lang, t);
    // The paper that goes with the goods names it; beside what is left, it would tell strangers what was sold.
    const mine = req.person ? await deps.cooperatives.ofPerson(req.person) : [];
    const isOurs = mine.some(({ _id }) => _id === pledge.cooperative);
    await pages.send(req, res, 'trace/pledge', {
      layout: 'bare',
      bodyClass: 'pledge-page',
      title: `${t('pledges.title')} ${pledge.code}`,
      noIndex: true,
      pledge: { ...paper, ...(isOurs ? { quantity } : {}) },
      size,
      sizes: (['a5', 'a6'] as const).map((key) => ({
        label: key.toUpperCase(),
        active: key === size,
        href: `/pledges/${pledge._id}?size=${key}`,
      })),
    });
  });

  async function show(req: Request, res: Response, refused?: Refused) {
    const { desks, member } = await side.whoIs(req);
    const { lot, product, variant, values } = await pledges.suggestion(lotOf(req), member);
    const current = desks.find(({ _id }) => _id === lot.cooperative)!;
    const t = translator.for(req.lang);
    const all = await pledges.allOfLot(lot.code);
    await pages.send(req, res, 'trace/pledges', {
      title: t('pledges.ofLot', { lot: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      lot: { code: lot.code, href: `/coop/stock/${lot.code}` },
      product: product[req.lang],
      variant: variant[req.lang],
      pledges: all.map((pledge) => presentPledge(pledge, req.lang, t)),
      values: { ...values, contact: all[0]?.contact, signer: all[0]?.signer, ...refused?.values },
      bases: presentBases(refused ? [refused.values['bases'] ?? []].flat() : ['own_test'], t),
      commandId: newId(),
      refused,
    });
  }

  router.get('/coop/pledges/:lot', (req, res) => show(req, res));

  router.post('/coop/pledges/:lot', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    try {
      await pledges.issue(lotOf(req), parse(issuePledge, req.body), member);
    } catch (error) {
      return show(req, res, side.refusalOf(req, 'issue', error));
    }
    res.redirect(303, `/coop/pledges/${lotOf(req)}`);
  });

  router.post('/coop/pledges/:lot/:code/withdraw', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    try {
      const code = parseParam(pledgeCode, req.params['code']);
      await pledges.withdraw(code, parse(withdrawPledge, req.body).why, member);
    } catch (error) {
      return show(req, res, side.refusalOf(req, 'withdraw', error));
    }
    res.redirect(303, `/coop/pledges/${lotOf(req)}`);
  });

  return router;
}

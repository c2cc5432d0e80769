import { Router } from 'express';
import type { Cooperatives } from '../cooperatives/index.ts';
import { visibleOrder, type Orders } from '../orders/index.ts';
import { AppError } from '../platform/errors.ts';
import { wantsJson, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Translator } from '../platform/views/index.ts';
import type { EvidenceKeeper } from './evidence.service.ts';
import { presentEvidence } from './evidence.view.ts';

export interface EvidenceRouteDeps {
  evidence: EvidenceKeeper;
  orders: Orders;
  cooperatives: Cooperatives;
  pages: Pages;
  translator: Translator;
  liveLink: (live: string, lang: Lang) => Promise<{ id: string; title: string; href: string } | undefined>;
}

/** What was on the screen when an order was placed: for its buyer and staff; to all others it does not exist. */
export function evidenceRoutes(deps: EvidenceRouteDeps): Router {
  const router = Router();

  router.get('/orders/:code/evidence', async (req, res) => {
    const { order } = await visibleOrder(deps, req);
    if (!order.live) throw new AppError('not_found');
    // An order of this very second may be quicker than its evidence.
    if (!(await deps.evidence.byOrder(order._id))) await deps.evidence.write([order]);
    const found = await deps.evidence.read(order._id);
    if (!found) throw new AppError('not_found');
    const t = deps.translator.for(req.lang);
    const live = await deps.liveLink(order.live, req.lang);
    const shown = presentEvidence(found, live, { lang: req.lang, t });
    if (wantsJson(req)) return void res.json(shown);
    await deps.pages.send(req, res, 'live/evidence', {
      title: t('evidence.title', { code: order._id }),
      noIndex: true,
      evidence: shown,
    });
  });

  return router;
}

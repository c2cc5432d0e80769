import { Router } from 'express';
import { mustBeSignedIn, type Person } from '../../accounts/index.ts';
import { AppError } from '../../platform/errors.ts';
import { allowEncoding, allowMedia, limit } from '../../platform/http/index.ts';
import { originsOf } from './handover.rules.ts';
import type { Handovers } from './handover.service.ts';

interface Deps {
  handovers: Pick<Handovers, 'publishingOf' | 'whipOf'>;
  /** @throws AppError `not_found`, `forbidden` for whoever's turn it is not, `live_not_running` when it is over */
  mayPublish: (live: string, person: Person) => Promise<void>;
}

const LIVE = /^[0-9A-Za-z-]{3,64}$/;

/** Before the console's route: the one page that may run an encoder, and reach where its live is published to. */
export function studioSources({ handovers }: Pick<Deps, 'handovers'>): Router {
  const router = Router();
  router.get('/host/live/:id', async (req, res, next) => {
    allowEncoding(res);
    const { id } = req.params;
    const whip = LIVE.test(id) ? await handovers.whipOf(id) : undefined;
    if (whip) allowMedia(res, originsOf([{ url: whip }]));
    next();
  });
  return router;
}

/** Where the studio of the console sends its pictures, asked each time it goes on air. */
export function publishingRoutes({ handovers, mayPublish }: Deps): Router {
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });
  router.post('/api/lives/:id/publishing', perPerson, async (req, res) => {
    const person = mustBeSignedIn(req.person);
    const { id } = req.params;
    if (typeof id !== 'string' || !LIVE.test(id)) throw new AppError('not_found');
    await mayPublish(id, person);
    const whip = await handovers.publishingOf(id);
    res.set('Cache-Control', 'no-store');
    res.json(whip ? { at: 'whip', url: whip.url, token: whip.token } : { at: 'here' });
  });
  return router;
}

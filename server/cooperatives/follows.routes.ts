import { Router } from 'express';
import { limit, parse, parseParam, wantsJson } from '../platform/http/index.ts';
import { slug } from './cooperatives.schema.ts';
import type { Cooperatives } from './cooperatives.service.ts';
import { followForm } from './follows.schema.ts';
import type { Followed } from './follows.rules.ts';
import type { Follows } from './follows.service.ts';

interface Deps {
  cooperatives: Cooperatives;
  follows: Follows;
}

export function followRoutes({ cooperatives, follows }: Deps): Router {
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 40, by: (req) => req.person?.id });

  async function followed(wanted: unknown): Promise<Followed> {
    const coop = await cooperatives.bySlug(parseParam(slug, wanted));
    return { kind: 'cooperative', target: coop._id };
  }

  /** The page of a cooperative is the same for everybody; what is one's own is asked for by its script. */
  router.get('/cooperatives/:slug/follow', async (req, res) => {
    const target = await followed(req.params['slug']);
    // Somebody who had to sign in first comes back to here.
    if (!wantsJson(req)) return void res.redirect(303, pageOf(req.params['slug']));
    const [following, count] = await Promise.all([
      follows.isFollower(target, req.person),
      follows.count(target),
    ]);
    res.set('Cache-Control', 'private, no-store').json({ following, count });
  });

  router.post('/cooperatives/:slug/follow', perPerson, async (req, res) => {
    const target = await followed(req.params['slug']);
    const { on } = parse(followForm, req.body);
    await follows.set(target, on, req.person);
    if (wantsJson(req)) return void res.json({ following: on, count: await follows.count(target) });
    res.redirect(303, pageOf(req.params['slug']));
  });

  return router;
}

function pageOf(wanted: unknown): string {
  return `/cooperatives/${parseParam(slug, wanted)}`;
}

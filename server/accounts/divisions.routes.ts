import { Router } from 'express';
import { parseParam } from '../platform/http/index.ts';
import { province } from './addresses.schema.ts';
import { citiesOf } from './divisions.rules.ts';

/** What forms offer once a province is chosen: a few kilobytes, instead of the whole country's 45. */
export function divisionRoutes(): Router {
  const router = Router();
  router.get('/api/divisions/:province', (req, res) => {
    const chosen = parseParam(province, req.params['province']);
    res.set('Cache-Control', 'public, max-age=86400');
    res.json({
      province: chosen,
      cities: citiesOf(chosen).map(({ name, counties, isOpen }) => ({ name, counties, isOpen })),
    });
  });
  return router;
}

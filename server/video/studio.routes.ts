import { Router } from 'express';
import { allowEncoding } from '../platform/http/index.ts';

/** Before the console's route: the one page that may run an encoder. */
export function studioSources(): Router {
  const router = Router();
  router.get('/host/live/:id', (_req, res, next) => {
    allowEncoding(res);
    next();
  });
  return router;
}

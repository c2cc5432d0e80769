import { Router } from 'express';
import { allowMedia } from '../../platform/http/index.ts';
import { originsOf } from './handover.rules.ts';
import type { Handovers } from './handover.service.ts';

/** Lets the room's page reach the media server of its own live, and no other page anything. Before the room's route. */
export function roomSources({ handovers }: { handovers: Pick<Handovers, 'playOf'> }): Router {
  const router = Router();
  router.get('/live/:id', async (req, res, next) => {
    const { id } = req.params;
    const origins = /^[0-9A-Za-z-]{3,64}$/.test(id) ? originsOf(await handovers.playOf(id)) : [];
    if (origins.length > 0) allowMedia(res, origins);
    next();
  });
  return router;
}

import { Router } from 'express';
import { allowMedia } from '../../platform/http/index.ts';
import { originsOf } from './handover.rules.ts';
import type { Handovers } from './handover.service.ts';

/** A room that is opened a thousand times in a second looks once. */
const KNOWN_MS = 1_000;
const MAX_KNOWN = 1_000;
const LIVE = /^[0-9A-Za-z-]{3,64}$/;

/**
 * Lets the room's page, and the small player's in its frame, reach the media server of their own live, and no other page
 * anything. Before their routes.
 */
export function roomSources({ handovers }: { handovers: Pick<Handovers, 'playOf'> }): Router {
  const known = new Map<string, { until: number; origins: Promise<string[]> }>();
  const router = Router();

  function originsFor(live: string): Promise<string[]> {
    const now = Date.now();
    const found = known.get(live);
    if (found && found.until > now) return found.origins;
    if (known.size >= MAX_KNOWN) known.clear();
    const origins = handovers.playOf(live).then(originsOf);
    known.set(live, { until: now + KNOWN_MS, origins });
    origins.catch(() => known.delete(live));
    return origins;
  }

  router.get(['/live/:id', '/live/:id/mini'], async (req, res, next) => {
    const id = String(req.params['id']);
    const origins = LIVE.test(id) ? await originsFor(id) : [];
    if (origins.length > 0) allowMedia(res, origins);
    next();
  });
  return router;
}

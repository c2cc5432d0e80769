import { Router } from 'express';
import { allowFraming, parseParam, type Pages } from '../platform/http/index.ts';
import { AppError } from '../platform/errors.ts';
import type { Handovers } from '../video/index.ts';
import type { Bans } from './bans.service.ts';
import type { Devices } from './device.service.ts';
import { liveId } from './live.schema.ts';
import type { Lives } from './live.service.ts';

export interface MiniRouteDeps {
  lives: Lives;
  bans: Bans;
  devices: Devices;
  handovers: Pick<Handovers, 'playOf'>;
  pages: Pages;
}

/**
 * The pictures of a live that was handed over, in a page of their own: the small player shows it in a frame, so that no
 * other page of the shop has to be allowed to reach a media server elsewhere.
 */
export function miniRoutes({ lives, bans, devices, handovers, pages }: MiniRouteDeps): Router {
  const router = Router();
  router.get('/live/:id/mini', async (req, res) => {
    const live = await lives.byId(parseParam(liveId, req.params['id']));
    await bans.letIn(live, { person: req.person, device: devices.of(req) });
    const play = live.state === 'live' ? await handovers.playOf(live._id) : [];
    if (play.length === 0) throw new AppError('not_found');
    allowFraming(res);
    res.set('Cache-Control', 'private, no-cache');
    await pages.send(req, res, 'live/mini', {
      layout: 'frame',
      bundleCss: 'css/frame.css',
      bundleJs: 'pages/mini-frame.ts',
      title: live.title[req.lang],
      noIndex: true,
      live: live._id,
      play,
    });
  });
  return router;
}

import { Router, type Request, type Response } from 'express';
import { mustHaveRole, type Person } from '../../accounts/index.ts';
import { AppError, toAppError } from '../../platform/errors.ts';
import { fieldMessages, limit, parse, type Pages } from '../../platform/http/index.ts';
import type { Localized } from '../../platform/lang.ts';
import type { Translator } from '../../platform/views/index.ts';
import { presentEncoders, presentHandover } from './encoders.view.ts';
import { handoverForm, PLAY_ROWS, renewForm } from './handover.schema.ts';
import type { Handovers } from './handover.service.ts';
import type { StreamKeys } from './keys.service.ts';

interface Deps {
  streamKeys: StreamKeys;
  handovers: Handovers;
  pages: Pages;
  translator: Translator;
  /** @throws AppError `not_found`, or `forbidden` for who does not run this live */
  ownLive: (id: string, person: Person) => Promise<{ _id: string; title: Localized }>;
  /** The address encoders reach us at, given the shop's own; undefined when RTMP is not listened for. */
  rtmpUrl: (origin: string) => string | undefined;
}

/** A host's page about encoders: stream key, addresses, and handing over to a media server elsewhere. */
export function encoderRoutes(deps: Deps): Router {
  const { streamKeys, handovers, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 20, by: (req) => req.person?.id });
  const PATH = '/host/live/:id/encoders';

  async function own(req: Request) {
    const person = mustHaveRole(req.person, 'host');
    const id = req.params['id'];
    if (typeof id !== 'string') throw new AppError('not_found');
    return { person, live: await deps.ownLive(id, person) };
  }

  interface More {
    fresh?: string;
    error?: string;
    saved?: string | undefined;
    sent?: { values: Record<string, unknown>; errors: Record<string, string> };
  }

  async function show(req: Request, res: Response, live: Awaited<ReturnType<Deps['ownLive']>>, more: More) {
    const t = translator.for(req.lang);
    const [{ state, key }, handover] = await Promise.all([
      streamKeys.ofLive(live._id),
      handovers.ofLive(live._id),
    ]);
    const origin = pages.origin(req);
    const page = {
      ...{ live: live._id, state, key, fresh: more.fresh, handover },
      rtmpUrl: deps.rtmpUrl(origin),
      whipUrl: `${origin}/video/whip/${live._id}`,
      handoverToken: handover ? handovers.tokenOf(handover) : undefined,
    };
    const html = await pages.html(req, 'video/encoders', {
      title: t('encoders.title'),
      noIndex: true,
      live: { id: live._id, title: live.title[req.lang] },
      encoders: presentEncoders(page, t),
      handover: presentHandover(handover, PLAY_ROWS, more.sent),
      error: more.error,
      saved: more.saved,
    });
    // It may hold a key: no copy of it stays anywhere.
    res.set('Cache-Control', 'no-store').type('html').send(html);
  }

  /** What was refused, on the page it was sent from. */
  async function refused(req: Request, res: Response, thrown: unknown, sent?: Record<string, unknown>) {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status < 409) throw thrown;
    const t = translator.for(req.lang);
    const { live } = await own(req);
    res.status(error.status);
    await show(req, res, live, {
      error: t(`errors.${error.code}`),
      ...(sent ? { sent: { values: sent, errors: fieldMessages(error.fields ?? {}, t) } } : {}),
    });
  }

  router.get(PATH, async (req, res) => {
    const { live } = await own(req);
    const t = translator.for(req.lang);
    const { saved } = req.query;
    const words = saved === 'handover' ? t('encoders.handover.saved') : undefined;
    await show(req, res, live, { saved: saved === 'revoked' ? t('encoders.revoked') : words });
  });

  router.post(`${PATH}/key`, perPerson, async (req, res) => {
    const { live, person } = await own(req);
    try {
      const { seen } = parse(renewForm, req.body);
      await show(req, res, live, { fresh: await streamKeys.renew(live._id, seen, person) });
    } catch (thrown) {
      await refused(req, res, thrown);
    }
  });

  router.post(`${PATH}/key/revoke`, perPerson, async (req, res) => {
    const { live } = await own(req);
    await streamKeys.revoke(live._id);
    res.redirect(303, `/host/live/${live._id}/encoders?saved=revoked`);
  });

  router.post(`${PATH}/handover`, perPerson, async (req, res) => {
    const { live, person } = await own(req);
    try {
      await handovers.change(live._id, parse(handoverForm, req.body), person);
    } catch (thrown) {
      return refused(req, res, thrown, req.body as Record<string, unknown>);
    }
    res.redirect(303, `/host/live/${live._id}/encoders?saved=handover`);
  });

  return router;
}

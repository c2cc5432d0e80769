import { Router, type Request } from 'express';
import { hasRole, mustHaveRole, type Person } from '../accounts/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Translator } from '../platform/views/index.ts';
import { holdForm, recordingName } from './door.schema.ts';
import type { Recordings } from './recordings.service.ts';
import { presentBudget, presentRecordings } from './recordings.view.ts';

interface Deps {
  recordings: Recordings;
  keepDays: number;
  pages: Pages;
  translator: Translator;
  /** Titles of the lives whose recordings this person may see. */
  livesOf: (person: Person, lang: Lang) => Promise<ReadonlyMap<string, string>>;
}

/** What was recorded, and until when it is kept: hosts see their own, admins all, and admins hold what is disputed. */
export function recordingRoutes({ recordings, keepDays, pages, translator, livesOf }: Deps): Router {
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });

  router.get('/host/recordings', async (req, res) => {
    const person = mustHaveRole(req.person, 'host');
    const t = translator.for(req.lang);
    const isAdmin = hasRole(person, 'admin');
    const titles = await livesOf(person, req.lang);
    const [shown, room] = await Promise.all([
      recordings.latest(isAdmin ? undefined : [...titles.keys()]),
      isAdmin ? recordings.room() : undefined,
    ]);
    await pages.send(req, res, 'video/recordings', {
      title: t('video.recordings.title'),
      noIndex: true,
      intro: t('video.recordings.intro', { days: keepDays }),
      mayHold: isAdmin,
      ...(room ? { budget: presentBudget(room, t) } : {}),
      recordings: presentRecordings(shown, titles, { lang: req.lang, t }),
    });
  });

  router.post('/host/recordings/:id/hold', perPerson, async (req, res) => {
    const admin = mustHaveRole(req.person, 'admin');
    await recordings.hold(idOf(req), parse(holdForm, req.body).why, admin);
    res.redirect(303, '/host/recordings');
  });

  router.post('/host/recordings/:id/release', perPerson, async (req, res) => {
    const admin = mustHaveRole(req.person, 'admin');
    await recordings.hold(idOf(req), null, admin);
    res.redirect(303, '/host/recordings');
  });

  return router;
}

function idOf(req: Request): string {
  const parsed = recordingName.safeParse(req.params['id']);
  if (!parsed.success) throw new AppError('not_found');
  return parsed.data;
}

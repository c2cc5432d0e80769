import { Router, type Request } from 'express';
import { followForm, type Followed, type Follows } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { calendarFile } from './calendar.rules.ts';
import { liveId } from './live.schema.ts';
import type { Live, Lives } from './live.service.ts';
import { reminderForm, reminderToken } from './reminders.schema.ts';
import type { Reminders } from './reminders.service.ts';

export interface CompanyRouteDeps {
  lives: Lives;
  follows: Follows;
  reminders: Reminders;
  pages: Pages;
  translator: Translator;
  clock: Clock;
}

/** How people stay with a host: following, reminders, a calendar file. */
export function companyRoutes(deps: CompanyRouteDeps): Router {
  const { lives, follows, reminders, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 40, by: (req) => req.person?.id });
  const perAddress = limit({ windowMs: 60_000, max: 40 });

  const liveOf = (req: Request): Promise<Live> => lives.byId(parseParam(liveId, req.params['id']));
  const hostOf = ({ host }: Live): Followed => ({ kind: 'host', target: host });

  /** What is somebody's own in a room that is otherwise the same for all. */
  router.get('/live/:id/company', async (req, res) => {
    const live = await liveOf(req);
    if (!wantsJson(req)) return void res.redirect(303, `/live/${live._id}`);
    const [following, followers, reminded, waiting] = await Promise.all([
      follows.isFollower(hostOf(live), req.person),
      follows.count(hostOf(live)),
      reminders.isSet(live._id, req.person),
      reminders.count(live._id),
    ]);
    const signedIn = req.person !== undefined && !req.person.guest;
    res.set('Cache-Control', 'private, no-store');
    res.json({ signedIn, following, followers, reminded, waiting });
  });

  // Whoever had to sign in for a tap comes back by GET.
  for (const path of ['/live/:id/follow', '/live/:id/remind']) {
    router.get(path, async (req, res) => res.redirect(303, `/live/${(await liveOf(req))._id}`));
  }

  router.post('/live/:id/follow', perPerson, async (req, res) => {
    const live = await liveOf(req);
    const { on } = parse(followForm, req.body);
    await follows.set(hostOf(live), on, req.person);
    if (wantsJson(req)) {
      return void res.json({ following: on, followers: await follows.count(hostOf(live)) });
    }
    res.redirect(303, `/live/${live._id}`);
  });

  router.post('/live/:id/remind', perPerson, async (req, res) => {
    const live = await liveOf(req);
    const { on, email } = parse(reminderForm, req.body);
    await reminders.set(live._id, { on, email, lang: req.lang }, req.person);
    if (wantsJson(req)) {
      return void res.json({ reminded: on, waiting: await reminders.count(live._id) });
    }
    res.redirect(303, `/live/${live._id}`);
  });

  router.get('/live/:id/calendar.ics', async (req, res) => {
    const live = await liveOf(req);
    const file = calendarFile({
      id: live._id,
      title: live.title[req.lang],
      about: live.intro[req.lang] ?? '',
      url: `${pages.origin(req)}/live/${live._id}?from=calendar`,
      startsAt: live.startsAt,
      stamp: deps.clock.now(),
    });
    res.set({
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Disposition': `attachment; filename="live-${live._id}.ics"`,
      'Cache-Control': 'no-cache',
    });
    res.send(file);
  });

  const tokenOf = (req: Request) => parseParam(reminderToken, req.params['token']);

  router.get('/reminders/:token', perAddress, async (req, res) => {
    const token = tokenOf(req);
    const { live: id, isOn } = await reminders.byToken(token);
    const live = await lives.byId(id);
    await pages.send(req, res, 'live/reminder', {
      title: translator.for(req.lang)('reminders.page.title'),
      noIndex: true,
      live: { title: live.title[req.lang], href: `/live/${id}` },
      action: `/reminders/${token}`,
      isOn,
    });
  });

  /** By the button of that page, or by the mail program itself (RFC 8058). */
  router.post('/reminders/:token', perAddress, async (req, res) => {
    const token = tokenOf(req);
    await reminders.stopByToken(token);
    res.redirect(303, `/reminders/${token}`);
  });

  return router;
}

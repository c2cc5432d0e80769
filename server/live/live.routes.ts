import { Router, type Request, type Response } from 'express';
import { hasRole, mustBeSignedIn, mustHaveRole, requireRole, welcomeGuest } from '../accounts/index.ts';
import { createCards, type CatalogRouteDeps } from '../catalog/index.ts';
import { presentCooperativeCard } from '../cooperatives/index.ts';
import { formatDate } from '../platform/views/index.ts';
import {
  fieldMessages,
  limit,
  parse,
  parseParam,
  wantsJson,
  type PageCache,
} from '../platform/http/index.ts';
import { toAppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { createShared } from '../platform/shared.ts';
import type { Lang } from '../platform/lang.ts';
import type { LiveSnapshot } from './live.events.ts';
import { liveId, scheduleForm } from './live.schema.ts';
import type { Bans } from './bans.service.ts';
import type { Devices } from './device.service.ts';
import type { Crews } from './crew.service.ts';
import type { Live, Lives } from './live.service.ts';
import { presentChat, presentLiveCard, presentSnapshot } from './live.view.ts';
import type { Rails } from './room.service.ts';
import type { Handovers } from '../video/index.ts';

export interface LiveRouteDeps extends CatalogRouteDeps {
  lives: Lives;
  crews: Crews;
  bans: Bans;
  devices: Devices;
  rails: Rails;
  /** Where a live is watched that was handed over to a media server elsewhere. */
  handovers: Pick<Handovers, 'playOf'>;
  pageCache: PageCache;
  /** People in the room now. */
  viewers: (live: string) => number;
  holdSeconds: number;
}

const HOME_PRODUCTS = 8;
const DEFAULT_POSTER = 'lives/huangshaping-market.svg';

/** Pages that are the same for everybody. */
export function livePages(deps: LiveRouteDeps): Router {
  const { lives, pages, pageCache, translator } = deps;
  const cards = createCards(deps);
  const router = Router();

  const present = presenter(deps);

  router.get(
    '/',
    pageCache.page(async (req) => {
      const reader = cards.reader(req);
      const [groups, coops] = await Promise.all([allLives(lives), deps.cooperatives.list()]);
      const found = deps.catalog.list({ q: '', sort: 'recommended', limit: 60 });
      const seen = new Set<string>();
      const categories = found.items.flatMap((item) => {
        if (seen.has(item.category)) return [];
        seen.add(item.category);
        const key = item.category;
        const label = reader.t(`catalog.category.${key}`);
        return { key, label, href: `/products?category=${key}`, picture: deps.media.picture(item.image) };
      });
      return pages.html(req, 'live/home', {
        title: reader.t('home.title'),
        description: reader.t('home.description'),
        shareImage: deps.media.picture('brand/hero.svg').src,
        structured: [
          {
            '@context': 'https://schema.org',
            '@type': 'WebSite',
            name: reader.t('common.brand'),
            url: pages.origin(req),
            potentialAction: {
              '@type': 'SearchAction',
              target: `${pages.origin(req)}/products?q={search_term_string}`,
              'query-input': 'required name=search_term_string',
            },
          },
        ],
        now: await present(groups.now, req.lang),
        next: await present(groups.next.slice(0, 4), req.lang),
        replays: await present(groups.replays.slice(0, 4), req.lang),
        products: await cards.present(mixed(found.items, HOME_PRODUCTS), reader),
        cooperatives: coops.map((coop) => ({
          ...presentCooperativeCard(coop, req.lang),
          picture: deps.media.picture(coop.image),
        })),
        categories,
      });
    }),
  );

  router.get(
    '/live',
    pageCache.page(async (req) => {
      const t = translator.for(req.lang);
      const groups = await allLives(lives);
      return pages.html(req, 'live/lives', {
        title: t('live.list.title'),
        description: t('live.list.description'),
        now: await present(groups.now, req.lang),
        next: await present(groups.next, req.lang),
        replays: await present(groups.replays, req.lang),
      });
    }),
  );
  return router;
}

/** The least time between two drawings of the same room page. */
const DRAWN_APART_MS = 100;

const MOST_NEXT = 2;

/** The room and what is behind it. */
export function liveRoutes(deps: LiveRouteDeps): Router {
  const { lives, rails, pages, translator } = deps;
  const router = Router();
  const present = presenter(deps);

  router.get('/api/lives', async (req, res) => {
    const groups = await allLives(lives);
    const all = [...groups.now, ...groups.next, ...groups.replays];
    const items = await present(all, req.lang);
    res.json({
      items: items.map(({ id, title, state, startsAt, host, viewers, href, picture }) => ({
        id,
        title,
        state,
        startsAt,
        host,
        viewers,
        href,
        poster: picture.src,
      })),
    });
  });

  router.get('/api/lives/:id', async (req, res) => {
    const live = await lives.byId(parseParam(liveId, req.params['id']));
    res.json(await snapshot(live, req.lang));
  });

  async function snapshot(live: Live, lang: Lang) {
    const [rail, offers] = await Promise.all([rails.of(live, lang), rails.offers(live._id)]);
    return presentSnapshot(live, { rail, offers, viewers: deps.viewers(live._id) }, lang);
  }

  // A rush opens the same room hundreds of times in a second: but for the clicks' ids, it is the same page.
  const drawn = createShared<string>({ gapMs: DRAWN_APART_MS });
  const clickMark = newId();

  router.get('/live/:id', welcomeGuest, async (req, res) => {
    const id = parseParam(liveId, req.params['id']);
    const comer = { person: req.person, device: deps.devices.of(req) };
    try {
      await deps.bans.letIn(await lives.byId(id), comer);
    } catch (thrown) {
      if (toAppError(thrown).code !== 'put_out' || wantsJson(req)) throw thrown;
      return putOutPage(req, res);
    }
    const key = `${pages.origin(req)}${req.originalUrl} ${req.lang}`;
    const html = await drawn.of(key, () => roomPage(req, id));
    res.set('Cache-Control', 'private, no-cache').type('html').send(html.replaceAll(clickMark, newId()));
  });

  async function putOutPage(req: Request, res: Response) {
    const t = translator.for(req.lang);
    res.status(403);
    await pages.send(req, res, 'live/put-out', { title: t('live.putOut.title'), noIndex: true });
  }

  async function roomPage(req: Request, id: string): Promise<string> {
    const live = await lives.byId(id);
    // Also while it runs: whoever stays to the end is told what comes next without asking for the page again.
    const [room, chat, play, coming] = await Promise.all([
      snapshot(live, req.lang),
      lives.latestChat(live._id),
      deps.handovers.playOf(live._id),
      lives.next(),
    ]);
    const next = await present(coming.filter(({ _id }) => _id !== live._id).slice(0, MOST_NEXT), req.lang);
    return pages.html(req, 'live/room', {
      layout: 'bare',
      bundleCss: 'css/room.css',
      bundleJs: 'pages/room.ts',
      title: live.title[req.lang],
      description: live.intro[req.lang],
      shareImage: deps.media.picture(live.poster).src,
      structured: [structuredLive(live, req.lang, pages.origin(req))],
      live: room,
      intro: live.intro[req.lang],
      poster: deps.media.picture(live.poster),
      is: {
        scheduled: live.state === 'scheduled',
        live: live.state === 'live',
        ended: live.state === 'ended',
      },
      pinned: room.rail.find(({ sku }) => sku === room.pinned?.sku),
      offer: runningOffer(room, Date.now()),
      chat: chat.map(({ _id, ...message }) => presentChat({ id: _id, ...message })),
      clickId: clickMark,
      next,
      preview: room.rail.slice(0, 4),
      holdMinutes: Math.round((live.holdSeconds ?? deps.holdSeconds) / 60),
      startsAtText: formatDate(live.startsAt, 'weekdayTime', req.lang),
      shareCard: `/live/${live._id}/card.png`,
      shareUrl: `/live/${live._id}`,
      play,
      roomData: { live: room, lang: req.lang },
    });
  }

  router.get('/host', async (req, res) => {
    await hostPage(req, res, {});
  });

  router.post('/host', requireRole('host'), limit({ windowMs: 60_000, max: 20 }), async (req, res) => {
    const person = mustHaveRole(req.person, 'host');
    try {
      const form = parse(scheduleForm, req.body);
      const live = await lives.schedule(
        {
          title: { 'zh-CN': form.titleZh, en: form.titleEn || form.titleZh },
          intro: { 'zh-CN': '', en: '' },
          poster: DEFAULT_POSTER,
          startsAt: form.startsAt,
          rail: form.skus,
        },
        person,
      );
      res.redirect(303, `/host/live/${live._id}`);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      res.status(error.status);
      const t = translator.for(req.lang);
      const fields = fieldMessages(error.fields ?? {}, t, error.values);
      await hostPage(req, res, {
        error: fields['title'] ?? t(`errors.${error.code}`),
        fields: { ...(fields['title'] ? { titleZh: fields['title'] } : {}), ...fields },
        values: req.body as Record<string, unknown>,
      });
    }
  });

  async function hostPage(
    req: Request,
    res: Response,
    more: { error?: string; fields?: Record<string, string>; values?: Record<string, unknown> },
  ) {
    const t = translator.for(req.lang);
    const person = mustBeSignedIn(req.person);
    const helping = await deps.crews.ofMember(person);
    // Somebody who helps in a live finds it here, too; to plan one of their own takes a host.
    if (helping.length === 0) mustHaveRole(person, 'host');
    const plans = hasRole(person, 'host');
    const mine = plans ? await lives.ofHost(person) : [];
    const { items } = deps.catalog.list({ q: '', sort: 'recommended', limit: 500 });
    const sellables = await deps.catalog.sellables(
      items.flatMap((item) => item.variants.map(({ sku }) => sku)),
    );
    const ticked = new Set([more.values?.['skus'] ?? []].flat());
    await pages.send(req, res, 'live/host', {
      title: t('live.host.title'),
      noIndex: true,
      name: person.name,
      lives: await present(mine, req.lang),
      helping: await present(helping, req.lang),
      plans,
      choices: items.map((item) => ({
        name: item.name[req.lang],
        picture: deps.media.picture(item.image),
        variants: item.variants.map(({ sku }) => ({
          sku,
          name: sellables.get(sku)?.variant.name[req.lang] ?? sku,
          checked: ticked.has(sku),
        })),
      })),
      ...more,
    });
  }

  return router;
}

async function allLives(lives: Lives) {
  const [now, next, replays] = await Promise.all([lives.running(), lives.next(), lives.ended()]);
  return { now, next, replays };
}

function presenter(deps: LiveRouteDeps) {
  return (list: readonly Live[], lang: Lang) =>
    Promise.all(
      list.map(async (live) => {
        const rail = await deps.rails.of({ rail: live.rail.slice(0, 3) }, lang);
        return presentLiveCard(live, rail, deps.viewers(live._id), { lang, media: deps.media });
      }),
    );
}

/** The offer that a page without script can show: one that runs, with what it is for. */
function runningOffer({ offers, rail }: LiveSnapshot, now: number) {
  const offer = offers.find(
    ({ opensAt, closesAt }) => Date.parse(opensAt) <= now && now < Date.parse(closesAt),
  );
  const item = rail.find(({ sku }) => sku === offer?.sku);
  return offer && item ? { ...offer, name: item.name, image: item.image } : undefined;
}

/** One of each kind before a second of any: a front window shows the breadth of the shop. */
function mixed<T extends { category: string }>(items: readonly T[], count: number): T[] {
  const turns = new Map<string, number>();
  return items
    .map((item, index) => {
      const turn = turns.get(item.category) ?? 0;
      turns.set(item.category, turn + 1);
      return { item, turn, index };
    })
    .sort((a, b) => a.turn - b.turn || a.index - b.index)
    .slice(0, count)
    .map(({ item }) => item);
}

/** schema.org BroadcastEvent. */
function structuredLive(live: Live, lang: Lang, origin: string) {
  return {
    '@context': 'https://schema.org',
    '@type': 'BroadcastEvent',
    name: live.title[lang],
    isLiveBroadcast: live.state === 'live',
    startDate: (live.startedAt ?? live.startsAt).toISOString(),
    ...(live.endedAt ? { endDate: live.endedAt.toISOString() } : {}),
    url: `${origin}/live/${live._id}`,
  };
}

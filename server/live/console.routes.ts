import { Router, type Request, type Response } from 'express';
import { mustBeSignedIn, type Person } from '../accounts/index.ts';
import { toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import { uploadOf } from '../platform/media/index.ts';
import type { Acts } from './acts.service.ts';
import type { ChatReports } from './chat-reports.service.ts';
import {
  presentActs,
  presentCrew,
  presentDetails,
  presentHostFrame,
  presentPrompter,
  presentReportRow,
  presentSanctionRow,
  presentScript,
  presentTurns,
  type HostTab,
} from './console.view.ts';
import { RIGHTS } from './crew.rules.ts';
import { inviteForm, memberId, rightsForm } from './crew.schema.ts';
import type { Crews } from './crew.service.ts';
import { moved } from './details.rules.ts';
import { detailsForm, railMove } from './details.schema.ts';
import type { Details } from './details.service.ts';
import { presentDesk, presentPrepared, presentSelf } from './desk.view.ts';
import { mayDo, mayManageCrew, mayRun, maySit, mustBeOfHouse, mustRun } from './live.policy.ts';
import type { LiveRouteDeps } from './live.routes.ts';
import { liveId } from './live.schema.ts';
import type { Live } from './live.service.ts';
import { presentSnapshot } from './live.view.ts';
import { AUDIENCES } from './moderation.rules.ts';
import type { Moderation } from './moderation.service.ts';
import { dropOfferForm, preparedOfferForm, scriptForm } from './script.schema.ts';
import type { Scripts } from './script.service.ts';

export interface ConsoleRouteDeps extends LiveRouteDeps {
  details: Details;
  scripts: Scripts;
  crews: Crews;
  acts: Acts;
  moderation: Moderation;
  chatReports: ChatReports;
}

interface Desk {
  live: Live;
  person: Person;
}

/** The console and the pages around it: what is prepared, who helps, what was done. */
export function consoleRoutes(deps: ConsoleRouteDeps): Router {
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });
  router.post('/host/live/:id/{*rest}', perPerson);
  consolePages(deps, router);
  detailPages(deps, router);
  scriptPages(deps, router);
  crewPages(deps, router);
  return router;
}

/** @throws AppError `not_signed_in`, `forbidden` for whoever does not stand behind this table, `not_found` */
async function deskOf({ lives }: ConsoleRouteDeps, req: Request): Promise<Desk> {
  const person = mustBeSignedIn(req.person);
  const live = await lives.byId(parseParam(liveId, req.params['id']));
  mustBeOfHouse(live, person);
  return { live, person };
}

function frame({ live, person }: Desk, tab: HostTab, lang: Lang) {
  const may = { run: mayRun(live, person), crew: mayManageCrew(live, person) };
  return { desk: presentHostFrame(live, tab, may, lang), title: live.title[lang], noIndex: true, may };
}

async function snapshot({ rails, viewers }: ConsoleRouteDeps, live: Live, lang: Lang) {
  const [rail, offers] = await Promise.all([rails.of(live, lang), rails.offers(live._id)]);
  return presentSnapshot(live, { rail, offers, viewers: viewers(live._id) }, lang);
}

/** Does what a form asks for and goes back to the page; a refusal comes back as the page with what is wrong. */
/** Why a form comes back, and what was in it. */
interface Wrong {
  error?: string;
  fields?: Record<string, string>;
  values?: Record<string, unknown>;
}

async function act(
  deps: ConsoleRouteDeps,
  { req, res }: { req: Request; res: Response },
  work: () => Promise<void>,
  again: (wrong: Wrong) => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status === 403 || error.status === 404) throw thrown;
    const t = deps.translator.for(req.lang);
    res.status(error.status);
    const fields = fieldMessages(error.fields ?? {}, t, error.values);
    return again({
      error: Object.values(fields)[0] ?? t(`errors.${error.code}`),
      fields,
      values: req.body as Record<string, unknown>,
    });
  }
  res.redirect(
    303,
    req.originalUrl.split('?')[0]!.replace(/\/(cover|offers|offers\/drop|invite|members\/.*)$/, ''),
  );
}

function consolePages(deps: ConsoleRouteDeps, router: Router) {
  const { pages, scripts } = deps;

  async function show(req: Request, res: Response, tab: 'console' | 'rehearsal') {
    const desk = await deskOf(deps, req);
    const { live, person } = desk;
    const [room, script] = await Promise.all([snapshot(deps, live, req.lang), scripts.of(live._id, person)]);
    const runs = mayRun(live, person);
    const prepared = script.offers.map(presentPrepared);
    const self = presentSelf(live, person, runs);
    const rehearsal = tab === 'rehearsal';
    await pages.send(req, res, 'live/console', {
      ...frame(desk, tab, req.lang),
      layout: 'bare',
      bundleCss: 'css/console.css',
      bundleJs: 'pages/console.ts',
      live: rehearsal ? { ...room, state: 'live', viewers: 0, likes: 0, pinned: null, offers: [] } : room,
      rehearsal,
      prepared: prepared.flatMap((offer) => {
        const item = room.rail.find(({ sku }) => sku === offer.sku);
        return item ? [{ ...offer, name: item.name, variant: item.variant }] : [];
      }),
      rights: Object.fromEntries(RIGHTS.map((right) => [right, mayDo(live, person, right)])),
      runs,
      studio: !rehearsal && maySit(live, person),
      roomData: { live: room, lang: req.lang, desk: presentDesk(live), you: self, prepared, rehearsal },
    });
  }

  router.get('/host/live/:id', (req, res) => show(req, res, 'console'));
  /** The same console on made-up shoppers: it never asks the server for anything. */
  router.get('/host/live/:id/rehearsal', (req, res) => show(req, res, 'rehearsal'));

  router.get('/host/live/:id/prompter', async (req, res) => {
    const desk = await deskOf(deps, req);
    const script = await scripts.spoken(desk.live._id, desk.person);
    const rail = await deps.rails.of(desk.live, req.lang);
    await pages.send(req, res, 'live/prompter', {
      ...frame(desk, 'prompter', req.lang),
      layout: 'bare',
      bundleCss: 'css/console.css',
      bundleJs: 'pages/prompter.ts',
      live: { id: desk.live._id },
      parts: presentPrompter(script, rail),
      roomData: { live: { id: desk.live._id, pinned: desk.live.pinned?.sku ?? null }, lang: req.lang },
    });
  });

  router.get('/host/live/:id/log', async (req, res) => {
    const desk = await deskOf(deps, req);
    const t = deps.translator.for(req.lang);
    const { _id } = desk.live;
    const [acts, reports, sanctions] = await Promise.all([
      deps.acts.latest(_id),
      deps.chatReports.ofLive(_id),
      deps.moderation.sanctionsOf(_id),
    ]);
    const moderates = mayDo(desk.live, desk.person, 'moderate');
    await pages.send(req, res, 'live/log', {
      ...frame(desk, 'log', req.lang),
      acts: presentActs(acts, t),
      moderates,
      reports: moderates ? reports.map((report) => presentReportRow(report, t)) : [],
      sanctions: moderates ? sanctions.map(presentSanctionRow) : [],
    });
  });
}

function detailPages(deps: ConsoleRouteDeps, router: Router) {
  const { pages, details, catalog, media } = deps;

  /** @throws AppError `forbidden` for assistants */
  async function ownDesk(req: Request): Promise<Desk> {
    const desk = await deskOf(deps, req);
    mustRun(desk.live, desk.person);
    return desk;
  }

  async function show(req: Request, res: Response, more: { rail?: string[]; values?: object } = {}) {
    const desk = await ownDesk(req);
    const { live } = desk;
    const { items } = catalog.list({ q: '', sort: 'recommended', limit: 500 });
    const all = items.flatMap((item) => item.variants.map(({ sku }) => sku));
    const rail = more.rail ?? live.rail;
    const choices = await deps.rails.of({ rail: [...new Set([...rail, ...all])] }, req.lang);
    const chosen = rail.flatMap((sku) => choices.find((item) => item.sku === sku) ?? []);
    await pages.send(req, res, 'live/edit', {
      ...frame(desk, 'edit', req.lang),
      is: {
        scheduled: live.state === 'scheduled',
        live: live.state === 'live',
        ended: live.state === 'ended',
      },
      poster: media.picture(live.poster),
      audiences: AUDIENCES,
      defaultHold: Math.round(deps.holdSeconds / 60),
      ...{ chosen, others: choices.filter(({ sku }) => !rail.includes(sku)) },
      ...more,
      values: { ...presentDetails(live), ...more.values },
    });
  }

  router.get('/host/live/:id/edit', (req, res) => show(req, res));

  router.post('/host/live/:id/edit', async (req, res) => {
    const { live, person } = await ownDesk(req);
    const body = (req.body ?? {}) as Record<string, unknown>;
    const { move, ...form } = body;
    const rail = [form['skus'] ?? []].flat().filter((sku) => typeof sku === 'string');
    if (move !== undefined) {
      // A step of arranging, not of saving: the page comes back with everything that was typed.
      return show(req, res, { rail: moved(rail, parse(railMove, move)), values: form });
    }
    await act(
      deps,
      { req, res },
      () => details.change(live._id, parse(detailsForm, form), person),
      (wrong) => show(req, res, { rail, ...wrong }),
    );
  });

  router.post('/host/live/:id/edit/cover', async (req, res) => {
    const { live, person } = await ownDesk(req);
    await act(
      deps,
      { req, res },
      async () => details.setCover(live._id, await media.store(await uploadOf(req, res, 'cover')), person),
      (wrong) => show(req, res, { ...wrong, values: {} }),
    );
  });
}

function scriptPages(deps: ConsoleRouteDeps, router: Router) {
  const { pages, scripts } = deps;

  async function show(req: Request, res: Response, more: Wrong = {}) {
    const desk = await deskOf(deps, req);
    mustRun(desk.live, desk.person);
    const script = await scripts.of(desk.live._id, desk.person);
    const rail = await deps.rails.of(desk.live, req.lang);
    await pages.send(req, res, 'live/script', {
      ...frame(desk, 'script', req.lang),
      script: presentScript(script, rail, { lang: req.lang, ...more }),
      ...more,
    });
  }

  router.get('/host/live/:id/script', (req, res) => show(req, res));
  router.post('/host/live/:id/script', async (req, res) => {
    const { live, person } = await deskOf(deps, req);
    const work = () => scripts.write(live._id, parse(scriptForm, req.body), person);
    await act(deps, { req, res }, work, (wrong) => show(req, res, wrong));
  });
  router.post('/host/live/:id/script/offers', async (req, res) => {
    const { live, person } = await deskOf(deps, req);
    const work = async () => {
      const { edits, price, ...terms } = parse(preparedOfferForm, req.body);
      await scripts.prepare(live._id, { ...terms, priceFen: price }, edits, person);
    };
    await act(deps, { req, res }, work, (wrong) => show(req, res, wrong));
  });
  router.post('/host/live/:id/script/offers/drop', async (req, res) => {
    const { live, person } = await deskOf(deps, req);
    const work = async () => {
      const { offer, edits } = parse(dropOfferForm, req.body);
      await scripts.drop(live._id, offer, edits, person);
    };
    await act(deps, { req, res }, work, (wrong) => show(req, res, wrong));
  });
}

function crewPages(deps: ConsoleRouteDeps, router: Router) {
  const { pages, crews } = deps;
  const perPerson = limit({ windowMs: 60_000, max: 20, by: (req) => req.person?.id });

  async function show(req: Request, res: Response, more: object = {}) {
    const desk = await deskOf(deps, req);
    mustRun(desk.live, desk.person);
    await pages.send(req, res, 'live/crew', {
      ...frame(desk, 'crew', req.lang),
      crew: presentCrew(desk.live),
      turns: presentTurns(desk.live),
      rights: RIGHTS,
      host: desk.live.hostName,
      ...more,
    });
  }

  router.get('/host/live/:id/crew', (req, res) => show(req, res));
  router.post('/host/live/:id/crew/invite', perPerson, async (req, res) => {
    const { live, person } = await deskOf(deps, req);
    const work = () => crews.invite(live._id, parse(inviteForm, req.body), person);
    await act(deps, { req, res }, work, (wrong) => show(req, res, wrong));
  });
  router.post('/host/live/:id/crew/members/:member/rights', async (req, res) => {
    const { live, person } = await deskOf(deps, req);
    const member = parseParam(memberId, req.params['member']);
    const work = () => crews.setRights(live._id, member, parse(rightsForm, req.body).rights, person);
    await act(deps, { req, res }, work, (wrong) => show(req, res, wrong));
  });
  router.post('/host/live/:id/crew/members/:member/remove', async (req, res) => {
    const { live, person } = await deskOf(deps, req);
    await crews.remove(live._id, parseParam(memberId, req.params['member']), person);
    res.redirect(303, `/host/live/${live._id}/crew`);
  });
}

import { Router, type Request, type Response } from 'express';
import type { Accounts } from '../accounts/index.ts';
import type { Catalog, Claims } from '../catalog/index.ts';
import { chosenDesk, presentDeskFrame, type Cooperatives } from '../cooperatives/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { formWithPaper, type Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { deskQuery } from './desk.schema.ts';
import { presentGrower } from './desk.view.ts';
import { NAME_SHOWN, PLOT_SHOWN } from './growers.rules.ts';
import { growerForm, growerId, type GrowerFields } from './growers.schema.ts';
import { lookOf, type Grower, type Growers } from './growers.service.ts';
import { presentShownGrower } from './growers.view.ts';
import { createMemberSide, type Refused } from './member.routes.ts';

export interface GrowerRouteDeps {
  growers: Growers;
  catalog: Catalog;
  claims: Pick<Claims, 'refuse'>;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
  media: Media;
}

/** Whose field it is, and how much of that strangers see: with a look at just what they would see. */
export function growerRoutes(deps: GrowerRouteDeps): Router {
  const { growers, pages, translator, media } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });

  /** A grower of one of the reader's own desks; undefined for a new one. @throws AppError `not_found` */
  async function ownGrower(req: Request) {
    const { desks, member } = await side.whoIs(req);
    const id = req.params['id'];
    if (id === undefined) return { desks, member, found: undefined };
    const [found] = await growers.byIds([parseParam(growerId, id)]);
    if (!desks.some(({ _id }) => _id === found?.cooperative)) throw new AppError('not_found');
    return { desks, member, found };
  }

  async function show(req: Request, res: Response, more: { refused?: Refused; tried?: Grower | Tried } = {}) {
    const { desks, found } = await ownGrower(req);
    const t = translator.for(req.lang);
    const wanted = (more.refused?.values['coop'] as string | undefined) ?? parse(deskQuery, req.query).coop;
    const current = found
      ? desks.find(({ _id }) => _id === found.cooperative)!
      : chosenDesk(desks, wanted ?? (req.body as { coop?: string } | undefined)?.coop);
    const kept = found
      ? presentGrower(found, req.lang, t).values
      : { ...current.location, nameShown: 'initial' };
    const sent = more.tried ? (req.body as Record<string, unknown>) : {};
    const values: Record<string, unknown> = {
      ...{ plotShown: 'township', ...kept, ...sent, ...more.refused?.values },
    };
    const choices = (name: string, keys: readonly string[]) =>
      keys.map((key) => ({ key, label: t(`traceDesk.${name}.${key}`), chosen: values[name] === key }));
    const looked = more.tried ?? found;
    await pages.send(req, res, 'trace/desk-grower', {
      title: t('traceDesk.grower.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'trace', lang: req.lang }),
      action: found ? `/coop/trace/growers/${found._id}` : '/coop/trace/growers',
      values,
      names: choices('nameShown', NAME_SHOWN),
      plots: choices('plotShown', PLOT_SHOWN),
      picture: found?.picture ? media.picture(found.picture) : undefined,
      shown: looked && presentShownGrower(looked, current.place.label, { lang: req.lang, media }),
      isTried: more.tried !== undefined,
      refused: more.refused,
    });
  }

  /** What strangers may read must be covered for something that the cooperative sells; a lot's page looks closer. */
  async function mustBeProven(cooperative: string, form: GrowerFields) {
    const { nameZh, nameEn, plotZh, plotEn, wordsZh, wordsEn } = form;
    const skus = (await deps.catalog.ofCooperative(cooperative)).flatMap(({ variants }) =>
      variants.map(({ sku }) => sku),
    );
    const fields = { nameZh, nameEn, plotZh, plotEn, wordsZh, wordsEn };
    await deps.claims.refuse({ fields, skus, cover: 'any' });
  }

  type Tried = ReturnType<typeof lookOf> & { picture: string | null };

  router.get('/coop/trace/growers/new', (req, res) => show(req, res));
  router.get('/coop/trace/growers/:id', (req, res) => show(req, res));

  router.post(['/coop/trace/growers', '/coop/trace/growers/:id'], perPerson, async (req, res) => {
    const { desks, member, found } = await ownGrower(req);
    try {
      const photo = await formWithPaper(req, res, 'picture');
      const { coop, act, withoutPicture, ...form } = parse(growerForm, req.body);
      const current = chosenDesk(desks, coop);
      if (act === 'preview') {
        return await show(req, res, { tried: { ...lookOf(form), picture: found?.picture ?? null } });
      }
      await mustBeProven(current._id, form);
      const picture = photo ? await media.store(photo) : withoutPicture ? null : undefined;
      if (!found) await growers.add(current._id, form, { by: member.id, picture: picture ?? null });
      else {
        const which = { id: found._id, cooperative: current._id };
        await growers.change(which, form, { by: member.id, picture });
      }
      res.redirect(303, `/coop/trace?coop=${current.slug}#growers`);
    } catch (error) {
      await show(req, res, { refused: side.refusalOf(req, 'grower', error) });
    }
  });

  return router;
}

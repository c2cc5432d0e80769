import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  addressId,
  addressValues,
  mustBeSignedIn,
  postalAddress,
  presentBook,
  provinceChoices,
  type Addresses,
  type PostalAddress,
} from '../accounts/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Award, Awards } from './awards.service.ts';
import { drawId } from './draws.schema.ts';
import type { Draw, Draws } from './draws.service.ts';
import { presentCheckPage, presentCheckWords, presentData, presentPrize } from './draws.view.ts';
import type { Entries } from './entries.service.ts';

export interface DrawRouteDeps {
  draws: Draws;
  drawEntries: Entries;
  drawAwards: Awards;
  addresses: Addresses;
  pages: Pages;
  translator: Translator;
  media: Media;
  liveLink: (live: string, lang: Lang) => Promise<{ title: string; href: string } | undefined>;
}

const rankParam = z.coerce.number().pipe(z.int().min(1).max(50));
const chosen = z.object({ addressId: z.union([z.literal('new'), addressId]).default('new') });

/** The page on which anybody checks a draw, and the one on which a winner says where the prize goes. */
export function drawRoutes(deps: DrawRouteDeps): Router {
  const { draws, drawAwards: awards, drawEntries: entries, pages, translator, media } = deps;
  const router = Router();
  const readers = limit({ windowMs: 60_000, max: 60 });
  const perPerson = limit({ windowMs: 60_000, max: 20, by: (req) => req.person?.id });

  const readerOf = (req: Request) => ({ lang: req.lang, t: translator.for(req.lang), media });
  const drawOf = (req: Request): Promise<Draw> => draws.byId(parseParam(drawId, req.params['id']));

  router.get('/draws/:id', (req, res) => {
    res.redirect(303, `/draws/${parseParam(drawId, req.params['id'])}/check`);
  });

  router.get('/draws/:id/check', async (req, res) => {
    const draw = await drawOf(req);
    const live = await deps.liveLink(draw.live, req.lang);
    const won = await awards.of(draw._id);
    const mine = req.person && !req.person.guest ? entries.idOf(draw, req.person) : undefined;
    const t = translator.for(req.lang);
    await pages.send(req, res, 'draws/check', {
      title: t('draws.check.title'),
      description: t('draws.check.description'),
      noIndex: true,
      draw: presentCheckPage(draw, won, readerOf(req)),
      says: presentCheckWords(t),
      mine: mine && { entrant: mine, won: won.find(({ entrant }) => entrant === mine)?.rank },
      live,
    });
  });

  router.get('/draws/:id/data.json', readers, async (req, res) => {
    const draw = await drawOf(req);
    const list = draw.state === 'drawn' ? await draws.list(draw._id) : undefined;
    if ('download' in req.query) {
      res.set('Content-Disposition', `attachment; filename="draw-${draw._id}.json"`);
    }
    res.set('Cache-Control', draw.state === 'drawn' ? 'public, max-age=3600' : 'no-store');
    res.json(presentData(draw, list));
  });

  /** The award of whoever asks; another's does not exist. */
  async function ownAward(req: Request): Promise<{ draw: Draw; award: Award }> {
    const person = mustBeSignedIn(req.person);
    const draw = await drawOf(req);
    const award = await awards.byRank(draw._id, parseParam(rankParam, req.params['rank']));
    if (!award || !person.ids.includes(award.person)) throw new AppError('not_found');
    return { draw, award };
  }

  async function showPrize(
    req: Request,
    res: Response,
    state: { error?: string; fields?: Record<string, string> },
  ) {
    const person = mustBeSignedIn(req.person);
    const { draw, award } = await ownAward(req);
    const values = addressValues(req.method === 'POST' ? req.body : {});
    const book = presentBook(await deps.addresses.list(person), req.lang);
    const asked = req.method === 'POST' ? (req.body as { addressId?: unknown }).addressId : undefined;
    await pages.send(req, res, 'draws/prize', {
      title: translator.for(req.lang)('draws.prize.title'),
      noIndex: true,
      prize: presentPrize(draw, award, readerOf(req)),
      book: book.map((one) => ({ ...one, chosen: asked === undefined ? one.isDefault : one.id === asked })),
      isNew: asked === 'new',
      values,
      provinces: provinceChoices(values.province, req.lang),
      ...state,
    });
  }

  router.get('/draws/:id/prizes/:rank', (req, res) => showPrize(req, res, {}));

  async function addressOf(req: Request): Promise<PostalAddress> {
    const person = mustBeSignedIn(req.person);
    const { addressId: id } = parse(chosen, req.body);
    if (id !== 'new') return deps.addresses.byId(id, person);
    const address = parse(postalAddress, req.body);
    await deps.addresses.add(address, person, { isDefault: false }).catch((error: unknown) => {
      // A full book stands in nobody's way.
      if (!(error instanceof AppError)) throw error;
    });
    return address;
  }

  router.post('/draws/:id/prizes/:rank', perPerson, async (req, res) => {
    const { draw, award } = await ownAward(req);
    try {
      const address = await addressOf(req);
      await awards.claim(draw._id, { rank: award.rank, address, winner: req.person });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      const t = translator.for(req.lang);
      res.status(error.status);
      return showPrize(req, res, {
        error: t(`errors.${error.code}`),
        fields: fieldMessages(error.fields ?? {}, t),
      });
    }
    res.redirect(303, `/draws/${draw._id}/prizes/${award.rank}`);
  });

  return router;
}

import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { hasRole, mustHaveRole, type Person } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import {
  chosenDesk,
  presentDeskFrame,
  slug,
  type Cooperative,
  type Cooperatives,
} from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { localDay, type Translator } from '../platform/views/index.ts';
import type { CouponScope } from './coupons.rules.ts';
import { couponCode, couponForm, type CouponForm, type MakeCouponCommand } from './coupons.schema.ts';
import type { CouponMaker, Coupons } from './coupons.service.ts';
import { couponValues, presentCoupon } from './coupons.view.ts';

interface Deps {
  coupons: Coupons;
  catalog: Catalog;
  cooperatives: Cooperatives;
  pages: Pages;
  translator: Translator;
  media: Media;
  clock: Clock;
  liveLink: (live: string, lang: Lang) => Promise<{ id: string } | undefined>;
}

/** Stands for the whole shop where a cooperative's slug would stand; admins only. */
const SHOP = '-';
const owner = z.union([z.literal(SHOP), slug]);
const query = z.object({ coop: owner.optional() });

/** More products than these are not to be chosen from in a form. */
const CHOICES = 200;

/** Whose coupons the page shows: one cooperative's, or the shop's. */
interface Desk {
  person: Person;
  desks: Cooperative[];
  current: Cooperative | null;
}

export function couponRoutes(deps: Deps): Router {
  const { coupons, catalog, cooperatives, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 20, by: (req) => req.person?.id });

  /** @throws AppError `forbidden` without a desk, `not_found` for a desk that is not theirs */
  async function deskOf(req: Request, wanted: string | undefined): Promise<Desk> {
    const person = mustHaveRole(req.person, 'coop');
    const desks = await cooperatives.ofPerson(person);
    if (wanted === SHOP && hasRole(person, 'admin')) return { person, desks, current: null };
    if (desks.length === 0) throw new AppError('forbidden');
    return { person, desks, current: chosenDesk(desks, wanted) };
  }

  async function show(req: Request, res: Response, desk: Desk, state: State) {
    const { desks, current, person } = desk;
    const reader = { lang: req.lang, t: translator.for(req.lang), media: deps.media };
    const made = await coupons.ofOwner(current?._id ?? null);
    // The whole shop's coupons are for the whole shop's products.
    const query = { q: '', sort: 'recommended', limit: CHOICES, cooperative: current?.slug } as const;
    const products = catalog.list(query).items;
    const nameOf = (slug: string) => catalog.cards([slug])[0]?.name[req.lang] ?? slug;
    const now = deps.clock.now();
    await pages.send(req, res, 'orders/coupons', {
      title: reader.t('coupons.title'),
      noIndex: true,
      current: { slug: current?.slug ?? SHOP, name: current?.name[req.lang] ?? reader.t('coupons.shop') },
      desk: current && presentDeskFrame(desks, current, { tab: 'coupons', lang: req.lang }),
      isShop: current === null,
      mayShop: hasRole(person, 'admin'),
      coupons: made.map((one) => presentCoupon(one, { now, nameOf }, reader)),
      products: products.map((product) => ({
        slug: product.slug,
        name: product.name[req.lang],
        by: current ? undefined : product.cooperative.name[req.lang],
        chosen: state.values.products.includes(product.slug),
      })),
      cooperatives: desks.map((coop) => ({
        slug: coop.slug,
        name: coop.name[req.lang],
        chosen: state.values.cooperatives.includes(coop.slug),
      })),
      ...state,
    });
  }

  async function commandOf(
    form: CouponForm,
    { current, desks }: Desk,
    lang: Lang,
  ): Promise<MakeCouponCommand> {
    const { products: _p, cooperatives: _c, live: _l, scope: _s, ...rest } = form;
    return {
      ...rest,
      code: form.code,
      amountFen: form.kind === 'fixed' ? (form.amountFen ?? 0) : 0,
      percent: form.kind === 'percent' ? (form.percent ?? 0) : 0,
      capFen: form.kind === 'percent' ? (form.capFen ?? null) : null,
      held: form.held,
      cooperative: current?._id ?? null,
      scope: await scopeOf(form, desks, lang),
    };
  }

  async function scopeOf(form: CouponForm, desks: readonly Cooperative[], lang: Lang): Promise<CouponScope> {
    switch (form.scope) {
      case 'all':
        return { kind: 'all' };
      case 'products':
        return { kind: 'products', products: form.products };
      case 'cooperatives':
        return { kind: 'cooperatives', cooperatives: form.cooperatives.map((one) => idOf(desks, one)) };
      case 'live': {
        const live = await deps.liveLink(form.live, lang);
        if (!live) throw new AppError('invalid', { fields: { live: 'unknown' } });
        return { kind: 'live', live: live.id };
      }
    }
  }

  router.get('/coop/coupons', async (req, res) => {
    const desk = await deskOf(req, parse(query, req.query).coop);
    await show(req, res, desk, { values: firstValues(deps.clock.now()) });
  });

  router.post('/coop/coupons', perPerson, async (req, res) => {
    const desk = await deskOf(req, parse(query, req.body).coop);
    try {
      const command = await commandOf(parse(couponForm, req.body), desk, req.lang);
      await coupons.make(command, makerOf(desk));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      const t = translator.for(req.lang);
      res.status(error.status);
      const fields = fieldMessages(error.fields ?? {}, t, error.values);
      return show(req, res, desk, {
        values: couponValues(req.body),
        fields,
        error: t(`errors.${error.code}`),
      });
    }
    res.redirect(303, `/coop/coupons?coop=${desk.current?.slug ?? SHOP}`);
  });

  router.post('/coop/coupons/:code/stop', perPerson, async (req, res) => {
    const desk = await deskOf(req, parse(query, req.body).coop);
    await coupons.stop(parseParam(couponCode, req.params['code']), makerOf(desk));
    res.redirect(303, `/coop/coupons?coop=${desk.current?.slug ?? SHOP}`);
  });

  return router;
}

type Values = ReturnType<typeof couponValues>;

interface State {
  values: Values;
  fields?: Record<string, string>;
  error?: string;
}

function makerOf({ person, desks }: Desk): CouponMaker {
  return { id: person.id, admin: hasRole(person, 'admin'), cooperatives: desks.map(({ _id }) => _id) };
}

/** @throws AppError `invalid` */
function idOf(desks: readonly Cooperative[], wanted: string): string {
  const found = desks.find((coop) => coop.slug === wanted);
  if (!found) throw new AppError('invalid', { fields: { cooperatives: 'unknown' } });
  return found._id;
}

/** A fresh form: from today for a month, once for each person. */
function firstValues(now: Date): Values {
  const inAMonth = new Date(now.getTime() + 30 * 24 * 3_600_000);
  return {
    ...couponValues({}),
    total: '100',
    perPerson: '1',
    from: `${localDay(now)}T00:00`,
    until: `${localDay(inAMonth)}T00:00`,
  };
}

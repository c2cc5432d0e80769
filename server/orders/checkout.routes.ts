import { Router, type Request, type Response } from 'express';
import {
  addressValues,
  mustBeSomebody,
  postalAddress,
  presentBook,
  provinceChoices,
  welcomeGuest,
  type Address,
  type Addresses,
  type PostalAddress,
} from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { createCounter, fieldMessages, limit, parse, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { checkoutForm, checkoutQuery, placeExtras, type CheckoutForm } from './checkout.schema.ts';
import type { Asked, Checkout } from './checkout.service.ts';
import { presentChanges, presentQuote } from './checkout.view.ts';
import { describeCoupon } from './coupons.view.ts';
import type { Pocket } from './pocket.service.ts';
import { normaliseCoupon } from './coupons.rules.ts';
import type { OrderReader } from './orders.view.ts';

declare module 'express-session' {
  interface SessionData {
    /** The last coupon code that was accepted: asking for it again is no guess. */
    coupon: string;
  }
}

export interface CheckoutRouteDeps {
  checkout: Checkout;
  pocket: Pocket;
  addresses: Addresses;
  cooperatives: Cooperatives;
  pages: Pages;
  translator: Translator;
  media: Media;
  holdSeconds: number;
  liveLink: (live: string, lang: Lang) => Promise<{ id: string; title: string; href: string } | undefined>;
}

interface PageState {
  asked: Asked;
  /** What was typed; nothing at the first look. */
  form?: CheckoutForm | undefined;
  error?: string | undefined;
  fields?: Record<string, string>;
  /** Sentences about what has changed since the page was shown. */
  changes?: (drawn: Awaited<ReturnType<Checkout['draw']>>, reader: OrderReader) => string[];
}

export type CheckoutPage = ReturnType<typeof createCheckoutPage>;

/** The one page on which a basket becomes an order; other routes send it, too, when they cannot place. */
export function createCheckoutPage(deps: CheckoutRouteDeps) {
  return async (req: Request, res: Response, state: PageState): Promise<void> => {
    const { asked, form } = state;
    const person = mustBeSomebody(req.person);
    const reader = { lang: req.lang, t: deps.translator.for(req.lang), media: deps.media };
    const [book, held] = await Promise.all([deps.addresses.list(person), deps.pocket.of(person)]);
    const chosen = chosenAddress(book, form);
    const province = chosen?.province ?? form?.province ?? null;
    const drawn = await deps.checkout.draw(asked, person, { province, coupon: form?.coupon ?? '' });
    if (drawn.coupon?.outcome.ok) req.session.coupon = drawn.coupon.code;
    const coops = await deps.cooperatives.byIds(drawn.quote.parts.map(({ cooperative }) => cooperative));
    const cooperatives = new Map(coops.map((coop) => [coop._id, coop.name[req.lang]]));
    const body = (req.method === 'POST' ? req.body : {}) as Record<string, unknown>;
    await deps.pages.send(req, res, 'orders/checkout', {
      title: reader.t('orders.checkout.title'),
      noIndex: true,
      clickId: form?.clickId ?? newId(),
      holdMinutes: Math.round(deps.holdSeconds / 60),
      live: asked.live ? await deps.liveLink(asked.live, req.lang) : undefined,
      asked,
      one: asked.sku === undefined ? undefined : { sku: asked.sku, qty: asked.qty, max: oneMax(drawn.lines) },
      quote: presentQuote(drawn, { cooperatives, province }, reader),
      book: presentBook(book, req.lang).map((one) => ({ ...one, chosen: one.id === chosen?._id })),
      isNew: chosen === undefined,
      pocket: held.map((coupon) => ({ code: coupon._id, gives: describeCoupon(coupon, reader) })),
      values: {
        ...addressValues(body),
        note: text(body['note']),
        email: text(body['email']),
        coupon: form?.coupon,
      },
      provinces: provinceChoices(form?.province, req.lang),
      error: state.error,
      fields: state.fields ?? {},
      changes: state.changes?.(drawn, reader) ?? [],
    });
  };
}

export function checkoutRoutes(deps: CheckoutRouteDeps & { checkoutPage: CheckoutPage }): Router {
  const { checkout, addresses, translator, checkoutPage } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 90, by: (req) => req.person?.id });
  const guesses = { person: createCounter(GUESSES_OF_PERSON), address: createCounter(GUESSES_OF_ADDRESS) };

  /** Codes are short enough to be tried out: whoever tries many waits. @throws AppError `rate_limited` */
  function countGuess(req: Request, form: CheckoutForm) {
    const code = normaliseCoupon(form.coupon);
    if (code === '' || code === req.session.coupon) return;
    guesses.person.take(mustBeSomebody(req.person).id);
    guesses.address.take(req.ip ?? '');
  }

  async function addressOf(req: Request, form: CheckoutForm): Promise<{ to: PostalAddress; isNew: boolean }> {
    const person = mustBeSomebody(req.person);
    if (form.addressId !== 'new') return { to: await addresses.byId(form.addressId, person), isNew: false };
    return { to: parse(postalAddress, req.body), isNew: true };
  }

  async function place(req: Request, form: CheckoutForm) {
    const [address, extras] = allOf(
      await settled(() => addressOf(req, form)),
      await settled(async () => parse(placeExtras, req.body)),
    );
    const { clickId, coupon, shown } = form;
    const { to, isNew } = address;
    return checkout.place(
      {
        asked: form,
        clickId,
        address: to,
        isNewAddress: isNew,
        ...extras,
        email: extras.email,
        coupon,
        shown,
      },
      mustBeSomebody(req.person),
    );
  }

  router.get('/checkout', welcomeGuest, async (req, res) => {
    await checkoutPage(req, res, { asked: parse(checkoutQuery, req.query) });
  });

  router.post('/checkout', perPerson, welcomeGuest, async (req, res) => {
    const form = parse(checkoutForm, req.body);
    const t = translator.for(req.lang);
    try {
      countGuess(req, form);
    } catch (thrown) {
      const error = toAppError(thrown);
      res.status(error.status);
      return checkoutPage(req, res, {
        asked: form,
        form: { ...form, coupon: '' },
        error: t('checkout.guesses'),
      });
    }
    if (form.intent === 'quote') return checkoutPage(req, res, { asked: form, form });
    try {
      const result = await place(req, form);
      if (result.order) return res.redirect(303, `/orders/${result.order._id}?placed=1`);
      const { changes } = result;
      res.status(409);
      await checkoutPage(req, res, {
        asked: form,
        form,
        changes: (drawn, reader) => presentChanges(changes, drawn, reader),
        error: t('checkout.changed.title'),
      });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      res.status(error.status);
      const fields = fieldMessages(error.fields ?? {}, t);
      await checkoutPage(req, res, { asked: form, form, error: t(`errors.${error.code}`), fields });
    }
  });

  return router;
}

/** Wrong and right codes alike, except the one that was accepted last. */
const GUESSES_OF_PERSON = { windowMs: 10 * 60_000, max: 15 };
const GUESSES_OF_ADDRESS = { windowMs: 10 * 60_000, max: 60 };

/** At the first look the default; then what was chosen, if it is theirs. */
function chosenAddress(book: readonly Address[], form: CheckoutForm | undefined): Address | undefined {
  return form ? book.find(({ _id }) => _id === form.addressId) : book[0];
}

function oneMax(lines: readonly { available: number }[]): number {
  return Math.max(1, Math.min(99, lines[0]?.available ?? 1));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : '';
}

type Settled<T> = { value: T } | { error: AppError };

async function settled<T>(act: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await act() };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'invalid') throw error;
    return { error };
  }
}

/** Both, or everything that is wrong with either at once. @throws AppError `invalid` */
function allOf<A, B>(a: Settled<A>, b: Settled<B>): [A, B] {
  if ('value' in a && 'value' in b) return [a.value, b.value];
  const fields = { ...('error' in a ? a.error.fields : {}), ...('error' in b ? b.error.fields : {}) };
  throw new AppError('invalid', { fields });
}

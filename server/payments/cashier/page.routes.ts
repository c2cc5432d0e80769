import { createHash, timingSafeEqual } from 'node:crypto';
import { Router, type Request } from 'express';
import { AppError } from '../../platform/errors.ts';
import { limit, parse, parseParam, type Pages } from '../../platform/http/index.ts';
import type { Translator } from '../../platform/views/index.ts';
import { presentCashier } from './cashier.view.ts';
import type { Cashier } from './cashier.service.ts';
import { intentId, payForm, payQuery } from './page.schema.ts';

export interface CashierPageDeps {
  cashier: Cashier;
  pages: Pages;
  translator: Translator;
}

/** Where a buyer pays with test money. Whoever has the client secret is the buyer, as with Stripe. */
export function cashierPages({ cashier, pages, translator }: CashierPageDeps): Router {
  const router = Router();
  const perAddress = limit({ windowMs: 10_000, max: 60 });

  /** @throws AppError `not_found`, also for a wrong secret */
  async function paymentOf(req: Request, secret: string) {
    const found = await cashier.standing(parseParam(intentId, req.params['id']));
    if (!found || !isSame(secret, found.intent.client_secret)) throw new AppError('not_found');
    return found;
  }

  router.get('/cashier/pay/:id', perAddress, async (req, res) => {
    const { client_secret: secret, return_url: returnUrl } = parse(payQuery, req.query);
    const payment = await paymentOf(req, secret);
    await pages.send(req, res, 'payments/cashier', {
      title: translator.for(req.lang)('payments.cashier.title'),
      noIndex: true,
      bare: true,
      cashier: presentCashier(payment, { secret, returnUrl }),
    });
  });

  router.post('/cashier/pay/:id', perAddress, async (req, res) => {
    const { client_secret: secret, return_url: returnUrl, choice } = parse(payForm, req.body);
    const { id } = (await paymentOf(req, secret)).intent;
    const answer = await cashier.choose(id, choice);
    if (answer.ok) return void res.redirect(303, withResult(returnUrl, id));
    // Declined, or no longer to be paid: the page says so.
    const query = new URLSearchParams({ client_secret: secret, return_url: returnUrl });
    res.redirect(303, `/cashier/pay/${id}?${query}`);
  });

  return router;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}

/** Stripe says on the way back how it went; it is for the reader's eyes, never a proof. */
function withResult(path: string, id: string): string {
  const url = new URL(path, 'http://shop');
  url.searchParams.set('payment_intent', id);
  url.searchParams.set('redirect_status', 'succeeded');
  return url.pathname + url.search + url.hash;
}

import { Router, type Request } from 'express';
import { mustBeSomebody } from '../accounts/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam } from '../platform/http/index.ts';
import { money } from '../platform/money.ts';
import { createOrderPage, type RefusedForm } from './order-page.routes.ts';
import { isBuyer, isStaff } from './orders.policy.ts';
import type { OrderRouteDeps } from './orders.routes.ts';
import { publicCode } from './orders.schema.ts';
import type { Order } from './orders.service.ts';
import { refundForm, refundRequestForm } from './paying.schema.ts';

/** Paying an order, and asking for and sending back its money. */
export function payingRoutes(deps: OrderRouteDeps): Router {
  const { orders, pages, payments, translator } = deps;
  const router = Router();
  const orderPage = createOrderPage(deps);
  const perPerson = limit({ windowMs: 10_000, max: 20, by: (req) => req.person?.id });

  async function ownOrder(req: Request): Promise<Order> {
    const order = await orders.byCode(parseParam(publicCode, req.params['code']));
    if (!order || !req.person || !isBuyer(order, req.person)) throw new AppError('not_found');
    return order;
  }

  /** The order, with whose money in it this person may send back. */
  async function staffOrder(req: Request) {
    const order = await orders.byCode(parseParam(publicCode, req.params['code']));
    const person = mustBeSomebody(req.person);
    if (!order) throw new AppError('not_found');
    const desks = (await deps.cooperatives.ofPerson(person)).map(({ _id }) => _id);
    if (!isStaff(order, person, desks)) throw new AppError('not_found');
    const cooperatives: readonly string[] | 'all' = person.roles.includes('admin') ? 'all' : desks;
    return { order, staff: { id: person.id, cooperatives } };
  }

  /** A refused form comes back filled in, with what is wrong. @throws what is not the form's fault */
  function refusalOf(req: Request, thrown: unknown): RefusedForm {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status === 404) throw thrown;
    const t = translator.for(req.lang);
    req.res?.status(error.status);
    return {
      error: t(error.code === 'conflict' ? 'orders.staff.changed' : `errors.${error.code}`),
      fields: fieldMessages(error.fields ?? {}, t, error.values),
      values: (req.body ?? {}) as Record<string, unknown>,
    };
  }

  async function openPayment(req: Request, order: Order) {
    const description = translator.for(req.lang)('orders.order.title', { code: order._id });
    const returnUrl = `${pages.origin(req)}/orders/${order._id}`;
    return { returnUrl, ...(await orders.openPayment(order, description, returnUrl)) };
  }

  router.post('/orders/:code/pay', perPerson, async (req, res) => {
    const order = await ownOrder(req);
    const { payUrl } = await openPayment(req, order);
    res.redirect(303, payUrl ?? `/orders/${order._id}/pay`);
  });

  router.get('/orders/:code/pay', perPerson, async (req, res) => {
    const order = await ownOrder(req);
    const { clientSecret, returnUrl, payUrl } = await openPayment(req, order);
    await pages.send(req, res, 'orders/pay', {
      title: translator.for(req.lang)('orders.pay.title'),
      noIndex: true,
      code: order._id,
      expiresAt: order.expiresAt,
      pay: { ...payments.browserConfig(), clientSecret, returnUrl, payUrl, amount: money(order.totalFen) },
    });
  });

  router.post('/orders/:code/refund-request', perPerson, async (req, res) => {
    const order = await ownOrder(req);
    const { why } = parse(refundRequestForm, req.body);
    await orders.requestRefund(order, mustBeSomebody(req.person).id, why);
    res.redirect(303, `/orders/${order._id}`);
  });

  router.post('/orders/:code/refund', perPerson, async (req, res) => {
    const { order, staff } = await staffOrder(req);
    try {
      await orders.refund(order, parse(refundForm, req.body), staff);
    } catch (thrown) {
      return orderPage(req, res, refusalOf(req, thrown));
    }
    res.redirect(303, `/orders/${order._id}`);
  });

  router.post('/orders/:code/decline-refund', perPerson, async (req, res) => {
    const { order, staff } = await staffOrder(req);
    const { why } = parse(refundRequestForm, req.body);
    await orders.declineRefund(order, staff.id, why);
    res.redirect(303, `/orders/${order._id}`);
  });

  return router;
}

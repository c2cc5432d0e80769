import { Router, type Request, type Response } from 'express';
import {
  addressId,
  addressValues,
  mustBeSomebody,
  postalAddress,
  presentBook,
  provinceChoices,
  type Addresses,
} from '../accounts/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { deliveryForm } from './checkout.schema.ts';
import type { Delivery } from './delivery.service.ts';
import { isBuyer } from './orders.policy.ts';
import { publicCode } from './orders.schema.ts';
import type { Orders } from './orders.service.ts';

interface Deps {
  orders: Orders;
  delivery: Delivery;
  addresses: Addresses;
  pages: Pages;
  translator: Translator;
}

/** Where an order goes that was placed in a tap: said while it awaits payment. */
export function deliveryRoutes(deps: Deps): Router {
  const { orders, delivery, addresses, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 30, by: (req) => req.person?.id });

  async function show(
    req: Request,
    res: Response,
    state: { error?: string; fields?: Record<string, string> },
  ) {
    const person = mustBeSomebody(req.person);
    const order = await orders.byCode(parseParam(publicCode, req.params['code']));
    if (!order || !isBuyer(order, person)) throw new AppError('not_found');
    if (order.state !== 'awaiting_payment') throw new AppError('conflict');
    const book = presentBook(await addresses.list(person), req.lang);
    const values = addressValues(req.method === 'POST' ? req.body : {});
    const chosen = req.method === 'POST' ? deliveryForm.parse(req.body ?? {}).addressId : book[0]?.id;
    const isNew = !book.some(({ id }) => id === chosen);
    await pages.send(req, res, 'orders/delivery', {
      title: translator.for(req.lang)('checkout.address.title'),
      noIndex: true,
      code: order._id,
      action: `/orders/${order._id}/address`,
      book: book.map((one) => ({ ...one, chosen: one.id === chosen })),
      isNew,
      values,
      provinces: provinceChoices(values.province, req.lang),
      ...state,
    });
  }

  router.get('/orders/:code/address', (req, res) => show(req, res, {}));

  router.post('/orders/:code/address', perPerson, async (req, res) => {
    const code = parseParam(publicCode, req.params['code']);
    const person = mustBeSomebody(req.person);
    try {
      const { addressId: chosen } = parse(deliveryForm, req.body);
      if (chosen !== 'new') {
        const address = await addresses.byId(parseParam(addressId, chosen), person);
        await orders.payNothing(await delivery.setAddress(code, address, person));
      } else {
        const written = parse(postalAddress, req.body);
        await orders.payNothing(await delivery.setAddress(code, written, person));
        await addresses.add(written, person, { isDefault: false });
      }
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'invalid') throw thrown;
      const t = translator.for(req.lang);
      res.status(error.status);
      return show(req, res, { error: t('errors.invalid'), fields: fieldMessages(error.fields ?? {}, t) });
    }
    res.redirect(303, `/orders/${code}`);
  });

  return router;
}

import type { Request, Response } from 'express';
import { AppError } from '../platform/errors.ts';
import { parseParam } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import { presentDisputes } from './disputes.view.ts';
import { isBuyer, isStaff } from './orders.policy.ts';
import type { OrderRouteDeps } from './orders.routes.ts';
import { publicCode } from './orders.schema.ts';
import type { Order } from './orders.service.ts';
import { presentOrderPage, type OrderReader } from './orders.view.ts';
import { presentParcels } from './packing.view.ts';
import { presentAddress, presentBuyerChoices, presentMoney, presentStaffSide } from './paying.view.ts';

export interface VisibleOrder {
  order: Order;
  mine: boolean;
  /** For staff: the cooperatives whose part in the order is theirs. */
  desks: readonly string[] | 'all' | undefined;
}

/** What a form of the staff was refused for, and what was in it. */
export interface RefusedForm {
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** The order, for its buyer and for staff; to everybody else it does not exist. @throws AppError `not_found` */
export async function visibleOrder(
  { orders, cooperatives }: Pick<OrderRouteDeps, 'orders' | 'cooperatives'>,
  req: Request,
): Promise<VisibleOrder> {
  const order = await orders.byCode(parseParam(publicCode, req.params['code']));
  const person = req.person;
  if (!order || !person) throw new AppError('not_found');
  const mine = isBuyer(order, person);
  const ids = (await cooperatives.ofPerson(person)).map(({ _id }) => _id);
  const staff = isStaff(order, person, ids);
  if (!mine && !staff) throw new AppError('not_found');
  if (!staff) return { order, mine, desks: undefined };
  return { order, mine, desks: person.roles.includes('admin') ? 'all' : ids };
}

/** The page of an order: the buyer's side, and the staff's beside it. */
export function createOrderPage(deps: OrderRouteDeps) {
  const { pages, translator } = deps;
  return async (req: Request, res: Response, refused?: RefusedForm): Promise<void> => {
    const { order, mine, desks } = await visibleOrder(deps, req);
    const reader: OrderReader = { lang: req.lang, t: translator.for(req.lang), media: deps.media };
    const coops = await deps.cooperatives.byIds(order.cooperatives);
    const names = new Map(coops.map((coop) => [coop._id, coop.name[req.lang]]));
    const live = order.live ? await deps.liveLink(order.live, req.lang) : undefined;
    // Few orders are ever disputed: the payment's own record is read for those alone.
    const payment = order.payment.disputed ? await deps.payments.of(order._id) : undefined;
    await pages.send(req, res, 'orders/order', {
      title: reader.t('orders.order.title', { code: order._id }),
      noIndex: true,
      recallNotices: await deps.recallNotices(order._id),
      justPlaced: req.query['placed'] === '1' && order.state === 'awaiting_payment',
      mine,
      money: presentMoney(order, reader),
      address: presentAddress(order),
      choices: presentBuyerChoices(order),
      disputes: presentDisputes(payment?.disputes ?? [], desks ? 'staff' : 'buyer', reader),
      staff: desks && { ...presentStaffSide(order, { desks, names, refused }, reader), commandId: newId() },
      order: {
        ...presentOrderPage(order, reader, { mine, live, cooperatives: names }),
        parcels: presentParcels(order, reader, { mine, desks, cooperatives: names }),
      },
    });
  };
}

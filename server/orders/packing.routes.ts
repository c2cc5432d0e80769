import { Router, type Request, type Response } from 'express';
import { mustBeSomebody } from '../accounts/index.ts';
import { chosenDesk, presentDeskFrame, type Cooperative } from '../cooperatives/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import { isBuyer } from './orders.policy.ts';
import type { OrderRouteDeps } from './orders.routes.ts';
import { publicCode } from './orders.schema.ts';
import type { Order } from './orders.service.ts';
import { orderQuery, packCommand, parcelCommand, receivedCommand, shipCommand } from './packing.schema.ts';
import type { Packer, Packing } from './packing.service.ts';
import { presentPacking } from './packing.view.ts';

export interface PackingRouteDeps extends OrderRouteDeps {
  packing: Packing;
}

/** What a form was refused for, and what was in it. */
interface Refused {
  /** `pack`, or the parcel whose form it was. */
  form: string;
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** One order on the packing table, and its boxes on their way. */
export function packingRoutes(deps: PackingRouteDeps): Router {
  const { orders, packing, cooperatives, stock, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 600, by: (req) => req.person?.id });

  /** The order and the desk that looks at it; to a desk without a line in it, it does not exist. */
  async function atDesk(req: Request, slug: string | undefined) {
    const desks = await cooperatives.desksOf(req.person);
    const order = await orders.byCode(parseParam(publicCode, req.params['code']));
    if (!order) throw new AppError('not_found');
    const current = slug === undefined ? firstWithPart(desks, order) : chosenDesk(desks, slug);
    if (!order.cooperatives.includes(current._id)) throw new AppError('not_found');
    return { desks, order, current };
  }

  /** Who packs, for the desk that the form names. */
  async function packerOf(req: Request, slug: string): Promise<Packer & { slug: string }> {
    const { current } = await atDesk(req, slug);
    return { id: req.person!.id, cooperative: current._id, slug: current.slug };
  }

  async function show(req: Request, res: Response, refused?: Refused) {
    const slug = refused ? String(refused.values['coop']) : parse(orderQuery, req.query).coop;
    const { desks, order, current } = await atDesk(req, slug);
    const reader = { lang: req.lang, t: translator.for(req.lang), media: deps.media };
    const ids = order.lines.flatMap(({ lots }) => lots.map(({ lot }) => lot));
    const lots = new Map((await stock.lots(ids)).map((lot) => [lot._id, lot]));
    const page = presentPacking(order, current, lots, reader);
    await pages.send(req, res, 'orders/packing', {
      title: reader.t('packing.order.title', { code: order._id }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'orders', lang: req.lang }),
      order: {
        ...page,
        lines: page.lines.map((line) => ({ ...line, error: refused?.fields[`line${line.index}`] })),
        parcels: page.parcels.map((parcel) => ({
          ...parcel,
          refused: refused?.form === parcel.code ? refused : undefined,
          carriers: parcel.carriers.map((one) =>
            refused?.form === parcel.code ? { ...one, chosen: one.key === refused.values['carrier'] } : one,
          ),
        })),
      },
      commandId: newId(),
      refused,
    });
  }

  /** A refused form comes back filled in, with what is wrong. @throws what is not the form's fault */
  function refusalOf(req: Request, form: string, thrown: unknown): Refused {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status === 404 || !error.fields) throw error;
    const t = translator.for(req.lang);
    req.res?.status(error.status);
    return {
      form,
      error: t(`errors.${error.code}`),
      fields: fieldMessages(error.fields, t, error.values),
      values: (req.body ?? {}) as Record<string, unknown>,
    };
  }

  const codeOf = (req: Request) => parseParam(publicCode, req.params['code']);
  const parcelOf = (req: Request) => parseParam(publicCode, req.params['parcel']);
  const back = (res: Response, code: string, coop: string) =>
    res.redirect(303, `/coop/orders/${code}?coop=${coop}#parcels`);

  router.get('/coop/orders/:code', (req, res) => show(req, res));

  router.post('/coop/orders/:code/parcels', perPerson, async (req, res) => {
    await cooperatives.desksOf(req.person);
    try {
      const { coop, ...command } = parse(packCommand, req.body);
      const packer = await packerOf(req, coop);
      await packing.pack(codeOf(req), command, packer);
      back(res, codeOf(req), packer.slug);
    } catch (error) {
      await show(req, res, refusalOf(req, 'pack', error));
    }
  });

  router.post('/coop/orders/:code/parcels/:parcel/ship', perPerson, async (req, res) => {
    await cooperatives.desksOf(req.person);
    try {
      const { coop, ...sending } = parse(shipCommand, req.body);
      const packer = await packerOf(req, coop);
      await packing.ship(codeOf(req), parcelOf(req), sending, packer);
      back(res, codeOf(req), packer.slug);
    } catch (error) {
      await show(req, res, refusalOf(req, parcelOf(req), error));
    }
  });

  router.post('/coop/orders/:code/parcels/:parcel/unpack', perPerson, async (req, res) => {
    const packer = await packerOf(req, parse(parcelCommand, req.body).coop);
    await packing.unpack(codeOf(req), parcelOf(req), packer);
    back(res, codeOf(req), packer.slug);
  });

  router.post('/coop/orders/:code/parcels/:parcel/delivered', perPerson, async (req, res) => {
    const packer = await packerOf(req, parse(parcelCommand, req.body).coop);
    await packing.deliver(codeOf(req), parcelOf(req), packer);
    back(res, codeOf(req), packer.slug);
  });

  router.post('/orders/:code/parcels/:parcel/received', perPerson, async (req, res) => {
    const person = mustBeSomebody(req.person);
    parse(receivedCommand, req.body);
    const order = await packing.receive(codeOf(req), parcelOf(req), {
      id: person.id,
      mine: (found) => isBuyer(found, person),
    });
    res.redirect(303, `/orders/${order._id}`);
  });

  return router;
}

function firstWithPart(desks: readonly Cooperative[], order: Order): Cooperative {
  const found = desks.find(({ _id }) => order.cooperatives.includes(_id));
  if (!found) throw new AppError('not_found');
  return found;
}

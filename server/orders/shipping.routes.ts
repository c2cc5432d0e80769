import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { mustHaveRole } from '../accounts/index.ts';
import {
  chosenDesk,
  presentDeskFrame,
  slug,
  type Cooperative,
  type Cooperatives,
} from '../cooperatives/index.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { dispatchForm } from './dispatch.schema.ts';
import type { Dispatch } from './dispatch.service.ts';
import { presentDispatch } from './dispatch.view.ts';
import { MAX_ZONES, shippingHead, shippingTable } from './shipping.schema.ts';
import type { Shipping } from './shipping.service.ts';
import { fieldsFrom, presentTable, presentVersions, tableFields, type TableFields } from './shipping.view.ts';

interface Deps {
  shipping: Shipping;
  dispatch: Dispatch;
  cooperatives: Cooperatives;
  pages: Pages;
  translator: Translator;
}

const query = z.object({ coop: slug.optional(), saved: z.string().optional() });

/** What a cooperative charges for sending: its members' page. */
export function shippingRoutes(deps: Deps): Router {
  const { shipping, dispatch, cooperatives, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 20, by: (req) => req.person?.id });

  /** @throws AppError `forbidden` without a desk, `not_found` for a desk that is not theirs */
  async function deskOf(req: Request, wanted: string | undefined) {
    const desks = await cooperatives.ofPerson(mustHaveRole(req.person, 'coop'));
    if (desks.length === 0) throw new AppError('forbidden');
    return { desks, current: chosenDesk(desks, wanted) };
  }

  interface State {
    desks: Cooperative[];
    current: Cooperative;
    fields?: TableFields;
    errors?: Record<string, string>;
    error?: string;
    saved?: boolean;
    /** What was wrong with the promise about sending. */
    refused?: { fields: Record<string, string>; values: Record<string, unknown> };
  }

  async function show(req: Request, res: Response, { desks, current, ...state }: State) {
    const [{ version, table, history }, promise] = await Promise.all([
      shipping.ofCooperative(current._id),
      dispatch.ofCooperative(current._id),
    ]);
    await pages.send(req, res, 'orders/shipping', {
      title: translator.for(req.lang)('shipping.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'shipping', lang: req.lang }),
      current: { slug: current.slug, name: current.name[req.lang] },
      version,
      table: presentTable(state.fields ?? tableFields(table), state.errors ?? {}, MAX_ZONES, req.lang),
      history: presentVersions(history),
      dispatch: presentDispatch(promise, state.refused),
      error: state.error,
      saved: state.saved,
    });
  }

  router.get('/coop/shipping', async (req, res) => {
    const { coop, saved } = parse(query, req.query);
    await show(req, res, { ...(await deskOf(req, coop)), saved: saved === '1' });
  });

  router.post('/coop/shipping', perPerson, async (req, res) => {
    const person = mustHaveRole(req.person, 'coop');
    const { coop, version } = parse(shippingHead, req.body);
    const { desks, current } = await deskOf(req, coop);
    const fields = fieldsFrom(req.body, MAX_ZONES);
    try {
      const table = parse(shippingTable, fields);
      const by = { person, cooperatives: desks.map(({ _id }) => _id) };
      await shipping.change(current._id, { table, version }, by);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      const t = translator.for(req.lang);
      res.status(error.status);
      const errors = fieldMessages(error.fields ?? {}, t);
      return show(req, res, { desks, current, fields, errors, error: t(`errors.${error.code}`) });
    }
    res.redirect(303, `/coop/shipping?coop=${current.slug}&saved=1`);
  });

  router.post('/coop/dispatch', perPerson, async (req, res) => {
    const person = mustHaveRole(req.person, 'coop');
    const { coop } = parse(shippingHead, req.body);
    const { desks, current } = await deskOf(req, coop);
    try {
      const { version, days, cutOffHour, resumesOn } = parse(dispatchForm, req.body);
      const by = { person, cooperatives: desks.map(({ _id }) => _id) };
      await dispatch.change(current._id, { terms: { days, cutOffHour, resumesOn }, version }, by);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      const t = translator.for(req.lang);
      res.status(error.status);
      const refused = {
        fields: fieldMessages(error.fields ?? {}, t),
        values: (req.body ?? {}) as Record<string, unknown>,
      };
      return show(req, res, { desks, current, refused, error: t(`errors.${error.code}`) });
    }
    res.redirect(303, `/coop/shipping?coop=${current.slug}&saved=1`);
  });

  return router;
}

import { Router, type Request, type Response } from 'express';
import type { Accounts } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { presentDeskFrame, type Cooperatives } from '../cooperatives/index.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Cartons } from './cartons.service.ts';
import { cartonPrint, ssccParam, startCarton } from './cartons.schema.ts';
import { presentCartonRow, presentContents, presentPut } from './cartons.view.ts';
import { SHEET_NAMES } from './labels.rules.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import { lotParam } from './recalls.schema.ts';
import { scanCommand, undoCommand } from './scanning.schema.ts';

export interface CartonRouteDeps {
  cartons: Cartons;
  catalog: Catalog;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
  media: Media;
}

const PLACE = '/coop/cartons/carton/:sscc';

/** Cartons of a lot: filled at the same table as orders are packed, closed, labelled, taken apart. */
export function cartonRoutes(deps: CartonRouteDeps): Router {
  const { cartons, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 600, by: (req) => req.person?.id });
  const lotOf = (req: Request) => parseParam(lotParam, req.params['lot']);
  const ssccOf = (req: Request) => parseParam(ssccParam, req.params['sscc']);
  const home = (sscc: string) => `/coop/cartons/carton/${sscc}`;

  async function contentsOf(req: Request, sscc: string) {
    const { desks, member } = await side.whoIs(req);
    const { carton, lot } = await cartons.own(sscc, member);
    const found = (await deps.catalog.sellables([lot.sku])).get(lot.sku);
    const goods = {
      name: found?.product.name[req.lang] ?? lot.sku,
      variant: found?.variant.name[req.lang] ?? '',
      picture: deps.media.picture(found?.product.image ?? ''),
    };
    return { desks, carton, lot, goods, table: presentContents(carton, goods, cartons.most) };
  }

  type Said = ReturnType<typeof presentPut>;

  async function show(req: Request, res: Response, more: { said?: Said; refused?: Refused } = {}) {
    const { desks, carton, lot, goods, table } = await contentsOf(req, ssccOf(req));
    const t = translator.for(req.lang);
    const current = desks.find(({ _id }) => _id === carton.cooperative)!;
    await pages.send(req, res, 'trace/carton', {
      title: t('cartons.one', { sscc: carton._id }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      carton: presentCartonRow(carton, t),
      isOpen: carton.state === 'open',
      isClosed: carton.state === 'closed',
      mayUnpack: carton.state === 'open' || carton.state === 'closed',
      goods,
      lot: { code: lot.code, href: `/coop/cartons/${lot.code}` },
      table,
      base: home(carton._id),
      sheets: SHEET_NAMES.map((key) => ({ key, label: t(`labels.sheet.${key}`) })),
      ...more,
    });
  }

  router.get('/coop/cartons/:lot', async (req, res) => {
    const { desks, member } = await side.whoIs(req);
    const { lot, cartons: found } = await cartons.ofLot(lotOf(req), member);
    const t = translator.for(req.lang);
    const current = desks.find(({ _id }) => _id === lot.cooperative)!;
    const goods = (await deps.catalog.sellables([lot.sku])).get(lot.sku);
    await pages.send(req, res, 'trace/cartons', {
      title: t('cartons.title', { lot: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      lot: { code: lot.code, href: `/coop/stock/${lot.code}` },
      product: goods?.product.name[req.lang],
      variant: goods?.variant.name[req.lang],
      cartons: found.map((carton) => presentCartonRow(carton, t)),
      commandId: newId(),
    });
  });

  router.post('/coop/cartons/:lot', perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    const { commandId } = parse(startCarton, req.body);
    res.redirect(303, home(await cartons.start(lotOf(req), commandId, member)));
  });

  router.get(PLACE, (req, res) => show(req, res));

  router.post(PLACE, perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    const { code } = parse(scanCommand, req.body);
    const said = presentPut(await cartons.put(ssccOf(req), code, member), translator.for(req.lang));
    if (!said.ok) res.status(409);
    if (wantsJson(req)) {
      const { table } = await contentsOf(req, ssccOf(req));
      return void res.json({ ...said, table });
    }
    await show(req, res, { said });
  });

  router.post(`${PLACE}/undo`, perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    await cartons.take(ssccOf(req), parse(undoCommand, req.body).serial, member);
    if (wantsJson(req)) {
      const { table } = await contentsOf(req, ssccOf(req));
      return void res.json({ ok: true, table });
    }
    res.redirect(303, home(ssccOf(req)));
  });

  for (const act of ['close', 'unpack'] as const) {
    router.post(`${PLACE}/${act}`, perPerson, async (req, res) => {
      const { member } = await side.whoIs(req);
      try {
        await cartons[act](ssccOf(req), member);
      } catch (error) {
        return show(req, res, { refused: side.refusalOf(req, act, error) });
      }
      res.redirect(303, home(ssccOf(req)));
    });
  }

  router.post(`${PLACE}/label`, perPerson, async (req, res) => {
    const { member } = await side.whoIs(req);
    const sscc = ssccOf(req);
    const { sheet } = parse(cartonPrint, req.body);
    await cartons.own(sscc, member);
    res.set('Content-Disposition', `attachment; filename="${sscc}.pdf"`).type('pdf');
    res.set('Cache-Control', 'private, no-store');
    const reader = { lang: req.lang, t: translator.for(req.lang) };
    await cartons.print(sscc, sheet, { out: res, member, reader });
  });

  return router;
}

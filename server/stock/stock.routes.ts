import { Router, type Request, type Response } from 'express';
import type { Accounts } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { chosenDesk, presentDeskFrame, type Cooperative, type Cooperatives } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import type { Media } from '../platform/media/index.ts';
import { localDay, type Translator } from '../platform/views/index.ts';
import { WRITE_OFF_REASONS } from './lots.rules.ts';
import type { Lots } from './lots.service.ts';
import type { Member } from './stock.policy.ts';
import {
  adjustCommand,
  blockCommand,
  readyCommand,
  lotCode,
  lotQuery,
  moveCommand,
  receiveLotForm,
  receiveQuery,
  stockQuery,
  writeOffCommand,
} from './stock.schema.ts';
import type { Stock } from './stock.service.ts';
import {
  presentChoices,
  presentFilters,
  presentLine,
  presentLotPage,
  presentStock,
  presentTarget,
  type OrdersBehind,
  type StockReader,
} from './stock.view.ts';

export interface StockRouteDeps {
  stock: Stock;
  lots: Lots;
  catalog: Catalog;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
  media: Media;
  clock: Clock;
  /** The orders that the till took pieces of a lot for, by the batch's id; orders stand up the ladder. */
  ordersBehind: (lot: string, batches: readonly string[]) => Promise<Map<string, OrdersBehind>>;
}

/** What a form was refused for, and what was in it. */
interface Refused {
  act: string;
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** The stock pages of a cooperative's desk. */
export function stockRoutes(deps: StockRouteDeps): Router {
  const { stock, lots, catalog, cooperatives, pages, translator } = deps;
  // A lot may be called RECEIVE.
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 600, by: (req) => req.person?.id });

  function readerOf(req: Request): StockReader {
    return {
      lang: req.lang,
      t: translator.for(req.lang),
      media: deps.media,
      today: localDay(deps.clock.now()),
    };
  }

  async function whoIs(req: Request): Promise<{ desks: Cooperative[]; member: Member }> {
    const desks = await cooperatives.desksOf(req.person);
    return { desks, member: { id: req.person!.id, cooperatives: desks.map(({ _id }) => _id) } };
  }

  async function namesOf(ids: Iterable<string>): Promise<Map<string, string>> {
    const people = await Promise.all([...new Set(ids)].map((id) => deps.accounts.byId(id)));
    return new Map(people.flatMap((person) => (person ? [[person.id, person.name]] : [])));
  }

  async function showReceive(req: Request, res: Response, refused?: Refused) {
    const { desks, member } = await whoIs(req);
    const query = parse(receiveQuery, req.query);
    const reader = readerOf(req);
    const sku = query.sku ?? (refused ? String(refused.values['sku']) : undefined);
    const suggested = sku === undefined ? undefined : await lots.suggestion(sku, member);
    const current = suggested
      ? desks.find(({ _id }) => _id === suggested.product.cooperative)!
      : chosenDesk(desks, query.coop);
    await pages.send(req, res, 'stock/receive', {
      title: reader.t('stock.receive.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      commandId: newId(),
      refused,
      form: suggested && {
        sku,
        product: suggested.product.name[req.lang],
        variant: suggested.variant.name[req.lang],
        picture: deps.media.picture(suggested.product.image),
        shelfLifeDays: suggested.product.shelfLifeDays,
        today: reader.today,
        computed: suggested.bestBefore,
        values: { code: suggested.code, madeOn: suggested.madeOn, ...refused?.values },
      },
      choices: suggested ? [] : presentChoices(await catalog.ofCooperative(current._id), reader),
    });
  }

  async function showLot(req: Request, res: Response, refused?: Refused) {
    const { desks, member } = await whoIs(req);
    const lot = await lots.own(parseParam(lotCode, req.params['code']), member);
    const { below } = parse(lotQuery, req.query);
    const reader = readerOf(req);
    const current = desks.find(({ _id }) => _id === lot.cooperative)!;
    const [{ lines, next }, sellables, targets] = await Promise.all([
      lots.ledger(lot, below),
      catalog.sellables([lot.sku]),
      lots.targets(lot),
    ]);
    const batches = lines.filter(({ kind }) => kind === 'held').map(({ ref }) => ref);
    const [names, behind] = await Promise.all([
      namesOf([...lines, ...(lot.history ?? [])].map(({ by }) => by)),
      deps.ordersBehind(lot._id, batches),
    ]);
    const product = sellables.get(lot.sku)?.product;
    const href = `/coop/stock/${lot.code}`;
    await pages.send(req, res, 'stock/lot', {
      title: reader.t('stock.lot.title', { code: lot.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      lot: presentLotPage(lot, { product, names }, reader),
      ledger: lines.map((line) => presentLine(line, { coop: current.slug, names, behind }, reader)),
      targets: targets.map((other) => presentTarget(other, reader, refused?.values['to'])),
      firstHref: below === undefined ? undefined : `${href}#book`,
      nextHref: next === undefined ? undefined : `${href}?below=${next}#book`,
      commandId: newId(),
      reasons: WRITE_OFF_REASONS.map((key) => ({
        key,
        label: reader.t(`stock.reason.${key}`),
        chosen: refused?.values['reason'] === key,
      })),
      refused,
    });
  }

  /** A refused form comes back filled in, with what is wrong. @throws what is not the form's fault */
  function refusalOf(req: Request, act: string, thrown: unknown): Refused {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status === 404 || !error.fields) throw error;
    const t = translator.for(req.lang);
    req.res?.status(error.status);
    return {
      act,
      // The field says what it is, such as the number that can be taken.
      error: t('errors.invalid'),
      fields: fieldMessages(error.fields, t, error.values),
      values: (req.body ?? {}) as Record<string, unknown>,
    };
  }

  router.get('/coop/stock', async (req, res) => {
    const query = parse(stockQuery, req.query);
    const { desks } = await whoIs(req);
    const current = chosenDesk(desks, query.coop);
    const reader = readerOf(req);
    const [products, found] = await Promise.all([
      catalog.ofCooperative(current._id),
      lots.ofCooperative(current._id, query.show),
    ]);
    await pages.send(req, res, 'stock/stock', {
      title: reader.t('stock.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'stock', lang: req.lang }),
      filters: presentFilters(query.show, current.slug, reader),
      products: presentStock(products, found, query.show, reader),
      receiveHref: `/coop/stock/receive?coop=${current.slug}`,
    });
  });

  router.get('/coop/stock/receive', (req, res) => showReceive(req, res));

  router.post('/coop/stock/receive', perPerson, async (req, res) => {
    const { member } = await whoIs(req);
    try {
      const lot = await stock.receive(parse(receiveLotForm, req.body), member);
      res.redirect(303, `/coop/stock/${lot.code}`);
    } catch (error) {
      await showReceive(req, res, refusalOf(req, 'receive', error));
    }
  });

  router.get('/coop/stock/:code', (req, res) => showLot(req, res));

  const acts = {
    adjust: (code: string, body: unknown, member: Member) =>
      lots.adjust(code, parse(adjustCommand, body), member),
    move: (code: string, body: unknown, member: Member) => lots.move(code, parse(moveCommand, body), member),
    'write-off': (code: string, body: unknown, member: Member) =>
      lots.writeOff(code, parse(writeOffCommand, body), member),
    block: (code: string, body: unknown, member: Member) =>
      lots.setBlocked(code, 'block', parse(blockCommand, body), member),
    unblock: (code: string, body: unknown, member: Member) =>
      lots.setBlocked(code, 'unblock', parse(blockCommand, body), member),
    ready: (code: string, body: unknown, member: Member) =>
      lots.setReady(code, parse(readyCommand, body), member),
  };
  for (const [act, run] of Object.entries(acts)) {
    router.post(`/coop/stock/:code/${act}`, perPerson, async (req, res) => {
      const code = parseParam(lotCode, req.params['code']);
      const { member } = await whoIs(req);
      try {
        await lots.own(code, member);
        await run(code, req.body, member);
      } catch (error) {
        return showLot(req, res, refusalOf(req, act, error));
      }
      res.redirect(303, `/coop/stock/${code}`);
    });
  }

  return router;
}

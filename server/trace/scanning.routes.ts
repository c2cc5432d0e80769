import { Router, type Request, type Response } from 'express';
import { chosenDesk, presentDeskFrame } from '../cooperatives/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam, wantsJson, type Pages } from '../platform/http/index.ts';
import type { Media } from '../platform/media/index.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import { orderParam, scanCommand, scanQuery, undoCommand } from './scanning.schema.ts';
import type { Packer, Scanning } from './scanning.service.ts';
import { presentOutcome, presentTable } from './scanning.view.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Translator } from '../platform/views/index.ts';

export interface ScanningRouteDeps {
  scanning: Scanning;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
  media: Media;
}

type Said = ReturnType<typeof presentOutcome>;

/** The scanning table of one order: works with a wedge scanner and a plain form, better with a script and a camera. */
export function scanningRoutes(deps: ScanningRouteDeps): Router {
  const { scanning, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 600, by: (req) => req.person?.id });
  const codeOf = (req: Request) => parseParam(orderParam, req.params['code']);

  async function packerOf(req: Request, slug: string | undefined) {
    const { desks, member } = await side.whoIs(req);
    const current = chosenDesk(desks, slug);
    const packer: Packer = { id: member.id, cooperative: current._id };
    return { desks, current, packer };
  }

  function readerOf(req: Request) {
    return {
      lang: req.lang,
      t: translator.for(req.lang),
      picture: (image: string) => deps.media.picture(image),
    };
  }

  async function tableOf(req: Request, packer: Packer) {
    const { order, units, cartons } = await scanning.ofOrder(codeOf(req), packer);
    return presentTable(order, { units, cartons, cooperative: packer.cooperative }, readerOf(req));
  }

  async function show(
    req: Request,
    res: Response,
    { slug, said, refused }: { slug?: string | undefined; said?: Said; refused?: Refused },
  ) {
    const { desks, current, packer } = await packerOf(req, slug);
    const table = await tableOf(req, packer);
    await pages.send(req, res, 'trace/scanning', {
      title: translator.for(req.lang)('scanning.title', { code: table.code }),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'orders', lang: req.lang }),
      table,
      base: `/coop/orders/${table.code}/scan`,
      packHref: `/coop/orders/${table.code}?coop=${current.slug}`,
      said,
      refused,
    });
  }

  router.get('/coop/orders/:code/scan', async (req, res) => {
    await show(req, res, { slug: parse(scanQuery, req.query).coop });
  });

  router.post('/coop/orders/:code/scan', perPerson, async (req, res) => {
    const { coop, code } = parse(scanCommand, req.body);
    const { packer } = await packerOf(req, coop);
    const outcome = await scanning.scan(codeOf(req), code, packer);
    const { order } = await scanning.ofOrder(codeOf(req), packer);
    const said = presentOutcome(outcome, order, readerOf(req));
    if (!said.ok) res.status(409);
    if (wantsJson(req)) return void res.json({ ...said, table: await tableOf(req, packer) });
    await show(req, res, { slug: coop, said });
  });

  router.post('/coop/orders/:code/scan/undo', perPerson, async (req, res) => {
    const { coop, serial } = parse(undoCommand, req.body);
    const { packer } = await packerOf(req, coop);
    try {
      await scanning.undo(codeOf(req), serial, packer);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict' || wantsJson(req)) throw error;
      return show(req, res, { slug: coop, refused: side.refusalOf(req, 'undo', error) });
    }
    if (wantsJson(req)) return void res.json({ ok: true, table: await tableOf(req, packer) });
    res.redirect(303, `/coop/orders/${codeOf(req)}/scan?coop=${coop}`);
  });

  return router;
}

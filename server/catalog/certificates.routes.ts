import { Router, type Request, type Response } from 'express';
import { mustHaveRole, type Accounts } from '../accounts/index.ts';
import { chosenDesk, presentDeskFrame, type Cooperatives } from '../cooperatives/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import { newId } from '../platform/ids.ts';
import { formWithPaper, type Papers } from '../platform/media/index.ts';
import { localDay, type Translator } from '../platform/views/index.ts';
import type { Catalog } from './catalog.service.ts';
import { EXPIRING_DAYS } from './certificates.rules.ts';
import {
  certificateForm,
  certificateId,
  certificatesQuery,
  fileCommand,
  revokeCommand,
} from './certificates.schema.ts';
import type { CertificateRecord, Certificates } from './certificates.service.ts';
import {
  presentKinds,
  presentRecord,
  presentRow,
  presentScope,
  type CertificateReader,
} from './certificates.view.ts';

export interface CertificateRouteDeps {
  certificates: Certificates;
  catalog: Catalog;
  cooperatives: Cooperatives;
  accounts: Accounts;
  papers: Papers;
  pages: Pages;
  translator: Translator;
  clock: Clock;
}

const DAY_MS = 24 * 3_600_000;

interface Refused {
  act: string;
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** The certificates of a cooperative's desk, and of all of them for an admin. */
export function certificateRoutes(deps: CertificateRouteDeps): Router {
  const { certificates, catalog, cooperatives, papers, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 30, by: (req) => req.person?.id });

  function readerOf(req: Request): CertificateReader {
    const now = deps.clock.now();
    return {
      lang: req.lang,
      t: translator.for(req.lang),
      today: localDay(now),
      soon: localDay(new Date(now.getTime() + EXPIRING_DAYS * DAY_MS)),
    };
  }

  async function deskOf(req: Request, slug: string | undefined) {
    const desks = await cooperatives.desksOf(req.person);
    const current = chosenDesk(desks, slug);
    const keeper = { id: req.person!.id, cooperatives: desks.map(({ _id }) => _id) };
    return { desks, current, keeper };
  }

  /** Names of the products behind SKUs. */
  async function namesOf(docs: readonly CertificateRecord[], req: Request) {
    const found = await catalog.sellables(docs.flatMap(({ skus }) => skus));
    return new Map([...found].map(([sku, { product }]) => [sku, product.name[req.lang]]));
  }

  async function peopleOf(ids: readonly string[]) {
    const found = await Promise.all([...new Set(ids)].map((id) => deps.accounts.byId(id)));
    return new Map(found.flatMap((person) => (person ? [[person.id, person.name]] : [])));
  }

  async function showForm(req: Request, res: Response, refused?: Refused) {
    const query = parse(certificatesQuery, req.query);
    const asked = refused ? textOf(refused.values['coop']) : query.coop;
    const { desks, keeper } = await deskOf(req, undefined);
    const before = query.renews ? await certificates.own(query.renews, keeper) : undefined;
    const current = before
      ? desks.find(({ _id }) => _id === before.cooperative)!
      : chosenDesk(desks, asked === '' ? undefined : asked);
    const reader = readerOf(req);
    const values = refused?.values ?? (before ? valuesOf(before) : {});
    const skus = new Set([values['skus'] ?? []].flat().map(String));
    await pages.send(req, res, 'catalog/certificate-form', {
      title: reader.t(before ? 'certificates.renewTitle' : 'certificates.addTitle'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'certificates', lang: req.lang }),
      commandId: newId(),
      renews: before?._id ?? values['renews'],
      renewing: before !== undefined || Boolean(values['renews']),
      values,
      refused,
      kinds: presentKinds(textOf(values['kind']), reader.t),
      products: presentScope(await catalog.ofCooperative(current._id), skus, req.lang),
    });
  }

  async function showOne(req: Request, res: Response, refused?: Refused) {
    const { desks, keeper } = await deskOf(req, undefined);
    const doc = await certificates.own(parseParam(certificateId, req.params['id']), keeper);
    const current = desks.find(({ _id }) => _id === doc.cooperative)!;
    const reader = readerOf(req);
    const [names, people] = await Promise.all([
      namesOf([doc], req),
      peopleOf(doc.history.map(({ by }) => by)),
    ]);
    await pages.send(req, res, 'catalog/certificate', {
      title: `${reader.t(`catalog.certificate.${doc.kind}`)} ${doc.number}`,
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'certificates', lang: req.lang }),
      certificate: presentRecord(doc, { names, people }, reader),
      commandId: newId(),
      refused,
    });
  }

  /** A refused form comes back filled in. @throws what is not the form's fault */
  function refusalOf(req: Request, act: string, thrown: unknown): Refused {
    const error = toAppError(thrown);
    if (error.status >= 500 || error.status === 404 || error.status === 403) throw error;
    const t = translator.for(req.lang);
    req.res?.status(error.status);
    const fields = Object.fromEntries(
      Object.entries(error.fields ?? {}).map(([name, key]) => [name.replace(/\.\d+$/, ''), key]),
    );
    return {
      act,
      error: t(`errors.${error.code}`),
      fields: fieldMessages(fields, t, error.values),
      values: (req.body ?? {}) as Record<string, unknown>,
    };
  }

  router.get('/coop/certificates', async (req, res) => {
    const { coop } = parse(certificatesQuery, req.query);
    const { desks, current } = await deskOf(req, coop);
    const found = await certificates.ofCooperatives([current._id]);
    const [reader, names] = [readerOf(req), await namesOf(found, req)];
    await pages.send(req, res, 'catalog/certificates', {
      title: reader.t('certificates.title'),
      noIndex: true,
      desk: presentDeskFrame(desks, current, { tab: 'certificates', lang: req.lang }),
      certificates: found.map((doc) => presentRow(doc, { names }, reader)),
      addHref: `/coop/certificates/new?coop=${current.slug}`,
    });
  });

  router.get('/admin/certificates', async (req, res) => {
    mustHaveRole(req.person, 'admin');
    const coops = await cooperatives.list();
    const found = await certificates.ofCooperatives(coops.map(({ _id }) => _id));
    const [reader, names] = [readerOf(req), await namesOf(found, req)];
    const nameOf = new Map(coops.map((coop) => [coop._id, coop.name[req.lang]]));
    await pages.send(req, res, 'catalog/certificates', {
      title: reader.t('certificates.allTitle'),
      noIndex: true,
      certificates: found.map((doc) =>
        presentRow(doc, { names, cooperative: nameOf.get(doc.cooperative) }, reader),
      ),
    });
  });

  router.get('/coop/certificates/new', (req, res) => showForm(req, res));

  router.post('/coop/certificates', perPerson, async (req, res) => {
    // Before the file is read: a stranger's upload is not even taken in.
    const { keeper } = await deskOf(req, undefined);
    try {
      const paper = await formWithPaper(req, res, 'file');
      const { coop, ...command } = parse(certificateForm, req.body);
      const { current } = await deskOf(req, coop);
      const file = paper ? await papers.store(paper) : null;
      const doc = await certificates.add(current._id, command, { file, keeper });
      res.redirect(303, `/coop/certificates/${doc._id}`);
    } catch (error) {
      await showForm(req, res, refusalOf(req, 'add', error));
    }
  });

  router.get('/coop/certificates/:id', (req, res) => showOne(req, res));

  router.post('/coop/certificates/:id/file', perPerson, async (req, res) => {
    const { keeper } = await deskOf(req, undefined);
    const id = parseParam(certificateId, req.params['id']);
    await certificates.own(id, keeper);
    try {
      const paper = await formWithPaper(req, res, 'file');
      const { commandId } = parse(fileCommand, req.body);
      if (!paper) throw new AppError('invalid', { fields: { file: 'required' } });
      await certificates.attach(id, await papers.store(paper), { commandId, keeper });
    } catch (error) {
      return showOne(req, res, refusalOf(req, 'file', error));
    }
    res.redirect(303, `/coop/certificates/${id}`);
  });

  router.post('/coop/certificates/:id/revoke', perPerson, async (req, res) => {
    const { keeper } = await deskOf(req, undefined);
    const id = parseParam(certificateId, req.params['id']);
    try {
      const { commandId, why } = parse(revokeCommand, req.body);
      await certificates.revoke(id, { commandId, why, keeper });
    } catch (error) {
      return showOne(req, res, refusalOf(req, 'revoke', error));
    }
    res.redirect(303, `/coop/certificates/${id}`);
  });

  return router;
}

/** What a form had in a field that is one text. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A form that follows a certificate begins where that one ends. */
function valuesOf(doc: CertificateRecord): Record<string, unknown> {
  const next = new Date(Date.parse(`${doc.validTo}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return {
    kind: doc.kind,
    number: doc.number,
    issuerZh: doc.issuer['zh-CN'],
    issuerEn: doc.issuer.en === doc.issuer['zh-CN'] ? '' : doc.issuer.en,
    skus: doc.skus,
    lots: doc.lots.join('\n'),
    validFrom: next,
    validTo: '',
  };
}

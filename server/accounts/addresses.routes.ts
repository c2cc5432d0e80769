import { Router, type Request, type Response } from 'express';
import { toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { mustBeSomebody } from './accounts.policy.ts';
import { welcomeGuest } from './accounts.routes.ts';
import { addressChoice, addressId, postalAddress } from './addresses.schema.ts';
import type { Addresses } from './addresses.service.ts';
import { addressValues, presentBook, provinceChoices } from './addresses.view.ts';

interface Deps {
  addresses: Addresses;
  pages: Pages;
  translator: Translator;
}

const HOME = '/account/addresses';

/** The address book. A guest has one, too: it is theirs after they register. */
export function addressRoutes(deps: Deps): Router {
  const { addresses } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 30, by: (req) => req.person?.id });

  router.get(HOME, welcomeGuest, async (req, res) => {
    await showBook(deps, req, res, { values: {} });
  });

  router.post(HOME, perPerson, welcomeGuest, async (req, res) => {
    try {
      const { isDefault } = parse(addressChoice, req.body);
      await addresses.add(parse(postalAddress, req.body), mustBeSomebody(req.person), { isDefault });
    } catch (error) {
      return showBook(deps, req, res, formFailure(deps, req, error));
    }
    res.redirect(303, HOME);
  });

  router.get(`${HOME}/:id`, async (req, res) => {
    const id = parseParam(addressId, req.params['id']);
    const address = await addresses.byId(id, mustBeSomebody(req.person));
    await showBook(deps, req, res, { values: addressValues(address), editing: id });
  });

  router.post(`${HOME}/:id`, perPerson, async (req, res) => {
    const id = parseParam(addressId, req.params['id']);
    const person = mustBeSomebody(req.person);
    await addresses.byId(id, person);
    try {
      const { isDefault } = parse(addressChoice, req.body);
      await addresses.change(id, { address: parse(postalAddress, req.body), isDefault }, person);
    } catch (error) {
      return showBook(deps, req, res, { ...formFailure(deps, req, error), editing: id });
    }
    res.redirect(303, HOME);
  });

  router.post(`${HOME}/:id/default`, perPerson, async (req, res) => {
    await addresses.makeDefault(parseParam(addressId, req.params['id']), mustBeSomebody(req.person));
    res.redirect(303, HOME);
  });

  router.post(`${HOME}/:id/delete`, perPerson, async (req, res) => {
    await addresses.remove(parseParam(addressId, req.params['id']), mustBeSomebody(req.person));
    res.redirect(303, HOME);
  });

  return router;
}

interface Form {
  values: Partial<ReturnType<typeof addressValues>>;
  editing?: string;
  error?: string;
  fields?: Record<string, string>;
}

async function showBook(deps: Deps, req: Request, res: Response, form: Form) {
  const book = await deps.addresses.list(mustBeSomebody(req.person));
  await deps.pages.send(req, res, 'accounts/addresses', {
    title: deps.translator.for(req.lang)('addresses.title'),
    noIndex: true,
    book: form.editing ? [] : presentBook(book, req.lang),
    action: form.editing ? `${HOME}/${form.editing}` : HOME,
    isFirst: book.length === 0,
    open: book.length === 0 || form.error !== undefined || form.editing !== undefined,
    provinces: provinceChoices(form.values.province, req.lang),
    ...form,
  });
}

/** A refused form comes back filled in, with what is wrong beside each field. */
function formFailure(deps: Deps, req: Request, thrown: unknown): Form {
  const error = toAppError(thrown);
  if (error.status >= 500) throw error;
  const t = deps.translator.for(req.lang);
  req.res?.status(error.status);
  return {
    error: t(`errors.${error.code}`),
    fields: error.fields ? fieldMessages(error.fields, t) : {},
    values: addressValues(req.body),
  };
}

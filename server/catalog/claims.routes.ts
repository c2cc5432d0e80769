import { Router, type Request, type Response } from 'express';
import { mustHaveRole } from '../accounts/index.ts';
import { toAppError } from '../platform/errors.ts';
import { fieldMessages, limit, parse, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { claimsQuery, saveRuleForm } from './claims.schema.ts';
import type { Claims } from './claims.service.ts';
import { presentNewRule, presentRule } from './claims.view.ts';

interface Deps {
  claims: Claims;
  pages: Pages;
  translator: Translator;
}

/** The rules of what needs a certificate: an admin reads, tries and changes them. */
export function claimRoutes(deps: Deps): Router {
  const { claims, pages, translator } = deps;
  const router = Router();
  const perPerson = limit({ windowMs: 60_000, max: 60, by: (req) => req.person?.id });

  interface Refused {
    id: string;
    error: string;
    fields: Record<string, string>;
    values: Record<string, unknown>;
  }

  async function show(req: Request, res: Response, refused?: Refused) {
    const { text, saved } = parse(claimsQuery, req.query);
    const t = translator.for(req.lang);
    const rules = await claims.list();
    const found = claims.rules().find(text);
    await pages.send(req, res, 'catalog/claims', {
      title: t('claims.title'),
      noIndex: true,
      text,
      tried: text !== '',
      found: found.map(({ word, kinds }) => ({
        word,
        kinds: kinds.map((kind) => t(`catalog.certificate.${kind}`)),
      })),
      saved: saved === '1' && !refused,
      error: refused?.error,
      rules: rules.map((rule) => presentRule(rule, refused?.id === rule._id ? refused : undefined, t)),
      added: presentNewRule(refused?.id === '' ? refused : undefined, t),
    });
  }

  router.get('/admin/claims', async (req, res) => {
    mustHaveRole(req.person, 'admin');
    await show(req, res);
  });

  router.post('/admin/claims', perPerson, async (req, res) => {
    const admin = mustHaveRole(req.person, 'admin');
    try {
      await claims.save(parse(saveRuleForm, req.body), admin.id);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw error;
      const t = translator.for(req.lang);
      const values = (req.body ?? {}) as Record<string, unknown>;
      res.status(error.status);
      return show(req, res, {
        id: typeof values['id'] === 'string' ? values['id'] : '',
        error: t(`errors.${error.code}`),
        fields: fieldMessages(error.fields ?? {}, t, error.values),
        values,
      });
    }
    res.redirect(303, '/admin/claims?saved=1');
  });

  return router;
}

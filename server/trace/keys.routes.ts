import { Router, type Request, type Response } from 'express';
import { mustHaveRole, type Accounts } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { keyId, revokeForm, rotateForm } from './keys.schema.ts';
import { presentKey } from './keys.view.ts';
import type { Labels } from './labels.service.ts';
import { createMemberSide, type Refused } from './member.routes.ts';
import type { Signing } from './signing.service.ts';

export interface KeyRouteDeps {
  signing: Signing;
  labels: Labels;
  cooperatives: Cooperatives;
  accounts: Accounts;
  pages: Pages;
  translator: Translator;
}

/** The keys that labels are signed with: an admin sees them, takes a new one, and disowns one that got away. */
export function keyRoutes(deps: KeyRouteDeps): Router {
  const { signing, labels, pages, translator } = deps;
  const side = createMemberSide(deps);
  const router = Router({ caseSensitive: true });
  const perPerson = limit({ windowMs: 60_000, max: 30, by: (req) => req.person?.id });

  async function keysOf(req: Request) {
    const [keys, uses, active] = await Promise.all([signing.keys(), labels.usesOfKeys(), signing.active()]);
    const t = translator.for(req.lang);
    return keys.map((key) => presentKey(key, { use: uses.get(key._id), active, t }));
  }

  async function show(req: Request, res: Response, refused?: Refused) {
    await pages.send(req, res, 'trace/keys', {
      title: translator.for(req.lang)('traceKeys.title'),
      noIndex: true,
      keys: await keysOf(req),
      done:
        req.query['done'] === 'rotated' || req.query['done'] === 'revoked' ? req.query['done'] : undefined,
      refused,
    });
  }

  async function showRevoke(req: Request, res: Response, refused?: Refused) {
    const id = parseParam(keyId, req.params['id']);
    const key = (await keysOf(req)).find((one) => one.id === id);
    if (!key) throw new AppError('not_found');
    await pages.send(req, res, 'trace/key-revoke', {
      title: translator.for(req.lang)('traceKeys.revoke.title'),
      noIndex: true,
      key,
      isActive: key.state === 'active',
      isRevoked: key.state === 'revoked',
      refused,
    });
  }

  router.get('/admin/keys', async (req, res) => {
    mustHaveRole(req.person, 'admin');
    await show(req, res);
  });

  router.post('/admin/keys/rotate', perPerson, async (req, res) => {
    mustHaveRole(req.person, 'admin');
    try {
      parse(rotateForm, req.body);
    } catch (error) {
      return show(req, res, side.refusalOf(req, 'rotate', error));
    }
    await signing.rotate();
    res.redirect(303, '/admin/keys?done=rotated');
  });

  router.get('/admin/keys/:id/revoke', async (req, res) => {
    mustHaveRole(req.person, 'admin');
    await showRevoke(req, res);
  });

  router.post('/admin/keys/:id/revoke', perPerson, async (req, res) => {
    mustHaveRole(req.person, 'admin');
    const id = parseParam(keyId, req.params['id']);
    try {
      const { why, again } = parse(revokeForm, req.body);
      if (again !== id) throw new AppError('invalid', { fields: { again: 'key_mismatch' } });
      await signing.revoke(id, why);
    } catch (error) {
      return showRevoke(req, res, side.refusalOf(req, 'revoke', error));
    }
    res.redirect(303, '/admin/keys?done=revoked');
  });

  return router;
}

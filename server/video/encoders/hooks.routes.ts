import { createHash, timingSafeEqual } from 'node:crypto';
import express, { Router, type Request } from 'express';
import { AppError } from '../../platform/errors.ts';
import { limit, parse } from '../../platform/http/index.ts';
import { secretsIn } from './handover.rules.ts';
import { mediamtxQuestion, srsQuestion } from './handover.schema.ts';
import type { Handovers } from './handover.service.ts';

interface Deps {
  handovers: Pick<Handovers, 'allows'>;
  /** What a media server proves itself with; without it nobody is answered. */
  hookSecret: string | undefined;
}

/** Where media servers ask who may publish and play (docs/media-servers.md). */
export function hookRoutes({ handovers, hookSecret }: Deps): Router {
  const router = Router();
  const json = express.json({ limit: '16kb', type: () => true });
  // A server with a thousand viewers asks for each of them.
  const often = limit({ windowMs: 1_000, max: 500 });

  /** @throws AppError `not_found` without a secret of ours, `wrong_credentials` with another one */
  function known(req: Request) {
    if (hookSecret === undefined) throw new AppError('not_found');
    if (!same(secretOf(req), hookSecret)) throw new AppError('wrong_credentials');
  }

  router.post('/video/hooks/mediamtx', often, json, async (req, res) => {
    known(req);
    const { action, path, password, token, query } = parse(mediamtxQuestion, req.body);
    const secrets = [token, password, ...secretsIn(query)].filter((secret) => secret !== '');
    // Without a secret 401: the client is then asked for one. A wrong one is refused in the same way.
    res.sendStatus((await handovers.allows({ action, path, secrets })) ? 204 : 401);
  });

  router.post('/video/hooks/srs', often, json, async (req, res) => {
    known(req);
    const { action, stream, param } = parse(srsQuestion, req.body);
    // SRS also tells when somebody has left; there is nothing to refuse then.
    const leaving = action === 'on_unpublish' || action === 'on_stop';
    const allowed = leaving || (await handovers.allows({ action, path: stream, secrets: secretsIn(param) }));
    res
      .status(allowed ? 200 : 403)
      .type('text')
      .send(allowed ? '0' : '1');
  });

  return router;
}

/** MediaMTX sends the user part of its address as Basic authentication; SRS can only be given a query. */
function secretOf(req: Request): string {
  const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    return text.slice(text.indexOf(':') + 1);
  }
  const query = req.query['hook_secret'];
  return typeof query === 'string' ? query : '';
}

function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

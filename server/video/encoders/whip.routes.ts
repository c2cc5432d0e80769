import express, { Router, type Request, type Response } from 'express';
import { AppError, type ErrorCode } from '../../platform/errors.ts';
import { limit } from '../../platform/http/index.ts';
import type { Comer } from './gate.rules.ts';
import type { WhipAnswer } from './whip.service.ts';

/** Leads to the process that takes pictures in. */
export interface WhipDoor {
  open(offer: string, comer: Omit<Comer, 'via'>): Promise<WhipAnswer>;
  /** @returns whether there was such a session */
  close(live: string, session: string): Promise<boolean>;
}

type WhipRefusal = Extract<WhipAnswer, { ok: false }>['refusal'];

const CODES: Record<Exclude<WhipRefusal, 'video_codec' | 'malformed'>, ErrorCode> = {
  wrong_key: 'wrong_credentials',
  in_use: 'conflict',
  live_over: 'live_not_running',
  not_offered: 'not_offered',
  unavailable: 'unavailable',
};

function refuse(refusal: WhipRefusal): never {
  if (refusal === 'video_codec') throw new AppError('invalid', { fields: { sdp: 'sdp_codec' } });
  if (refusal === 'malformed') throw new AppError('invalid', { fields: { sdp: 'not_valid' } });
  throw new AppError(CODES[refusal]);
}

const LIVE = /^[0-9A-Za-z-]{3,64}$/;
const SESSION = /^[0-9a-f]{32}$/;

/** WHIP (RFC 9725): encoders and browsers that publish by WebRTC. They prove themselves by the live's stream key. */
export function whipRoutes({ whip }: { whip: WhipDoor }): Router {
  const router = Router();
  const body = express.text({ type: 'application/sdp', limit: '64kb' });

  // A page elsewhere may publish, too: the key is in its header, and no cookie is looked at.
  router.use('/video/whip', (_req, res, next) => {
    res.set('Access-Control-Allow-Origin', '*').set('Access-Control-Expose-Headers', 'Location');
    next();
  });
  router.options(['/video/whip/:live', '/video/whip/:live/:session'], (_req, res) => {
    res
      .set('Access-Control-Allow-Methods', 'POST, DELETE, OPTIONS')
      .set('Access-Control-Allow-Headers', 'Authorization, Content-Type')
      .set('Accept-Post', 'application/sdp')
      .sendStatus(204);
  });

  router.post('/video/whip/:live', limit({ windowMs: 60_000, max: 30 }), body, async (req, res) => {
    const live = pathPart(req, 'live', LIVE);
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(req.headers.authorization ?? '')?.[1];
    if (key === undefined) {
      res.set('WWW-Authenticate', 'Bearer');
      throw new AppError('wrong_credentials');
    }
    const offer: unknown = req.body;
    if (typeof offer !== 'string' || offer === '')
      throw new AppError('invalid', { fields: { sdp: 'required' } });
    const found = await whip.open(offer, { key, live, address: addressOf(req) });
    if (!found.ok) refuse(found.refusal);
    res
      .status(201)
      .set('Location', `/video/whip/${live}/${found.session}`)
      .type('application/sdp')
      .send(found.answer);
  });

  router.delete('/video/whip/:live/:session', async (req, res) => {
    // Whoever knows the session's address was given it: 128 random bits are right enough.
    const ended = await whip.close(pathPart(req, 'live', LIVE), pathPart(req, 'session', SESSION));
    if (!ended) throw new AppError('not_found');
    res.sendStatus(200);
  });

  // All candidates are in the answer: nothing is trickled, and nothing is to be read here.
  const notAllowed = (allow: string) => (_req: Request, res: Response) =>
    void res.status(405).set('Allow', allow).end();
  router.all('/video/whip/:live', notAllowed('POST, OPTIONS'));
  router.all('/video/whip/:live/:session', notAllowed('DELETE, OPTIONS'));
  return router;
}

function pathPart(req: Request, name: string, shape: RegExp): string {
  const value = req.params[name];
  if (typeof value !== 'string' || !shape.test(value)) throw new AppError('not_found');
  return value;
}

const addressOf = (req: Request) => (req.ip ?? '').replace(/^::ffff:/, '');

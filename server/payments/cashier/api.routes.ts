import express, { Router, type Request, type Response } from 'express';
import type { z } from 'zod';
import { newId } from '../../platform/ids.ts';
import {
  cancelParams,
  confirmParams,
  createIntentParams,
  listEventsParams,
  listIntentsParams,
  listRefundsParams,
  noParams,
  refundParams,
} from './api.schema.ts';
import type { Cashier } from './cashier.service.ts';
import { parseForm } from './form.rules.ts';
import type { Answer, ErrorBody } from './objects.rules.ts';

interface Reply {
  status: number;
  body: object;
  /** Whether the work was begun: only then is the answer kept for its idempotency key. */
  begun: boolean;
}

/** `seed` stands for the idempotency key, if there is one. */
type Handle = (req: Request, seed: string | undefined) => Promise<Reply>;

/** Stripe's HTTP API, as much of it as a shop like this one uses. Mounted before any other body is parsed. */
export function cashierApi(cashier: Cashier): Router {
  const router = Router();
  router.use('/v1', express.text({ type: () => true, limit: '64kb' }));

  const get = (path: string, handle: Handle) =>
    router.get(path, (req, res) => answer(cashier, req, res, handle));
  const post = (path: string, handle: Handle) =>
    router.post(path, (req, res) => answer(cashier, req, res, handle));

  post('/v1/payment_intents', (req, seed) =>
    parsed(createIntentParams, req, (params) => cashier.createIntent(params, seed)),
  );
  get('/v1/payment_intents', (req) => parsed(listIntentsParams, req, list(cashier.listIntents)));
  get('/v1/payment_intents/:id', (req) => parsed(noParams, req, () => cashier.intent(idOf(req))));
  post('/v1/payment_intents/:id/confirm', (req) =>
    parsed(confirmParams, req, (params) => cashier.confirmIntent(idOf(req), params.payment_method)),
  );
  post('/v1/payment_intents/:id/cancel', (req) =>
    parsed(cancelParams, req, (params) =>
      cashier.cancelIntent(idOf(req), params.cancellation_reason ?? null),
    ),
  );
  post('/v1/refunds', (req, seed) =>
    parsed(refundParams, req, ({ payment_intent: intent, amount, reason = null, metadata }) =>
      cashier.refund(intent, { amount, reason, metadata }, seed),
    ),
  );
  get('/v1/refunds', (req) => parsed(listRefundsParams, req, list(cashier.listRefunds)));
  get('/v1/refunds/:id', (req) => parsed(noParams, req, () => cashier.refundById(idOf(req))));
  get('/v1/charges/:id', (req) => parsed(noParams, req, () => cashier.charge(idOf(req))));
  get('/v1/events', (req) => parsed(listEventsParams, req, list(cashier.listEvents)));
  get('/v1/events/:id', (req) => parsed(noParams, req, () => cashier.event(idOf(req))));

  router.use('/v1', (req, res) =>
    answer(cashier, req, res, async () =>
      failed(404, `Unrecognized request URL (${req.method}: ${req.baseUrl}${req.path}).`, {}),
    ),
  );
  return router;
}

const idOf = (req: Request) => String(req.params['id']);

function list<P, T>(find: (params: P) => Promise<T>) {
  return async (params: P): Promise<Answer<T>> => ({ ok: true, object: await find(params) });
}

/** The door: who asks, by which version, and whether it was asked before. */
async function answer(cashier: Cashier, req: Request, res: Response, handle: Handle): Promise<void> {
  res.set({
    'Request-Id': `req_${newId()}`,
    'Stripe-Version': cashier.apiVersion,
    'Cache-Control': 'no-store',
  });
  const refusal = refusalOf(cashier, req);
  if (refusal) return send(res, refusal);

  const key = req.method === 'POST' ? req.header('idempotency-key') : undefined;
  if (key === undefined) return send(res, await handle(req, undefined));

  res.set('Idempotency-Key', key);
  const fingerprint = `${req.method} ${req.path} ${textOf(req)}`;
  const outcome = await cashier.once({ key, fingerprint }, async (seed) => {
    const reply = await handle(req, seed);
    return { status: reply.status, body: JSON.stringify(reply.body), keep: reply.begun };
  });
  if (outcome === 'other_params') {
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
    return send(res, failed(400, message, { type: 'idempotency_error' }));
  }
  if (outcome === 'in_use') {
    const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}.`;
    return send(res, failed(409, message, { type: 'idempotency_error', code: 'idempotency_key_in_use' }));
  }
  if (outcome.replayed) res.set('Idempotent-Replayed', 'true');
  res.status(outcome.status).type('json').send(outcome.body);
}

function refusalOf(cashier: Cashier, req: Request): Reply | undefined {
  const given = /^Bearer (.+)$/.exec(req.header('authorization') ?? '')?.[1];
  if (given === undefined) {
    return failed(
      401,
      'You did not provide an API key. You need to provide your API key in the Authorization header.',
      {},
    );
  }
  if (!cashier.isKey(given)) return failed(401, 'Invalid API Key provided', {});
  const version = req.header('stripe-version');
  if (version !== undefined && version !== cashier.apiVersion) {
    return failed(400, `Invalid Stripe API version: ${version}`, {});
  }
  return undefined;
}

function send(res: Response, { status, body }: Reply): void {
  res.status(status).json(body);
}

function textOf(req: Request): string {
  const body: unknown = req.body;
  return typeof body === 'string' ? body : '';
}

async function parsed<S extends z.ZodType, T>(
  schema: S,
  req: Request,
  work: (params: z.infer<S>) => Promise<Answer<T>>,
): Promise<Reply> {
  const query = req.originalUrl.split('?')[1] ?? '';
  const params = schema.safeParse(parseForm(req.method === 'POST' ? textOf(req) : query));
  if (!params.success) return wrongParameter(params.error.issues[0]);
  const result = await work(params.data);
  if (result.ok) return { status: 200, body: result.object as object, begun: true };
  return { status: result.status, body: { error: result.error }, begun: true };
}

function wrongParameter(issue: z.core.$ZodIssue | undefined): Reply {
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const param = bracketed([...path, issue.keys[0] ?? '']);
    return failed(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = bracketed(path);
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return failed(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  return failed(400, `Invalid ${param}`, { code: 'parameter_invalid', param });
}

function bracketed([head = '', ...rest]: string[]): string {
  return head + rest.map((part) => `[${part}]`).join('');
}

function failed(status: number, message: string, more: Partial<ErrorBody>): Reply {
  return { status, body: { error: { type: 'invalid_request_error', message, ...more } }, begun: false };
}

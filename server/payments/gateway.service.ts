import Stripe from 'stripe';
import { AppError } from '../platform/errors.ts';

export interface GatewaySettings {
  apiKey: string;
  webhookSecret: string;
  /** How long one request may take, in ms. */
  timeoutMs?: number;
}

/** Stripe has understood the request and said no: asking again gives the same answer. The message is its code. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
  }
}

export type Gateway = ReturnType<typeof createGateway>;

const TIMEOUT_MS = 15_000;
const RETRIES = 2;

/**
 * Stripe's HTTP API by its own library. Where it is found may become known later: the built-in cashier stands at an
 * address that is known only once the shop listens.
 *
 * Every method throws `Refusal` for a definite no, and AppError `unavailable` when the outcome is not known.
 */
export function createGateway(settings: GatewaySettings) {
  let base: URL | undefined;
  const stripe = new Stripe(settings.apiKey, {
    httpClient: movable(() => base),
    maxNetworkRetries: RETRIES,
    timeout: settings.timeoutMs ?? TIMEOUT_MS,
    telemetry: false,
    appInfo: { name: 'shanxiang' },
  });

  return {
    /** @param address e.g. https://api.stripe.com; a path in it goes before Stripe's own */
    connect(address: string) {
      base = new URL(address);
    },

    createIntent: (request: { ref: string; fen: number; description: string; key: string }) =>
      translated(() =>
        stripe.paymentIntents.create(
          {
            amount: request.fen,
            currency: 'cny',
            // Cards, Alipay, WeChat Pay: whatever the account has turned on.
            automatic_payment_methods: { enabled: true },
            description: request.description,
            metadata: { ref: request.ref },
          },
          { idempotencyKey: request.key },
        ),
      ),

    intent: (id: string) => translated(() => stripe.paymentIntents.retrieve(id)),

    cancelIntent: (id: string) =>
      translated(() => stripe.paymentIntents.cancel(id, {}, { idempotencyKey: `cancel:${id}` })),

    refund: (request: { intent: string; fen: number; ref: string; key: string; idempotencyKey: string }) =>
      translated(() =>
        stripe.refunds.create(
          {
            payment_intent: request.intent,
            amount: request.fen,
            metadata: { ref: request.ref, key: request.key },
          },
          { idempotencyKey: request.idempotencyKey },
        ),
      ),

    /** Stripe forgets idempotency keys after a day; what it has made for us it never forgets. */
    refundsOf: (intent: string) =>
      translated(() =>
        stripe.refunds.list({ payment_intent: intent, limit: 100 }).autoPagingToArray({ limit: 1_000 }),
      ),

    /** Events that Stripe could not deliver to us. */
    undelivered: (types: string[], since: Date, limit: number) =>
      translated(() =>
        stripe.events
          .list({
            types,
            delivery_success: false,
            created: { gte: Math.floor(since.getTime() / 1000) },
            limit: 100,
          })
          .autoPagingToArray({ limit }),
      ),

    /** @throws AppError `bad_signature` when it is missing, wrong, or older than five minutes */
    verify(body: Buffer, signature: string | undefined, now: Date): Stripe.Event {
      try {
        return stripe.webhooks.constructEvent(
          body,
          signature ?? '',
          settings.webhookSecret,
          undefined,
          undefined,
          now.getTime(),
        );
      } catch {
        // Its error carries the body and the header; neither belongs in a log.
        throw new AppError('bad_signature');
      }
    },
  };
}

/** Sends what the library asks for to wherever `address` says at that moment. */
function movable(address: () => URL | undefined): ReturnType<typeof Stripe.createNodeHttpClient> {
  const inner = Stripe.createNodeHttpClient();
  const makeRequest: typeof inner.makeRequest = (
    _host,
    _port,
    path,
    method,
    headers,
    body,
    _protocol,
    timeout,
  ) => {
    const base = address();
    if (!base) return Promise.reject(new Error('not connected yet'));
    const protocol = base.protocol === 'http:' ? 'http' : 'https';
    const port = base.port || (protocol === 'http' ? '80' : '443');
    const prefix = base.pathname.replace(/\/$/, '');
    const host = base.hostname.replace(/^\[|\]$/g, '');
    return inner.makeRequest(host, port, prefix + path, method, headers, body, protocol, timeout);
  };
  return Object.assign(Object.create(inner) as typeof inner, { makeRequest });
}

async function translated<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw translate(error);
  }
}

/** Stripe's errors carry whole objects, client secrets among them: only type, code and request id are kept. */
function translate(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { type, code, param, statusCode, requestId } = error;
  const final = statusCode === 400 || statusCode === 402 || statusCode === 404;
  const inUse = code === 'idempotency_key_in_use' || code === 'lock_timeout' || code === 'rate_limit';
  if (final && !inUse && type !== 'StripeIdempotencyError')
    return new Refusal(code ?? (param ? `invalid_${param}` : type));
  const cause = new Error(`${type} ${code ?? statusCode ?? 'without an answer'} ${requestId ?? ''}`.trim());
  return new AppError('unavailable', { cause, retryAfter: 5 });
}

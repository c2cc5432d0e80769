import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { Refusal, type Gateway } from './gateway.service.ts';
import { EVENT_TYPES, intentSucceeded, readEvent } from './inbox.rules.ts';
import { createInbox } from './inbox.service.ts';
import {
  intentKey,
  isUnsettled,
  liveAttempt,
  nextLook,
  viewOf,
  type Attempt,
  type BrowserConfig,
  type OpenPayment,
  type Payment,
  type PaymentEvent,
  type PaymentRequest,
  type PaymentView,
} from './payments.rules.ts';
import { createRefunds } from './refunds.service.ts';
import type { InboxStore, PaymentStore } from './payments.store.ts';

export type Payments = ReturnType<typeof createPayments>;

export interface PaymentsDeps {
  store: PaymentStore;
  inbox: InboxStore;
  gateway: Gateway;
  clock: Clock;
  log: Log;
  browser: BrowserConfig;
}

const PER_RUN = 200;
const ATTEMPTS_TO_OPEN = 5;
/** Stripe tries to deliver for three days; older than that is a matter for people. */
const UNDELIVERED_SINCE_MS = 3 * 24 * 3600_000;

export function createPayments(deps: PaymentsDeps) {
  const { store, gateway, clock, log, browser } = deps;
  const inbox = createInbox(deps);
  const refunds = createRefunds({ store, gateway, inbox, clock, log });

  /** The attempt to be paid: the one that is alive for this amount, else a new one in its place. */
  async function attemptFor({ ref, amount, description }: PaymentRequest): Promise<Attempt> {
    for (let turn = 0; turn < ATTEMPTS_TO_OPEN; turn += 1) {
      const payment = await store.byRef(ref);
      const live = payment ? liveAttempt(payment) : undefined;
      if (live?.state === 'succeeded') throw new AppError('conflict');
      if (live && live.fen === amount.amount && live.state !== 'cancelling') return live;
      // The old one is certainly gone before there is a new one: nobody pays twice.
      if (live && !(await giveUp(ref, live))) throw new AppError('conflict');
      const seq = payment?.attempts.length ?? 0;
      const fresh: Attempt = {
        seq,
        intent: null,
        fen: amount.amount,
        description,
        state: 'making',
        at: clock.now(),
      };
      if (await store.begin(ref, fresh)) return fresh;
    }
    throw new AppError('conflict');
  }

  /** Makes the intent of an attempt. A crash on the way is made good by doing it again: the key is the same. */
  async function makeIntent(ref: string, attempt: Attempt) {
    const { fen, description, seq } = attempt;
    const intent = await gateway.createIntent({ ref, fen, description, key: intentKey(ref, attempt) });
    const payment: Payment = { _id: ref, attempts: [attempt], refunds: [], disputes: [] };
    if (await store.opened(ref, seq, intent.id, nextLook(payment, clock.now()))) return intent;
    const now = (await store.byRef(ref))?.attempts.find((one) => one.seq === seq);
    if (now?.state === 'open') return intent;
    // Given up while Stripe was making it. Nobody has its secret, so nobody can pay it.
    await gateway.cancelIntent(intent.id).catch(() => undefined);
    throw new AppError('conflict');
  }

  /** @returns whether the attempt is over without a payment; throws `unavailable` when that cannot be known now */
  async function giveUp(ref: string, attempt: Attempt): Promise<boolean> {
    if (attempt.state === 'making' && (await store.abandon(ref, attempt.seq))) return true;
    const intent = attempt.intent ?? (await store.byRef(ref))?.attempts[attempt.seq]?.intent;
    if (!intent) return true;
    await store.moveAttempt(ref, attempt.seq, 'cancelling', clock.now());
    return finishCancelling(ref, attempt.seq, intent);
  }

  async function finishCancelling(ref: string, seq: number, intent: string): Promise<boolean> {
    try {
      await gateway.cancelIntent(intent);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return (await learn(ref, seq, intent)).status === 'canceled';
    }
    await store.moveAttempt(ref, seq, 'cancelled');
    return true;
  }

  /** Asks Stripe how an intent stands, and acts on it. */
  async function learn(ref: string, seq: number, id: string): Promise<{ status: string; isNews: boolean }> {
    const intent = await gateway.intent(id);
    const { status } = intent;
    if (status === 'canceled') await store.moveAttempt(ref, seq, 'cancelled');
    const news = status === 'succeeded' ? intentSucceeded(intent) : undefined;
    const type = 'payment_intent.succeeded';
    const isNews = news !== undefined && (await inbox.put({ id: `own:${id}:succeeded`, type, news }));
    return { status, isNews };
  }

  /** Everything about one payment that Stripe has not told. */
  async function lookAt(payment: Payment): Promise<number> {
    let found = 0;
    for (const { intent, seq, state } of payment.attempts) {
      if (!intent) continue;
      if (state === 'open' && (await learn(payment._id, seq, intent)).isNews) found += 1;
      if (state === 'cancelling') await finishCancelling(payment._id, seq, intent);
    }
    return found + (await refunds.lookAt(payment));
  }

  async function lookAtDue(): Promise<number> {
    let found = 0;
    for (const payment of await store.toLookAt(clock.now(), PER_RUN)) {
      try {
        found += await lookAt(payment);
      } catch (err) {
        log.warn({ err, ref: payment._id }, 'Stripe could not be asked about a payment');
      }
      const seen = (await store.byRef(payment._id)) ?? payment;
      await store.lookAgain(seen, isUnsettled(seen) ? nextLook(seen, clock.now()) : null);
    }
    return found;
  }

  /** Events whose delivery failed: disputes and refunds come this way, too. */
  async function fetchUndelivered(): Promise<number> {
    const since = new Date(clock.now().getTime() - UNDELIVERED_SINCE_MS);
    let found = 0;
    for (const event of await gateway.undelivered(EVENT_TYPES, since, PER_RUN)) {
      const news = readEvent(event);
      if (news && (await inbox.put({ id: event.id, type: event.type, news }))) found += 1;
    }
    return found;
  }

  return {
    /**
     * Opens a payment for its buyer. The same again gives the same intent; another amount takes the place of the
     * open one, which is cancelled first.
     *
     * @throws AppError `conflict` when it is paid (or being paid) already, `invalid` when Stripe refuses the amount,
     *   `unavailable` when Stripe does not answer
     */
    async open(request: PaymentRequest): Promise<OpenPayment> {
      const attempt = await attemptFor(request);
      try {
        const intent = attempt.intent
          ? await gateway.intent(attempt.intent)
          : await makeIntent(request.ref, attempt);
        if (intent.status === 'succeeded' || intent.status === 'canceled') {
          await learn(request.ref, attempt.seq, intent.id);
          throw new AppError('conflict');
        }
        const clientSecret = intent.client_secret ?? '';
        const payUrl =
          browser.kind === 'cashier' ? cashierAddress(intent.id, clientSecret, request.returnUrl) : undefined;
        return { intentId: intent.id, clientSecret, payUrl };
      } catch (error) {
        if (error instanceof Refusal) throw new AppError('invalid', { cause: error });
        throw error;
      }
    },

    /** Cancels the open intent, now or as soon as Stripe answers. One that has succeeded is left alone. */
    async cancel(ref: string): Promise<void> {
      const payment = await store.byRef(ref);
      const live = payment ? liveAttempt(payment) : undefined;
      if (!live || live.state === 'succeeded') return;
      try {
        await giveUp(ref, live);
      } catch (err) {
        log.warn({ err, ref }, 'a cancelled payment waits for Stripe');
      }
    },

    refund: refunds.refund,

    async of(ref: string): Promise<PaymentView | undefined> {
      const payment = await store.byRef(ref);
      return payment ? viewOf(payment) : undefined;
    },

    /** Asks Stripe about one payment now, e.g. when its buyer comes back from paying. */
    async check(ref: string): Promise<void> {
      const payment = await store.byRef(ref);
      if (payment && isUnsettled(payment)) await lookAt(payment);
    },

    /** The one listener. An event is done only when it resolves; it may come twice, and in any order. */
    handle: (handler: (event: PaymentEvent) => Promise<void>) => inbox.handle(handler),

    receive: inbox.receive,

    /** Asks Stripe about everything that it should have told us by now. @returns how many events had been lost */
    async reconcile(): Promise<number> {
      const found = (await lookAtDue()) + (await fetchUndelivered());
      await inbox.idle();
      return found;
    },

    redeliver: inbox.redeliver,
    browserConfig: (): BrowserConfig => browser,
    /** Where Stripe, or what stands in for it, is found. */
    connect: (address: string) => gateway.connect(address),
    idle: () => inbox.idle(),
  };
}

/** The way back stays in this shop, whatever origin the caller has put before it. */
function cashierAddress(intent: string, secret: string, returnUrl: string): string {
  const { pathname, search } = new URL(returnUrl, 'http://shop');
  return `/cashier/pay/${intent}?${new URLSearchParams({ client_secret: secret, return_url: pathname + search })}`;
}

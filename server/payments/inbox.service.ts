import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { money } from '../platform/money.ts';
import type { Gateway } from './gateway.service.ts';
import { readEvent, type News, type RefundNews } from './inbox.rules.ts';
import { retryDelay, type Payment, type PaymentEvent } from './payments.rules.ts';
import type { InboxStore, PaymentStore } from './payments.store.ts';

export type Inbox = ReturnType<typeof createInbox>;

export interface InboxDeps {
  store: PaymentStore;
  inbox: InboxStore;
  gateway: Gateway;
  clock: Clock;
  log: Log;
}

/** Longer than a handler takes; an event in the hands of a process that died waits as long. */
const CLAIM_MS = 30_000;
const PER_RUN = 500;

/** Events on their way from Stripe to the handler: stored first, handled later, as often as it takes. */
export function createInbox(deps: InboxDeps) {
  const { store, inbox, gateway, clock, log } = deps;
  const running = new Set<Promise<unknown>>();
  let handler: ((event: PaymentEvent) => Promise<void>) | undefined;

  /** Stores news and begins to handle it. @returns whether it was new */
  async function put(event: { id: string; type: string; news: News }): Promise<boolean> {
    const { id, type, news } = event;
    const isNew = await inbox.put({ _id: id, type, news }, clock.now());
    if (isNew) inBackground(id);
    return isNew;
  }

  function inBackground(id: string) {
    const done = work(id)
      .catch((err: unknown) => log.error({ err, event: id }, 'a payment event could not be worked on'))
      .finally(() => running.delete(done));
    running.add(done);
  }

  /** @returns whether the event is now done by this call */
  async function work(id: string): Promise<boolean> {
    if (!handler) return false;
    const now = clock.now();
    const event = await inbox.claim(id, now, new Date(now.getTime() + CLAIM_MS));
    if (!event) return false;
    try {
      const told = await apply(event.news);
      if (told) await handler(told);
      await inbox.done(id, clock.now());
      return true;
    } catch (err) {
      log.error({ err, event: id, type: event.type, tries: event.tries }, 'a payment event was not handled');
      await inbox.leave(id, new Date(clock.now().getTime() + retryDelay(event.tries)));
      return false;
    }
  }

  /** Brings the payment up to date. Safe to do again. @returns what is to be told, if anything */
  async function apply(news: News): Promise<PaymentEvent | undefined> {
    const known = news.kind === 'refund' ? news.ref : undefined;
    const payment = await (known === undefined ? store.byIntent(news.intent) : store.byRef(known));
    if (!payment) {
      // Something else that lives on the same Stripe account.
      log.warn({ intent: news.intent, kind: news.kind }, 'an event of a payment that is not ours');
      return undefined;
    }
    const ref = payment._id;
    switch (news.kind) {
      case 'intent_succeeded':
        await moveTo('succeeded', payment, news.intent);
        return { kind: 'succeeded', ref, intentId: news.intent, amount: money(news.fen) };
      case 'intent_failed': {
        // A declined try that is told late is no news of a payment that is over.
        if (attemptOf(payment, news.intent)?.state !== 'open') return undefined;
        return { kind: 'failed', ref, intentId: news.intent, reason: news.reason };
      }
      case 'intent_cancelled':
        await moveTo('cancelled', payment, news.intent);
        return undefined;
      case 'refund':
        return applyRefund(payment, news);
      case 'dispute': {
        const { dispute: id, intent, fen, status, at } = news;
        await store.putDispute(ref, { id, intent, fen, status, at });
        return { kind: 'disputed', ref, intentId: intent, amount: money(fen), status };
      }
    }
  }

  async function moveTo(state: 'succeeded' | 'cancelled', payment: Payment, intent: string) {
    const attempt = attemptOf(payment, intent);
    if (attempt) await store.moveAttempt(payment._id, attempt.seq, state);
  }

  async function applyRefund(
    { _id: ref, refunds }: Payment,
    news: RefundNews,
  ): Promise<PaymentEvent | undefined> {
    const { refund: id, fen, state, failure } = news;
    const key = refunds.find((one) => one.key === news.key || one.id === id)?.key ?? id;
    // Money that was sent back in Stripe's dashboard has Stripe's name for a key.
    await store.addRefund(ref, {
      key,
      fen,
      why: 'stripe',
      state: 'asked',
      id,
      failure: null,
      at: clock.now(),
    });
    await store.moveRefund(ref, key, state, { id, failure });
    const now = (await store.byRef(ref))?.refunds.find((one) => one.key === key);
    if (now?.state !== state) return undefined; // it has gone further since
    if (state === 'done') return { kind: 'refunded', ref, refundKey: key, amount: money(fen) };
    if (state === 'failed')
      return { kind: 'refund_failed', ref, refundKey: key, reason: failure ?? 'unknown' };
    return undefined;
  }

  return {
    put,

    /** Who takes the news; whoever comes later takes the place of the earlier one. */
    handle(next: (event: PaymentEvent) => Promise<void>) {
      handler = next;
    },

    /**
     * Takes what Stripe has posted: signature first, then stored, and only then acknowledged.
     *
     * @throws AppError `bad_signature`
     */
    async receive(body: Buffer, signature: string | undefined): Promise<void> {
      const event = gateway.verify(body, signature, clock.now());
      const news = readEvent(event);
      if (!news) return log.debug({ event: event.id, type: event.type }, 'an event that does not concern us');
      await put({ id: event.id, type: event.type, news });
    },

    /** Handles what was stored and not handled. @returns how many events are now done */
    async redeliver(): Promise<number> {
      let done = 0;
      for (const id of await inbox.unhandled(clock.now(), PER_RUN)) if (await work(id)) done += 1;
      return done;
    },

    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function attemptOf(payment: Payment, intent: string) {
  return payment.attempts.find((attempt) => attempt.intent === intent);
}

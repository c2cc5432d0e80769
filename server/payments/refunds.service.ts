import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { Refusal, type Gateway } from './gateway.service.ts';
import { refundNews, type RefundNews } from './inbox.rules.ts';
import type { Inbox } from './inbox.service.ts';
import { paidAttempt, refundKey, type Payment, type Refund, type RefundRequest } from './payments.rules.ts';
import type { PaymentStore } from './payments.store.ts';

/** A refund that nobody has brought to its end by then is taken up by the job. */
const TAKEN_UP_MS = 15_000;

export function createRefunds(deps: {
  store: PaymentStore;
  gateway: Gateway;
  inbox: Inbox;
  clock: Clock;
  log: Log;
}) {
  const { store, gateway, inbox, clock, log } = deps;

  /** Asks Stripe for a refund that is written down. @returns whether its answer is news */
  async function send(payment: Payment, refund: Refund, again: boolean): Promise<boolean> {
    const { _id: ref } = payment;
    const intent = (paidAttempt(payment) ?? payment.attempts.at(-1))?.intent;
    if (!intent) return fail(payment, refund, 'not_paid');
    try {
      const made = again ? await madeBefore(intent, refund) : undefined;
      const answer =
        made ??
        (await gateway.refund({
          intent,
          fen: refund.fen,
          ref,
          key: refund.key,
          idempotencyKey: refundKey(ref, refund.key),
        }));
      const news = refundNews(answer);
      return news !== undefined && (await tell(news));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      log.error({ ref, refund: refund.key, code: error.code }, 'a refund was refused');
      return fail(payment, refund, error.code);
    }
  }

  async function madeBefore(intent: string, refund: Refund) {
    const made = await gateway.refundsOf(intent);
    return made.find(({ id, metadata }) => id === refund.id || metadata?.['key'] === refund.key);
  }

  function tell(news: RefundNews): Promise<boolean> {
    return inbox.put({ id: `own:${news.refund}:${news.state}`, type: 'refund', news });
  }

  /** Refused before Stripe has made anything of it. */
  function fail({ _id: ref }: Payment, { key, fen }: Refund, failure: string): Promise<boolean> {
    return tell({
      kind: 'refund',
      refund: refundKey(ref, key),
      intent: '',
      ref,
      key,
      fen,
      state: 'failed',
      failure,
    });
  }

  return {
    /**
     * Sends money back: written down before Stripe is asked, and asked for until there is an answer. The outcome
     * comes as an event.
     *
     * @throws AppError `not_found` when nothing was ever to be paid, `conflict` when the key was used for another amount
     */
    async refund({ ref, key, amount, reason }: RefundRequest): Promise<void> {
      const now = clock.now();
      const asked: Refund = {
        key,
        fen: amount.amount,
        why: reason,
        state: 'asked',
        id: null,
        failure: null,
        at: now,
      };
      const isNew = await store.addRefund(ref, asked, new Date(now.getTime() + TAKEN_UP_MS));
      const payment = await store.byRef(ref);
      const known = payment?.refunds.find((refund) => refund.key === key);
      if (!payment || !known) throw new AppError('not_found');
      if (known.fen !== amount.amount) throw new AppError('conflict');
      if (!isNew) return;
      try {
        await send(payment, known, false);
      } catch (error) {
        log.warn({ err: error, ref, refund: key }, 'a refund waits for Stripe');
      }
    },

    /** Brings every refund that waits a step further. @returns how much news there was */
    async lookAt(payment: Payment): Promise<number> {
      let found = 0;
      for (const refund of payment.refunds) {
        const waits = refund.state === 'asked' || refund.state === 'pending';
        if (waits && (await send(payment, refund, true))) found += 1;
      }
      return found;
    },
  };
}

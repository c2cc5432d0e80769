import { money, type Money } from '../platform/money.ts';

/** What is to be paid, and where the buyer goes afterwards (a page of this shop). */
export interface PaymentRequest {
  ref: string;
  amount: Money;
  description: string;
  returnUrl: string;
}

/** A payment that waits for its buyer. The client secret is for the buyer's browser alone and is never stored. */
export interface OpenPayment {
  intentId: string;
  clientSecret: string;
  /** The test cashier's page; undefined with Stripe, where the Payment Element is used. */
  payUrl: string | undefined;
}

export interface RefundRequest {
  ref: string;
  key: string;
  amount: Money;
  reason: string;
}

/** News of a payment, told at least once and in any order. */
export type PaymentEvent =
  | { kind: 'succeeded'; ref: string; intentId: string; amount: Money }
  | { kind: 'failed'; ref: string; intentId: string; reason: string }
  | { kind: 'refunded'; ref: string; refundKey: string; amount: Money }
  | { kind: 'refund_failed'; ref: string; refundKey: string; reason: string }
  | { kind: 'disputed'; ref: string; intentId: string; amount: Money; status: string };

export type BrowserConfig = { kind: 'stripe'; publishableKey: string } | { kind: 'cashier' };

/**
 * One attempt at being paid, which is one PaymentIntent. Stripe has the last word: an intent that was believed
 * cancelled and has succeeded after all is paid.
 */
export const ATTEMPT_MOVES = {
  making: ['open', 'cancelled'],
  open: ['cancelling', 'cancelled', 'succeeded'],
  cancelling: ['cancelled', 'succeeded'],
  cancelled: ['succeeded'],
  succeeded: [],
} as const satisfies Record<string, readonly string[]>;

/** Bad news may follow good news here: a bank can turn a refund down after Stripe has called it done. */
export const REFUND_MOVES = {
  asked: ['pending', 'done', 'failed'],
  pending: ['done', 'failed'],
  done: ['failed'],
  failed: [],
} as const satisfies Record<string, readonly string[]>;

export type AttemptState = keyof typeof ATTEMPT_MOVES;
export type RefundState = keyof typeof REFUND_MOVES;
export const ATTEMPT_STATES = Object.keys(ATTEMPT_MOVES) as AttemptState[];
export const REFUND_STATES = Object.keys(REFUND_MOVES) as RefundState[];

/** The states from which a move may come: the condition of the write that makes it. */
export function attemptsBefore(to: AttemptState): AttemptState[] {
  return ATTEMPT_STATES.filter((from) => (ATTEMPT_MOVES[from] as readonly string[]).includes(to));
}

export function refundsBefore(to: RefundState): RefundState[] {
  return REFUND_STATES.filter((from) => (REFUND_MOVES[from] as readonly string[]).includes(to));
}

export interface Attempt {
  /** Counts the attempts of one payment, from 0: part of the idempotency key, since an amount may come back. */
  seq: number;
  /** The PaymentIntent; null until Stripe has answered. */
  intent: string | null;
  fen: number;
  description: string;
  state: AttemptState;
  at: Date;
}

export interface Refund {
  key: string;
  fen: number;
  why: string;
  state: RefundState;
  /** Stripe's name for it; null until Stripe has answered. */
  id: string | null;
  /** Why it failed, as Stripe's code. */
  failure: string | null;
  at: Date;
}

export interface Dispute {
  id: string;
  intent: string;
  fen: number;
  status: string;
  /** When Stripe said so: an older word that comes later changes nothing. */
  at: Date;
}

export interface Payment {
  _id: string;
  attempts: Attempt[];
  refunds: Refund[];
  disputes: Dispute[];
}

/** The attempt that is under way or has succeeded, if any. */
export function liveAttempt(payment: Pick<Payment, 'attempts'>): Attempt | undefined {
  return payment.attempts.find(({ state }) => state !== 'cancelled');
}

export function paidAttempt(payment: Pick<Payment, 'attempts'>): Attempt | undefined {
  return payment.attempts.find(({ state }) => state === 'succeeded');
}

/** Whether Stripe still owes an answer, or we still owe it a request. */
export function isUnsettled(payment: Payment): boolean {
  return (
    payment.attempts.some(({ state }) => state === 'open' || state === 'cancelling') ||
    payment.refunds.some(({ state }) => state === 'asked' || state === 'pending')
  );
}

/** The same attempt makes the same intent, however often it is asked for. */
export function intentKey(ref: string, { seq, fen }: Pick<Attempt, 'seq' | 'fen'>): string {
  return `intent:${ref}:${fen}:${seq}`;
}

export function refundKey(ref: string, key: string): string {
  return `refund:${ref}:${key}`;
}

const FIRST_LOOK_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

/** When to ask Stripe about a payment again: soon while it is young, hourly when it is old. */
export function nextLook(payment: Payment, now: Date): Date {
  const stamps = [...payment.attempts, ...payment.refunds].map(({ at }) => at.getTime());
  const age = now.getTime() - Math.max(0, ...stamps);
  return new Date(now.getTime() + Math.min(LONGEST_WAIT_MS, Math.max(FIRST_LOOK_MS, age)));
}

/** How long to leave an event alone whose handler has failed so many times, in ms. */
export function retryDelay(failures: number): number {
  return failures < 3 ? 0 : Math.min(600_000, 1_000 * 2 ** failures);
}

export interface PaymentView {
  ref: string;
  state: 'open' | 'succeeded' | 'cancelled';
  amount: Money;
  intentId: string | undefined;
  refunded: Money;
  refunds: {
    key: string;
    amount: Money;
    reason: string;
    state: RefundState;
    failure: string | undefined;
    at: Date;
  }[];
  disputes: { id: string; amount: Money; status: string; at: Date }[];
}

/** A payment for staff pages. */
export function viewOf(payment: Payment): PaymentView | undefined {
  const shown = paidAttempt(payment) ?? liveAttempt(payment) ?? payment.attempts.at(-1);
  if (!shown) return undefined;
  const { state } = shown;
  const done = payment.refunds.filter((refund) => refund.state === 'done');
  return {
    ref: payment._id,
    state: state === 'succeeded' || state === 'cancelled' ? state : 'open',
    amount: money(shown.fen),
    intentId: shown.intent ?? undefined,
    refunded: money(done.reduce((sum, { fen }) => sum + fen, 0)),
    refunds: payment.refunds.map((refund) => ({
      key: refund.key,
      amount: money(refund.fen),
      reason: refund.why,
      state: refund.state,
      failure: refund.failure ?? undefined,
      at: refund.at,
    })),
    disputes: payment.disputes.map(({ id, fen, status, at }) => ({ id, amount: money(fen), status, at })),
  };
}

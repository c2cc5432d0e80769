import type Stripe from 'stripe';
import type { RefundState } from './payments.rules.ts';

/** What an event says, without anything that we do not need: no client secret, no card, no address. */
export type News =
  | { kind: 'intent_succeeded'; intent: string; fen: number }
  | { kind: 'intent_failed'; intent: string; reason: string }
  | { kind: 'intent_cancelled'; intent: string }
  | RefundNews
  | { kind: 'dispute'; dispute: string; intent: string; fen: number; status: string; at: Date };

export interface RefundNews {
  kind: 'refund';
  refund: string;
  intent: string;
  /** Whose it is, where we know that without an intent. */
  ref?: string;
  /** Ours; null for a refund that was made in Stripe's dashboard. */
  key: string | null;
  fen: number;
  state: Exclude<RefundState, 'asked'>;
  failure: string | null;
}

type Reader = (object: never, event: Stripe.Event) => News | undefined;

/** Every type of event that concerns us; all others are acknowledged and forgotten. */
const READERS: Record<string, Reader> = {
  'payment_intent.succeeded': intentSucceeded,
  'payment_intent.payment_failed': intentFailed,
  'payment_intent.canceled': intentCancelled,
  'refund.created': refundNews,
  'refund.updated': refundNews,
  'refund.failed': refundNews,
  'charge.dispute.created': disputeNews,
  'charge.dispute.updated': disputeNews,
  'charge.dispute.closed': disputeNews,
  'charge.dispute.funds_withdrawn': disputeNews,
  'charge.dispute.funds_reinstated': disputeNews,
};

export const EVENT_TYPES = Object.keys(READERS);

/** The news in a verified event; undefined when it is none of ours. */
export function readEvent(event: Stripe.Event): News | undefined {
  if (!Object.hasOwn(READERS, event.type)) return undefined;
  return READERS[event.type]?.(event.data.object as never, event);
}

export function intentSucceeded(intent: Stripe.PaymentIntent): News | undefined {
  if (intent.currency !== 'cny') return undefined;
  return { kind: 'intent_succeeded', intent: intent.id, fen: intent.amount_received };
}

function intentFailed(intent: Stripe.PaymentIntent): News {
  const { last_payment_error: error } = intent;
  return {
    kind: 'intent_failed',
    intent: intent.id,
    reason: error?.decline_code ?? error?.code ?? 'unknown',
  };
}

function intentCancelled(intent: Stripe.PaymentIntent): News {
  return { kind: 'intent_cancelled', intent: intent.id };
}

const REFUND_STATE: Record<string, RefundNews['state']> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'done',
  failed: 'failed',
  canceled: 'failed',
};

export function refundNews(refund: Stripe.Refund): RefundNews | undefined {
  const intent = idOf(refund.payment_intent);
  const state = REFUND_STATE[refund.status ?? ''];
  if (intent === undefined || state === undefined || refund.currency !== 'cny') return undefined;
  return {
    kind: 'refund',
    refund: refund.id,
    intent,
    key: refund.metadata?.['key'] ?? null,
    fen: refund.amount,
    state,
    failure: state === 'failed' ? (refund.failure_reason ?? refund.status) : null,
  };
}

function disputeNews(dispute: Stripe.Dispute, event: Stripe.Event): News | undefined {
  const intent = idOf(dispute.payment_intent);
  if (intent === undefined) return undefined;
  return {
    kind: 'dispute',
    dispute: dispute.id,
    intent,
    fen: dispute.amount,
    status: dispute.status,
    at: new Date(event.created * 1000),
  };
}

function idOf(value: string | { id: string } | null): string | undefined {
  return typeof value === 'object' ? value?.id : value;
}

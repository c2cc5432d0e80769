/**
 * What Stripe knows about one payment, and how it changes: objects in Stripe's shape, of API version 2026-10-28.endive,
 * with the fields that its library and this shop read. One intent, its charges, refunds, disputes and the events they
 * gave rise to are one document, so that a change and its event are one write.
 */
export interface Story {
  _id: string;
  rev: number;
  /** Seconds since 1970, as Stripe counts. */
  created: number;
  intent: Intent;
  charges: Charge[];
  refunds: RefundObject[];
  disputes: DisputeObject[];
  letters: Letter[];
  /** Changes that come by themselves after a while. */
  later: Later[];
  /** When the courier has something to do; null when everything is delivered. */
  dueAt: Date | null;
}

/** An event and its way to the shop. */
export interface Letter {
  id: string;
  type: string;
  created: number;
  object: object;
  dueAt: Date;
  /** How often it is to be delivered: duplicates are normal. */
  copies: number;
  tries: number;
  /** When it was taken in, or was lost without anybody noticing. */
  deliveredAt: Date | null;
}

export interface Later {
  at: Date;
  refund: string;
  status: 'succeeded' | 'failed';
}

export type Metadata = Record<string, string>;

export interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  automatic_payment_methods: { allow_redirects: 'always'; enabled: boolean } | null;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: 'automatic_async';
  client_secret: string;
  confirmation_method: 'automatic';
  created: number;
  currency: string;
  customer: null;
  description: string | null;
  last_payment_error: ErrorBody | null;
  latest_charge: string | null;
  livemode: false;
  metadata: Metadata;
  next_action: null;
  payment_method: string | null;
  payment_method_types: string[];
  processing: null;
  receipt_email: null;
  status: 'requires_payment_method' | 'succeeded' | 'canceled';
}

export interface Charge {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  created: number;
  currency: string;
  description: string | null;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  livemode: false;
  metadata: Metadata;
  paid: boolean;
  payment_intent: string;
  payment_method: string;
  refunded: boolean;
  status: 'succeeded' | 'failed';
}

export interface RefundObject {
  id: string;
  object: 'refund';
  amount: number;
  balance_transaction: null;
  charge: string;
  created: number;
  currency: string;
  failure_reason?: string;
  metadata: Metadata;
  payment_intent: string;
  reason: string | null;
  receipt_number: null;
  status: 'pending' | 'succeeded' | 'failed';
}

export interface DisputeObject {
  id: string;
  object: 'dispute';
  amount: number;
  charge: string;
  created: number;
  currency: string;
  is_charge_refundable: boolean;
  livemode: false;
  metadata: Metadata;
  payment_intent: string;
  reason: string;
  status: string;
}

/** Stripe's error object. */
export interface ErrorBody {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  payment_intent?: Intent;
}

export type Answer<T> = { ok: true; object: T } | { ok: false; status: number; error: ErrorBody };

/** Stripe's own test payment methods, by what they bring about. */
export const METHODS: Record<string, { decline?: string; dispute?: true; refund?: 'pending' | 'failed' }> = {
  pm_card_visa: {},
  pm_card_mastercard: {},
  pm_card_visa_chargeDeclined: { decline: 'generic_decline' },
  pm_card_visa_chargeDeclinedInsufficientFunds: { decline: 'insufficient_funds' },
  pm_card_createDispute: { dispute: true },
  pm_card_pendingRefund: { refund: 'pending' },
  pm_card_refundFail: { refund: 'failed' },
};

import {
  METHODS,
  type Answer,
  type Charge,
  type DisputeObject,
  type ErrorBody,
  type Intent,
  type Metadata,
  type RefundObject,
  type Story,
} from './objects.rules.ts';

/** What a change needs from outside. */
export interface Moment {
  now: Date;
  newId: (prefix: string) => string;
}

/** How the events of a change travel. */
export interface Delivery {
  delayMs?: number;
  copies?: number;
  /** Never sent, and nobody at Stripe notices. */
  lost?: boolean;
}

const CARD_REFUSED = { code: 'card_declined', message: 'Your card was declined.' };

const BY_ITSELF_MS = 5_000;

const seconds = (now: Date) => Math.floor(now.getTime() / 1000);

export function newStory(
  params: { id: string; amount: number; currency: string; description: string | null; metadata: Metadata },
  { now, newId }: Moment,
): Story {
  const created = seconds(now);
  const intent: Intent = {
    id: params.id,
    object: 'payment_intent',
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: newId(`${params.id}_secret`),
    confirmation_method: 'automatic',
    created,
    currency: params.currency,
    customer: null,
    description: params.description,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: params.metadata,
    next_action: null,
    payment_method: null,
    payment_method_types: ['card', 'alipay', 'wechat_pay'],
    processing: null,
    receipt_email: null,
    status: 'requires_payment_method',
  };
  const lists = { charges: [], refunds: [], disputes: [], letters: [], later: [] };
  const story: Story = { _id: params.id, rev: 0, created, intent, ...lists, dueAt: null };
  return tell(story, 'payment_intent.created', intent, { now, newId });
}

/** Puts an event on its way: the object as it is at this moment. */
function tell(story: Story, type: string, object: object, moment: Moment, delivery: Delivery = {}): Story {
  const { now, newId } = moment;
  story.letters.push({
    id: newId('evt'),
    type,
    created: seconds(now),
    object: structuredClone(object),
    dueAt: new Date(now.getTime() + (delivery.delayMs ?? 0)),
    copies: delivery.copies ?? 1,
    tries: 0,
    deliveredAt: delivery.lost ? now : null,
  });
  story.dueAt = earliest(story);
  return story;
}

export function earliest({ letters, later }: Pick<Story, 'letters' | 'later'>): Date | null {
  const times = [
    ...letters.filter(({ deliveredAt }) => deliveredAt === null).map(({ dueAt }) => dueAt.getTime()),
    ...later.map(({ at }) => at.getTime()),
  ];
  return times.length === 0 ? null : new Date(Math.min(...times));
}

export function refused(message: string, more: Partial<ErrorBody> = {}, status = 400): Answer<never> {
  return { ok: false, status, error: { type: 'invalid_request_error', message, ...more } };
}

export function missing(what: string, id: string, param: string, status = 404): Answer<never> {
  return refused(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);
}

/** The buyer pays, or tries to. */
export function confirm(story: Story, method: string, moment: Moment, delivery?: Delivery): Answer<Intent> {
  const { intent } = story;
  const effect = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!effect) return missing('PaymentMethod', method, 'payment_method', 400);
  if (intent.status !== 'requires_payment_method') {
    return refused(`This PaymentIntent's status is ${intent.status}; it could not be confirmed.`, {
      code: 'payment_intent_unexpected_state',
      payment_intent: intent,
    });
  }
  const charge = newCharge(intent, method, effect.decline, moment);
  story.charges.push(charge);
  intent.latest_charge = charge.id;
  if (effect.decline !== undefined) return decline(story, charge, effect.decline, moment, delivery);

  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  intent.payment_method = method;
  intent.last_payment_error = null;
  tell(story, 'payment_intent.succeeded', intent, moment, delivery);
  tell(story, 'charge.succeeded', charge, moment, delivery);
  if (effect.dispute) dispute(story, 'needs_response', moment, delivery);
  return { ok: true, object: intent };
}

function newCharge(
  intent: Intent,
  method: string,
  declined: string | undefined,
  { now, newId }: Moment,
): Charge {
  const paid = declined === undefined;
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: paid ? intent.amount : 0,
    amount_refunded: 0,
    captured: paid,
    created: seconds(now),
    currency: intent.currency,
    description: intent.description,
    disputed: false,
    failure_code: paid ? null : CARD_REFUSED.code,
    failure_message: paid ? null : CARD_REFUSED.message,
    livemode: false,
    metadata: intent.metadata,
    paid,
    payment_intent: intent.id,
    payment_method: method,
    refunded: false,
    status: paid ? 'succeeded' : 'failed',
  };
}

function decline(
  story: Story,
  charge: Charge,
  code: string,
  moment: Moment,
  delivery?: Delivery,
): Answer<never> {
  const { intent } = story;
  const error: ErrorBody = { type: 'card_error', ...CARD_REFUSED, decline_code: code, charge: charge.id };
  intent.last_payment_error = error;
  tell(story, 'payment_intent.payment_failed', intent, moment, delivery);
  tell(story, 'charge.failed', charge, moment, delivery);
  return { ok: false, status: 402, error: { ...error, payment_intent: intent } };
}

export function cancel(story: Story, reason: string | null, moment: Moment): Answer<Intent> {
  const { intent } = story;
  if (intent.status !== 'requires_payment_method') {
    return refused(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
        'one of the following statuses may be canceled: requires_payment_method, requires_capture, ' +
        'requires_confirmation, requires_action, processing.',
      { code: 'payment_intent_unexpected_state', payment_intent: intent },
    );
  }
  intent.status = 'canceled';
  intent.canceled_at = seconds(moment.now);
  intent.cancellation_reason = reason;
  tell(story, 'payment_intent.canceled', intent, moment);
  return { ok: true, object: intent };
}

export interface RefundParams {
  id: string;
  amount: number | undefined;
  reason: string | null;
  metadata: Metadata;
}

export function refund(story: Story, params: RefundParams, moment: Moment): Answer<RefundObject> {
  const known = story.refunds.find(({ id }) => id === params.id);
  if (known) return { ok: true, object: known };
  const charge = story.charges.find(({ status }) => status === 'succeeded');
  if (!charge)
    return refused(`This PaymentIntent (${story._id}) does not have a successful charge to refund.`);
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    return refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = params.amount ?? left;
  if (amount > left) {
    return refused(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  const fate = METHODS[charge.payment_method]?.refund;
  const made: RefundObject = {
    id: params.id,
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: seconds(moment.now),
    currency: charge.currency,
    metadata: params.metadata,
    payment_intent: story._id,
    reason: params.reason,
    receipt_number: null,
    status: fate === 'pending' ? 'pending' : 'succeeded',
  };
  story.refunds.push(made);
  setRefunded(charge, charge.amount_refunded + amount);
  if (fate) {
    const status = fate === 'pending' ? 'succeeded' : 'failed';
    story.later.push({ at: new Date(moment.now.getTime() + BY_ITSELF_MS), refund: made.id, status });
  }
  tell(story, 'refund.created', made, moment);
  tell(story, 'charge.refunded', charge, moment);
  return { ok: true, object: made };
}

function setRefunded(charge: Charge, amount: number) {
  charge.amount_refunded = amount;
  charge.refunded = amount === charge.amount;
}

/** Carries out what comes by itself and is due. */
export function happen(story: Story, moment: Moment): void {
  const due = story.later.filter(({ at }) => at <= moment.now);
  story.later = story.later.filter(({ at }) => at > moment.now);
  for (const { refund: id, status } of due) {
    const made = story.refunds.find((one) => one.id === id);
    const charge = story.charges.find((one) => one.id === made?.charge);
    if (!made || !charge) continue;
    made.status = status;
    if (status === 'failed') {
      made.failure_reason = 'expired_or_canceled_card';
      setRefunded(charge, charge.amount_refunded - made.amount);
      tell(story, 'refund.failed', made, moment);
    }
    tell(story, 'refund.updated', made, moment);
  }
  story.dueAt = earliest(story);
}

/** The buyer's bank takes the money back; or has decided. */
export function dispute(story: Story, status: string, moment: Moment, delivery?: Delivery): void {
  const charge = story.charges.find((one) => one.status === 'succeeded');
  if (!charge) return;
  const [known] = story.disputes;
  if (known) {
    known.status = status;
    tell(
      story,
      status === 'won' || status === 'lost' ? 'charge.dispute.closed' : 'charge.dispute.updated',
      known,
      moment,
    );
    return;
  }
  charge.disputed = true;
  const made: DisputeObject = {
    id: moment.newId('du'),
    object: 'dispute',
    amount: charge.amount,
    charge: charge.id,
    created: seconds(moment.now),
    currency: charge.currency,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: story._id,
    reason: 'fraudulent',
    status,
  };
  story.disputes.push(made);
  tell(story, 'charge.dispute.created', made, moment, delivery);
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import Stripe from 'stripe';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import type { ListEventsParams, ListParams, ListRefundsParams } from './api.schema.ts';
import { bankSays, isOfBank, type BankChoice, type Choice } from './choices.rules.ts';
import type { CashierStore } from './cashier.store.ts';
import { createCourier, eventObject } from './courier.service.ts';
import type { Answer, Intent, Letter, Metadata, RefundObject, Story } from './objects.rules.ts';
import {
  cancel,
  confirm,
  dispute,
  earliest,
  missing,
  newStory,
  refund,
  type Delivery,
  type RefundParams,
} from './story.rules.ts';

export type Cashier = ReturnType<typeof createCashier>;

export interface CashierDeps {
  store: CashierStore;
  clock: Clock;
  log: Log;
  /** What the shop must show: as secret as Stripe's would be, for whoever has it can make payments up. */
  apiKey: string;
  webhookSecret: string;
}

/** Keys for the built-in cashier: the same in every process of a shop, and known to none outside. */
export function cashierKeys(secret: string): { apiKey: string; webhookSecret: string } {
  const derived = (what: string) => createHmac('sha256', secret).update(`cashier ${what}`).digest('hex');
  return { apiKey: `sk_test_${derived('api key')}`, webhookSecret: `whsec_${derived('webhook')}` };
}

const LATE_MS = 20_000;
const STEP_MS = 2_000;

const DELIVERY: Record<Exclude<Choice, 'wrong_order' | BankChoice>, Delivery> = {
  pay: {},
  decline: {},
  late: { delayMs: LATE_MS },
  twice: { copies: 2 },
  lost: { lost: true },
};

const named = (prefix: string) => `${prefix}_${newId()}`;

/** A stand-in for Stripe: its objects, its rules, its events; no money and no card. */
export function createCashier(deps: CashierDeps) {
  const { store } = deps;
  const courier = createCourier({ ...deps, newId: named });

  /** Changes one payment. What the change answers is what was written. */
  async function change<T>(id: string, act: (story: Story) => Answer<T>): Promise<Answer<T>> {
    for (;;) {
      const story = await store.byIntent(id);
      if (!story) return missing('payment_intent', id, 'intent');
      const answer = act(story);
      if (await store.replace(story)) {
        courier.hurry(story);
        return answer;
      }
    }
  }

  /** The same request makes the same object, also when a process died before it could answer. */
  function idFor(prefix: string, seed: string | undefined): string {
    if (seed === undefined) return named(prefix);
    return `${prefix}_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`;
  }

  /** A declined try and one that succeeds, told backwards: first that it is paid, last how it began. */
  function payInWrongOrder(story: Story): Answer<Intent> {
    confirm(story, 'pm_card_visa_chargeDeclined', courier.moment());
    const answer = confirm(story, 'pm_card_visa', courier.moment());
    const { now } = courier.moment();
    const isFirst = ({ type }: Letter) => type === 'payment_intent.succeeded';
    const waiting = story.letters.filter(({ deliveredAt }) => deliveredAt === null).reverse();
    const backwards = [...waiting.filter(isFirst), ...waiting.filter((letter) => !isFirst(letter))];
    for (const [index, letter] of backwards.entries())
      letter.dueAt = new Date(now.getTime() + index * STEP_MS);
    story.dueAt = earliest(story);
    return answer;
  }

  return {
    isKey(given: string): boolean {
      const [a, b] = [given, deps.apiKey].map((key) => createHash('sha256').update(key).digest());
      return timingSafeEqual(a!, b!);
    },
    apiVersion: Stripe.API_VERSION as string,
    ...createIdempotency(deps),

    async createIntent(
      params: { amount: number; currency: string; description?: string | undefined; metadata: Metadata },
      seed: string | undefined,
    ): Promise<Answer<Intent>> {
      const id = idFor('pi', seed);
      const { description = null } = params;
      const story = newStory({ ...params, id, description }, courier.moment());
      if (await store.insert(story)) courier.hurry(story);
      const { intent } = (await store.byIntent(id)) ?? story;
      return { ok: true, object: intent };
    },

    async intent(id: string): Promise<Answer<Intent>> {
      const story = await store.byIntent(id);
      return story ? { ok: true, object: story.intent } : missing('payment_intent', id, 'intent');
    },

    /** A payment with how its dispute stands, if a bank has begun one. */
    async standing(id: string): Promise<{ intent: Intent; dispute: string | undefined } | undefined> {
      const story = await store.byIntent(id);
      return story ? { intent: story.intent, dispute: story.disputes[0]?.status } : undefined;
    },

    confirmIntent: (id: string, method: string, delivery?: Delivery) =>
      change(id, (story) => confirm(story, method, courier.moment(), delivery)),

    cancelIntent: (id: string, reason: string | null) =>
      change(id, (story) => cancel(story, reason, courier.moment())),

    async refund(
      intent: string,
      params: Omit<RefundParams, 'id'>,
      seed: string | undefined,
    ): Promise<Answer<RefundObject>> {
      const id = idFor('re', seed);
      return change(intent, (story) => refund(story, { ...params, id }, courier.moment()));
    },

    async refundById(id: string): Promise<Answer<RefundObject>> {
      const found = (await store.byRefund(id))?.refunds.find((one) => one.id === id);
      return found ? { ok: true, object: found } : missing('refund', id, 'refund');
    },

    async charge(id: string) {
      const found = (await store.byCharge(id))?.charges.find((one) => one.id === id);
      return found ? { ok: true as const, object: found } : missing('charge', id, 'charge');
    },

    async event(id: string) {
      const found = (await store.byLetter(id))?.letters.find((one) => one.id === id);
      return found ? { ok: true as const, object: eventObject(found) } : missing('event', id, 'id');
    },

    async listIntents({ limit, created, starting_after: after }: ListParams) {
      const found = await store.listIntents({ limit: limit + 1, since: created?.gte, after });
      return listOf(
        '/v1/payment_intents',
        found.map(({ intent }) => intent),
        { limit, after: undefined },
      );
    },

    async listRefunds({ limit, created, starting_after: after, payment_intent: intent }: ListRefundsParams) {
      return listOf('/v1/refunds', await store.listRefunds(intent, created?.gte ?? 0), { limit, after });
    },

    async listEvents(params: ListEventsParams) {
      const { limit, created, starting_after: after, type, types, delivery_success: delivered } = params;
      const letters = await store.listLetters({
        types: types ?? (type === undefined ? undefined : [type]),
        since: created?.gte ?? 0,
        undelivered: delivered === undefined ? undefined : delivered === 'false',
      });
      return listOf('/v1/events', letters.map(eventObject), { limit, after });
    },

    /** What the buyer has chosen on the page, or their bank. The client secret shows that the page is theirs. */
    async choose(id: string, choice: Choice): Promise<Answer<Intent>> {
      if (choice === 'wrong_order') return change(id, payInWrongOrder);
      if (isOfBank(choice)) return change(id, (story) => bankSays(story, choice, courier.moment()));
      const method = choice === 'decline' ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa';
      return change(id, (story) => confirm(story, method, courier.moment(), DELIVERY[choice]));
    },

    /** A bank's side of a dispute: `needs_response` opens it, `won` and `lost` end it. */
    dispute: (id: string, status: string) =>
      change(id, (story) => {
        dispute(story, status, courier.moment());
        return { ok: true, object: story.intent };
      }),

    connect: courier.connect,
    deliverDue: courier.deliverDue,
    idle: courier.idle,
    stop: courier.stop,
  };
}

/** A page of Stripe's lists. */
function listOf<T extends { id: string }>(
  url: string,
  all: T[],
  page: { limit: number; after: string | undefined },
) {
  const start = page.after === undefined ? 0 : all.findIndex(({ id }) => id === page.after) + 1;
  const data = all.slice(start, start + page.limit);
  return { object: 'list', url, has_more: all.length > start + page.limit, data };
}

const UNFINISHED_MS = 30_000;
const KEPT_MS = 24 * 3_600_000;

/** Stripe's idempotency: the first answer to a key is the answer, also a bad one. */
function createIdempotency({ store, clock }: CashierDeps) {
  return {
    /**
     * Answers by `work`, or as it was answered before.
     *
     * @param fingerprint what was asked: the same key with other parameters is a mistake
     */
    async once(
      request: { key: string; fingerprint: string },
      work: (seed: string) => Promise<{ status: number; body: string; keep: boolean }>,
    ): Promise<{ status: number; body: string; replayed: boolean } | 'other_params' | 'in_use'> {
      const { key } = request;
      const fingerprint = createHash('sha256').update(request.fingerprint).digest('hex');
      const now = clock.now();
      const seed = newId();
      const known = await store.begin({ _id: key, fingerprint, seed, status: 0, body: '', at: now });
      if (known && known.fingerprint !== fingerprint) return 'other_params';
      if (known && known.status > 0) return { status: known.status, body: known.body, replayed: true };
      if (known) {
        const abandoned = now.getTime() - known.at.getTime() > UNFINISHED_MS;
        if (!abandoned || !(await store.takeOver(key, known.at, now))) return 'in_use';
      }
      try {
        const { status, body, keep } = await work(known?.seed ?? seed);
        if (keep) await store.finish(key, { status, body });
        else await store.forget(key);
        return { status, body, replayed: false };
      } catch (error) {
        await store.forget(key).catch(() => undefined);
        throw error;
      }
    },

    /** Keys are forgotten after a day, as Stripe does. */
    forgetOldKeys: () => store.forgetBefore(new Date(clock.now().getTime() - KEPT_MS)),
  };
}

import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CashierStore } from './cashier.store.ts';
import type { Letter, Story } from './objects.rules.ts';
import { earliest, happen, type Moment } from './story.rules.ts';

export interface CourierDeps {
  store: CashierStore;
  clock: Clock;
  log: Log;
  webhookSecret: string;
  newId: (prefix: string) => string;
}

export type Courier = ReturnType<typeof createCourier>;

const ANSWER_WITHIN_MS = 5_000;
/** A letter in the hands of a process that died is taken up again after this. */
const IN_HAND_MS = 20_000;
const PER_RUN = 200;

/** An event as Stripe posts and lists it. */
export function eventObject(letter: Letter) {
  return {
    id: letter.id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: letter.created,
    data: { object: letter.object },
    livemode: false,
    pending_webhooks: letter.deliveredAt === null ? 1 : 0,
    request: { id: null, idempotency_key: null },
    type: letter.type,
  };
}

/** Stripe's signature scheme v1: HMAC-SHA256 over the time in seconds, a dot, and the body as it goes out. */
export function signatureOf(body: string, secret: string, at: Date): string {
  const time = Math.floor(at.getTime() / 1000);
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

/** Carries events to the shop's webhook over HTTP, again and again until it takes them in. */
export function createCourier(deps: CourierDeps) {
  const { store, clock, log } = deps;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let address: string | undefined;

  const moment = (): Moment => ({ now: clock.now(), newId: deps.newId });

  async function post(letter: Letter): Promise<boolean> {
    if (address === undefined || stopping.signal.aborted) return false;
    const body = JSON.stringify(eventObject(letter), null, 2);
    try {
      const answer = await fetch(address, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'Stripe-Signature': signatureOf(body, deps.webhookSecret, clock.now()),
        },
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** The next letter of a payment that is due, now in our hands; undefined when there is none. */
  async function take(id: string): Promise<Letter | undefined> {
    const story = await store.byIntent(id);
    if (!story) return undefined;
    const { now } = moment();
    if (!story.dueAt || story.dueAt > now) return undefined;
    happen(story, moment());
    const [next] = story.letters
      .filter(({ deliveredAt, dueAt }) => deliveredAt === null && dueAt <= now)
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    if (next) {
      next.tries += 1;
      next.dueAt = new Date(now.getTime() + IN_HAND_MS);
    }
    story.dueAt = earliest(story);
    if (!(await store.replace(story))) return take(id);
    return next;
  }

  async function settle(id: string, letterId: string, taken: boolean): Promise<void> {
    const story = await store.byIntent(id);
    const letter = story?.letters.find((one) => one.id === letterId);
    if (!story || !letter) return;
    const { now } = moment();
    if (taken) letter.copies -= 1;
    if (taken && letter.copies <= 0) letter.deliveredAt = now;
    else
      letter.dueAt = taken ? now : new Date(now.getTime() + Math.min(3_600_000, 1_000 * 2 ** letter.tries));
    story.dueAt = earliest(story);
    if (!(await store.replace(story))) await settle(id, letterId, taken);
  }

  async function deliver(id: string): Promise<void> {
    for (;;) {
      if (stopping.signal.aborted || address === undefined) return;
      const letter = await take(id);
      if (!letter) return;
      await settle(id, letter.id, await post(letter));
    }
  }

  function inBackground(id: string) {
    const done = deliver(id)
      .catch((err: unknown) => log.warn({ err, intent: id }, 'the test cashier could not deliver an event'))
      .finally(() => running.delete(done));
    running.add(done);
  }

  return {
    moment,
    /** @param webhook the full address of the shop's webhook */
    connect(webhook: string) {
      address = webhook;
    },
    /** Sets out with what is due of this payment; waits for nothing. */
    hurry: (story: Pick<Story, '_id'>) => inBackground(story._id),

    /** Delivers everything that is due. @returns how many payments had something */
    async deliverDue(): Promise<number> {
      const ids = await store.due(clock.now(), PER_RUN);
      for (const id of ids) await deliver(id);
      return ids.length;
    },

    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    async stop() {
      stopping.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}

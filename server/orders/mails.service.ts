import type { Accounts } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { createLane } from '../platform/lane.ts';
import { DEFAULT_LANG, type Lang } from '../platform/lang.ts';
import type { Log } from '../platform/log.ts';
import {
  isMailAddress,
  type MailContent,
  type MailSubject,
  type NewMail,
  type Outbox,
} from '../platform/mail/index.ts';
import type { Renderer, Translator } from '../platform/views/index.ts';
import { dueMails, isOvertaken, MAIL_KINDS, mailId, NEWS_MS, type DueMail } from './mails.rules.ts';
import type { OrderMailStore } from './mails.store.ts';
import { presentMail } from './mails.view.ts';
import type { Order } from './orders.service.ts';

export interface OrderMailsDeps {
  store: OrderMailStore;
  accounts: Accounts;
  cooperatives: Cooperatives;
  outbox: Outbox;
  renderer: Renderer;
  translator: Translator;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** The address that the links of mails begin with. */
  origin: () => string;
}

export type OrderMails = ReturnType<typeof createOrderMails>;

/** A turn looks a little further back than the last one did: processes' clocks differ, and writes take a moment. */
const OVERLAP_MS = 10 * 60_000;

/** A mail may be so much later, in ms. */
const REST_MS = 100;

/**
 * The mails of orders. A fact only says which order to look at; what is to be sent follows from the order itself, and
 * the mail's key makes one mail of the same news told twice. What was told to a process that died is found by `recover`.
 */
export function createOrderMails(deps: OrderMailsDeps) {
  const { store, outbox, bus, clock, log } = deps;
  // In a rush hundreds of orders share the two reads and the one write that a single one needs, and those who are
  // still waiting for their orders come first.
  const lane = createLane<string, void>({
    work: lookAtMany,
    maxBatch: 500,
    maxWaiting: 20_000,
    restMs: REST_MS,
  });
  let lookedUntil: Date | undefined;

  async function lookAtMany(codes: string[]) {
    await lookAt(codes);
    return codes.map(() => ({ ok: true, value: undefined }) as const);
  }

  async function lookAt(codes: readonly string[]): Promise<number> {
    const orders = await store.seen(codes);
    const now = clock.now();
    const due = orders.flatMap((order) => dueMails(order, now).map((mail) => ({ mail, order })));
    const known = await outbox.known(due.map(({ mail }) => mailId(mail)));
    const missing = due.filter(({ mail }) => !known.has(mailId(mail)));
    if (missing.length === 0) return 0;
    const addressOf = await addressesOf(missing.map(({ order }) => order));
    return outbox.queue(
      missing.flatMap(({ mail, order }) => {
        const to = addressOf(order);
        return to === undefined ? [] : [newMail(mail, order, to)];
      }),
    );
  }

  /** The address given with the order, else the buyer's login where that is one. */
  async function addressesOf(orders: readonly Order[]) {
    const logins = await deps.accounts.loginsOf(
      orders.filter(({ email }) => !email).map(({ buyer }) => buyer),
    );
    return ({ email, buyer }: Order): string | undefined => {
      const address = email ?? logins.get(buyer);
      return address !== undefined && isMailAddress(address) ? address : undefined;
    };
  }

  function look(code: string) {
    lane.enter(code).catch((err: unknown) => {
      log.warn({ err, order: code }, 'mails of this order are left to the next turn of the job');
    });
  }

  bus.on('order.placed', ({ code, isReachable }) => {
    if (isReachable) look(code);
  });
  bus.on('wait.offered', ({ order }) => look(order));
  bus.on('order.moved', ({ code }) => look(code));
  bus.on('parcel.shipped', ({ order }) => look(order));

  return {
    /** Looks at orders for mails that nobody has queued. @returns how many it queued */
    lookAt,

    /**
     * Queues what was missed: of the last day at a process's first turn, afterwards since its last. Safe to run
     * twice and on two nodes at once. @returns how many
     */
    async recover(): Promise<number> {
      const started = clock.now();
      const since = lookedUntil
        ? new Date(lookedUntil.getTime() - OVERLAP_MS)
        : new Date(started.getTime() - NEWS_MS);
      let queued = 0;
      for await (const codes of store.changedSince(since)) queued += await lookAt(codes);
      lookedUntil = started;
      if (queued > 0) log.info({ mails: queued }, 'queued mails that were missed');
      return queued;
    },

    /** @returns undefined when the order is gone or the news has been overtaken */
    async compose(about: MailSubject, lang: Lang): Promise<MailContent | undefined> {
      const mail = subjectOf(about);
      const order = mail && (await store.byCode(mail.order));
      if (!mail || !order || isOvertaken(mail.kind, order, clock.now())) return undefined;
      const coops = await deps.cooperatives.byIds(order.cooperatives);
      const view = presentMail(mail, order, {
        lang,
        t: deps.translator.for(lang),
        origin: deps.origin(),
        cooperatives: new Map(coops.map((coop) => [coop._id, coop.name[lang]])),
      });
      const data = { ...view, lang, path: '', origin: deps.origin() };
      const [html, text] = await Promise.all([
        deps.renderer.page('emails/order', { ...data, layout: 'email' }),
        deps.renderer.page('emails/order-text', { ...data, layout: false }),
      ]);
      return { subject: view.subject, html, text: tidy(text) };
    },

    idle: () => lane.idle(),
  };
}

function newMail(mail: DueMail, order: Order, to: string): NewMail {
  const { kind, part } = mail;
  return {
    _id: mailId(mail),
    to,
    lang: order.lang ?? DEFAULT_LANG,
    about: { kind, order: order._id, ...(part === undefined ? {} : { part }) },
  };
}

function subjectOf({ kind, order, part }: MailSubject): DueMail | undefined {
  const known = MAIL_KINDS.find((one) => one === kind);
  if (!known || order === undefined) return undefined;
  return { kind: known, order, ...(part === undefined ? {} : { part }) };
}

/** A template leaves empty lines where it had nothing to say. */
function tidy(text: string): string {
  return `${text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

import type { Clock } from '../clock.ts';
import type { Lang } from '../lang.ts';
import type { Log } from '../log.ts';
import { maskAddress } from './address.ts';
import type { MailDoc, MailSubject, Outbox } from './outbox.ts';
import { MAX_TRIES, nextTry } from './retry.ts';
import type { MailContent, MailTransport } from './transport.ts';

/** Writes a mail from what is true now; undefined when there is nothing to say any more. */
export type Compose = (about: MailSubject, lang: Lang) => Promise<MailContent | undefined>;

export type MailSender = ReturnType<typeof createMailSender>;

/** How many are under way at once in one process. */
export const AT_ONCE = 5;

/** How long a closing process waits for letters that are under way. */
const CLOSE_MS = 3_000;

/**
 * Takes due mails out of the outbox and sends them, a few at a time: one that hangs holds up nobody but itself.
 * Runs on every node; the outbox's claims keep the nodes apart.
 */
export function createMailSender(deps: {
  outbox: Outbox;
  transport: MailTransport;
  compose: Compose;
  clock: Clock;
  log: Log;
  /** Whether what was written is kept with the mail, to be looked at. */
  keepContent: boolean;
}) {
  const { outbox, transport, clock, log } = deps;
  const busy = new Set<Promise<void>>();
  let filling: Promise<void> | undefined;
  let asked = false;
  let closing = false;

  async function fill() {
    while (asked) {
      asked = false;
      while (!closing && busy.size < AT_ONCE) {
        const mail = await outbox.claim();
        if (!mail) break;
        start(mail);
      }
    }
  }

  function start(mail: MailDoc) {
    const done = handle(mail).finally(() => {
      busy.delete(done);
      wake();
    });
    busy.add(done);
  }

  function wake() {
    asked = true;
    if (closing || filling) return;
    filling = fill()
      .catch((err: unknown) => log.error({ err }, 'the outbox could not be read'))
      .finally(() => {
        filling = undefined;
        if (asked && !closing) wake();
      });
  }

  async function handle(mail: MailDoc) {
    try {
      // Somebody died over it each time.
      if (mail.tries > MAX_TRIES) return await giveUp(mail, mail.reason ?? 'never finished');
      const content = await deps.compose(mail.about, mail.lang);
      if (!content) return await outbox.ended(mail, 'dropped', 'nothing to say any more');
      await send(mail, content);
    } catch (err) {
      log.error({ err, ...mail.about }, 'a mail could not be handled');
      await putOff(mail, 'internal').catch(() => {}); // the claim runs out by itself
    }
  }

  async function send(mail: MailDoc, content: MailContent) {
    const delivery = await transport.send({ id: mail._id, to: mail.to, ...content });
    if (delivery.outcome === 'never') return giveUp(mail, delivery.reason);
    if (delivery.outcome === 'later') return putOff(mail, delivery.reason);
    await outbox.sent(mail, { via: transport.via, content: deps.keepContent ? content : null });
    const line = transport.via === 'log' ? 'mail not sent: SMTP_URL is not set' : 'mail sent';
    log.info({ ...mail.about, to: maskAddress(mail.to) }, line);
  }

  async function putOff(mail: MailDoc, reason: string) {
    const due = nextTry(mail.tries, clock.now());
    if (!due) return giveUp(mail, reason);
    await outbox.later(mail, due, reason);
    log.warn({ ...mail.about, to: maskAddress(mail.to), reason, tries: mail.tries }, 'mail put off');
  }

  async function giveUp(mail: MailDoc, reason: string) {
    await outbox.ended(mail, 'failed', reason);
    log.error({ ...mail.about, to: maskAddress(mail.to), reason, tries: mail.tries }, 'mail given up');
  }

  outbox.onQueued(wake);

  return {
    /** Begins to send what is due; returns at once. */
    wake,

    /** Claims no more, waits a little for what is under way; what does not end is taken up again by its lease. */
    async close() {
      closing = true;
      await filling;
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
      await Promise.race([Promise.all(busy), enough]);
      clearTimeout(timer);
      transport.close();
    },
  };
}

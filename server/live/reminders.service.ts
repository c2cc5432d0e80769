import { createHmac, timingSafeEqual } from 'node:crypto';
import { mustBeSignedIn, type Accounts, type Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { DEFAULT_LANG, type Lang } from '../platform/lang.ts';
import {
  isMailAddress,
  type MailContent,
  type MailSubject,
  type NewMail,
  type Outbox,
} from '../platform/mail/index.ts';
import { formatDate, type Renderer, type Translator } from '../platform/views/index.ts';
import type { Lives } from './live.service.ts';
import type { ReminderDoc } from './reminders.model.ts';
import { isDue, reminderId, reminderMailId } from './reminders.rules.ts';
import type { ReminderStore } from './reminders.store.ts';

export type Reminders = ReturnType<typeof createReminders>;

/** Mails that are asked for in one write. */
const PER_WRITE = 500;

/**
 * Reminders of scheduled lives, by mail. Whether one was sent is known by the outbox, whose key names live, person
 * and beginning: however often and on however many nodes the job runs, each gets one. Guests have the calendar file.
 */
export function createReminders(deps: {
  store: ReminderStore;
  lives: Lives;
  accounts: Accounts;
  outbox: Outbox;
  renderer: Renderer;
  translator: Translator;
  clock: Clock;
  secret: string;
  origin: () => string;
}) {
  const { store, lives, clock, secret } = deps;

  /** The address that was given, else the login where that is one. @throws AppError `invalid` when there is none */
  async function addressOf(person: Person, email: string | undefined): Promise<string> {
    const login = (await deps.accounts.loginsOf([person.id])).get(person.id);
    const address = email ?? login;
    if (address === undefined || !isMailAddress(address)) {
      throw new AppError('invalid', { fields: { email: 'reminder_mail' } });
    }
    return address;
  }

  function seal(id: string): string {
    return createHmac('sha256', secret).update(`no reminder ${id}`).digest('base64url').slice(0, 22);
  }

  /** Leads to the end of one reminder, without signing in; it opens nothing else. */
  function tokenOf(id: string): string {
    return `${Buffer.from(id).toString('base64url')}.${seal(id)}`;
  }

  /** @throws AppError `not_found` for one that we have not made */
  function idOfToken(token: string): string {
    const [text = '', given = ''] = token.split('.');
    const id = Buffer.from(text, 'base64url').toString();
    const expected = Buffer.from(seal(id));
    const got = Buffer.from(given);
    if (got.length !== expected.length || !timingSafeEqual(got, expected)) throw new AppError('not_found');
    return id;
  }

  function mailOf(live: { _id: string; startsAt: Date }, { person, to, lang }: ReminderDoc): NewMail {
    return {
      _id: reminderMailId(live._id, person, live.startsAt),
      to,
      lang,
      about: { kind: 'reminder', live: live._id, person, startsAt: String(live.startsAt.getTime()) },
    };
  }

  async function remindOf(live: { _id: string; startsAt: Date }): Promise<number> {
    let queued = 0;
    let mails: NewMail[] = [];
    const flush = async () => {
      const known = await deps.outbox.known(mails.map(({ _id }) => _id));
      queued += await deps.outbox.queue(mails.filter(({ _id }) => !known.has(_id)));
      mails = [];
    };
    for await (const reminder of store.ofLive(live._id)) {
      mails.push(mailOf(live, reminder));
      if (mails.length >= PER_WRITE) await flush();
    }
    if (mails.length > 0) await flush();
    return queued;
  }

  return {
    /**
     * Wants to be reminded, or does not any more. Asking twice is asking once.
     *
     * @throws AppError `not_signed_in` for guests, `conflict` for a live that has begun, `invalid` without an address
     */
    async set(
      liveId: string,
      wish: { on: boolean; email?: string | undefined; lang: Lang },
      who: Person | undefined,
    ): Promise<void> {
      const person = mustBeSignedIn(who);
      const live = await lives.byId(liveId);
      const _id = reminderId(liveId, person.id);
      if (!wish.on) return store.stop(_id, clock.now());
      if (live.state !== 'scheduled') throw new AppError('conflict');
      const to = await addressOf(person, wish.email);
      const doc = { _id, live: liveId, person: person.id, to, lang: wish.lang };
      try {
        await store.set({ ...doc, at: clock.now(), stoppedAt: null });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error; // the same tap, twice at once
      }
    },

    async isSet(liveId: string, person: Person | undefined): Promise<boolean> {
      if (!person || person.guest) return false;
      const found = await store.byId(reminderId(liveId, person.id));
      return found !== null && found.stoppedAt === null;
    },

    count: (liveId: string) => store.count(liveId),

    /** @throws AppError `not_found` */
    async byToken(token: string) {
      const reminder = await store.byId(idOfToken(token));
      if (!reminder) throw new AppError('not_found');
      return { live: reminder.live, isOn: reminder.stoppedAt === null };
    },

    /** Ends it by the link in the mail. Twice is once. @throws AppError `not_found` */
    async stopByToken(token: string): Promise<void> {
      await store.stop(idOfToken(token), clock.now());
    },

    tokenOf,

    /** Queues the mails that are due. Safe to run twice and on two nodes at once. @returns how many were new */
    async remind(): Promise<number> {
      const now = clock.now();
      const soon = [...(await lives.next()), ...(await lives.running())].filter((live) => isDue(live, now));
      let queued = 0;
      for (const live of soon) queued += await remindOf(live);
      return queued;
    },

    /** @returns undefined for another's mail, and when it has been overtaken: stopped, put off, or over */
    async compose(about: MailSubject, lang: Lang): Promise<MailContent | undefined> {
      const { kind, live: id, person, startsAt } = about;
      if (kind !== 'reminder' || id === undefined || person === undefined) return undefined;
      const [live, reminder] = await Promise.all([
        lives.byId(id).catch(() => undefined),
        store.byId(reminderId(id, person)),
      ]);
      if (!live || !reminder || reminder.stoppedAt || !isDue(live, clock.now())) return undefined;
      if (String(live.startsAt.getTime()) !== startsAt) return undefined;
      return write(live, reminder, lang);
    },
  };

  async function write(
    live: { _id: string; title: Record<Lang, string>; hostName: string; startsAt: Date },
    reminder: ReminderDoc,
    lang: Lang,
  ): Promise<MailContent> {
    const t = deps.translator.for(lang);
    const origin = deps.origin();
    const time = formatDate(live.startsAt, 'dateTime', lang);
    const values = { title: live.title[lang], time, host: live.hostName };
    const stop = `${origin}/reminders/${tokenOf(reminder._id)}`;
    const view = {
      subject: t('reminders.mail.subject', values),
      title: live.title[lang],
      lead: t('reminders.mail.lead', values),
      rows: [
        { label: t('reminders.mail.when'), value: t('mails.beijingTime', { time }) },
        { label: t('reminders.mail.host'), value: live.hostName },
      ],
      button: {
        label: t('reminders.mail.button'),
        href: `${origin}/live/${live._id}?from=mail${lang === DEFAULT_LANG ? '' : `&lang=${lang}`}`,
      },
      foot: t('reminders.mail.foot'),
      stop: { label: t('reminders.mail.stop'), href: stop },
      shop: origin,
    };
    const data = { ...view, lang, path: '', origin };
    const [html, text] = await Promise.all([
      deps.renderer.page('emails/notice', { ...data, layout: 'email' }),
      deps.renderer.page('emails/notice-text', { ...data, layout: false }),
    ]);
    return { subject: view.subject, html, text, unsubscribe: stop };
  }
}

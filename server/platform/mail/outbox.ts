import type { Clock } from '../clock.ts';
import { insertNew, type Database } from '../db/index.ts';
import { newId } from '../ids.ts';
import type { Lang } from '../lang.ts';
import type { MailContent } from './transport.ts';

export type MailState = 'queued' | 'sending' | 'sent' | 'failed' | 'dropped';

/** What a mail is to be written about: its domain's own words, opaque here. */
export type MailSubject = Readonly<Record<string, string>>;

export interface MailDoc {
  /** Says what the mail is for, so that asking for it twice is asking once. */
  _id: string;
  to: string;
  lang: Lang;
  about: MailSubject;
  state: MailState;
  tries: number;
  /** When to take it up (again): for one that is being sent, when its sender counts as dead. Absent at the end. */
  due?: Date;
  /** Whose it is while it is being sent. */
  claim: string | null;
  via: 'smtp' | 'log' | null;
  /** Why it was not sent, in codes. */
  reason: string | null;
  /** Kept only where no mail leaves the house, for the development outbox. */
  content: MailContent | null;
  createdAt: Date;
  endedAt: Date | null;
}

export type NewMail = Pick<MailDoc, '_id' | 'to' | 'lang' | 'about'>;

export type Outbox = ReturnType<typeof createOutbox>;

/** Longer than a letter may take. After it somebody else takes up what a dead process was sending. */
const LEASE_MS = 120_000;

const DAY_MS = 24 * 3_600_000;

/** How long it is remembered which mails were sent. Whoever asks for mails must ask in less. */
const KEEP_MS = 60 * DAY_MS;

/**
 * The mails that are to be sent, and have been. Each step is one conditional, journaled write on one mail; a process
 * that dies while it sends leaves a claim that runs out, and the mail is sent once more rather than never.
 */
export function createOutbox(deps: { db: Database; clock: Clock }) {
  const { clock } = deps;
  const mails = deps.db.collection<MailDoc>('mails');
  const listeners = new Set<() => void>();

  /** Of the one who holds the claim only: whoever lost it has nothing more to say. */
  async function change({ _id, claim }: MailDoc, update: object) {
    await mails.updateOne({ _id, claim }, update);
  }

  return {
    /** Makes the indexes. */
    async prepare() {
      await mails.createIndex({ due: 1 }, { sparse: true });
      await mails.createIndex({ createdAt: 1 });
    },

    /** Calls back when there is something to send. */
    onQueued: (listener: () => void) => void listeners.add(listener),

    /** Those of the ids that have been queued already. */
    async known(ids: readonly string[]): Promise<Set<string>> {
      const found = await mails.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray();
      return new Set(found.map(({ _id }) => _id));
    },

    /** @returns how many were new; one that is there already stays as it is */
    async queue(wanted: readonly NewMail[]): Promise<number> {
      if (wanted.length === 0) return 0;
      const now = clock.now();
      const docs = wanted.map((mail) => newMail(mail, now));
      const known = await insertNew(mails, docs);
      for (const listener of listeners) listener();
      return docs.length - known.size;
    },

    /** The mail that has been due longest, now the caller's alone; null when none is due. */
    async claim(): Promise<MailDoc | null> {
      const now = clock.now();
      return mails.findOneAndUpdate(
        { due: { $lte: now } },
        {
          $set: { state: 'sending', claim: newId(), due: new Date(now.getTime() + LEASE_MS) },
          $inc: { tries: 1 },
        },
        { sort: { due: 1 }, returnDocument: 'after' },
      );
    },

    sent: (mail: MailDoc, how: { via: 'smtp' | 'log'; content: MailContent | null }) =>
      change(mail, {
        $set: { state: 'sent', endedAt: clock.now(), reason: null, ...how },
        $unset: { due: '' },
      }),

    /** Nobody needs it any more, or it can never be sent. */
    ended: (mail: MailDoc, state: 'failed' | 'dropped', reason: string) =>
      change(mail, { $set: { state, reason, endedAt: clock.now() }, $unset: { due: '' } }),

    later: (mail: MailDoc, due: Date, reason: string) =>
      change(mail, { $set: { state: 'queued', claim: null, due, reason } }),

    /** Newest first. */
    latest: (limit: number): Promise<MailDoc[]> =>
      mails.find().sort({ createdAt: -1 }).limit(limit).toArray(),

    byId: (id: string): Promise<MailDoc | null> => mails.findOne({ _id: id }),

    async removeOld() {
      await mails.deleteMany({ createdAt: { $lt: new Date(clock.now().getTime() - KEEP_MS) } });
    },
  };
}

function newMail({ _id, to, lang, about }: NewMail, now: Date): MailDoc {
  return {
    _id,
    to,
    lang,
    about,
    state: 'queued',
    tries: 0,
    due: now,
    claim: null,
    via: null,
    reason: null,
    content: null,
    createdAt: now,
    endedAt: null,
  };
}

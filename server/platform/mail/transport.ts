import { createTransport } from 'nodemailer';

export interface MailContent {
  subject: string;
  html: string;
  text: string;
  /** For mails that somebody asked for: where one request ends them (RFC 8058). */
  unsubscribe?: string;
}

export interface Letter extends MailContent {
  /** The same each time it is sent: mail servers and programs know a repeated Message-ID for what it is. */
  id: string;
  to: string;
}

/** What became of a letter. A reason holds codes only: what servers write in words may name the recipient. */
export type Delivery = { outcome: 'sent' } | { outcome: 'later' | 'never'; reason: string };

export interface MailTransport {
  readonly via: 'smtp' | 'log';
  /** Never throws. */
  send(letter: Letter): Promise<Delivery>;
  close(): void;
}

/** Where no SMTP server is set: the sender's line in the log is all that happens. */
export function createLogTransport(): MailTransport {
  return { via: 'log', send: async () => ({ outcome: 'sent' }), close: () => {} };
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** A letter that takes longer is given up for now; the sender's lease is longer still. */
const SEND_MS = 60_000;

/** @param options.url `smtp://` or `smtps://` with user and password; `from` as it stands in the header */
export function createSmtpTransport(options: {
  url: string;
  from: string;
  connections: number;
}): MailTransport {
  const smtp = createTransport({
    url: options.url,
    pool: true,
    maxConnections: options.connections,
    // Trying again is the outbox's business, where it is written down.
    maxRequeues: 0,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^\s<>@]+)>?\s*$/.exec(options.from)?.[1] ?? 'localhost';

  async function deliver({ id, to, subject, html, text, unsubscribe }: Letter) {
    await smtp.sendMail({
      from: options.from,
      to: { name: '', address: to },
      subject,
      html,
      text,
      messageId: `<${id.replaceAll(/[^A-Za-z0-9]+/g, '.')}@${domain}>`,
      // So that nobody's holiday notice answers a machine (RFC 3834).
      headers: {
        'Auto-Submitted': 'auto-generated',
        ...(unsubscribe
          ? {
              'List-Unsubscribe': `<${unsubscribe}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }
          : {}),
      },
    });
  }

  return {
    via: 'smtp',
    async send(letter) {
      try {
        await within(deliver(letter), SEND_MS);
        return { outcome: 'sent' };
      } catch (error) {
        return judge(error);
      }
    },
    close: () => smtp.close(),
  };
}

interface SmtpFailure {
  code?: string;
  command?: string;
  responseCode?: number;
}

/**
 * A 5xx about this recipient or this letter is final (RFC 5321, 4.2.1). One about us (login, TLS, our own address) is
 * a setting that somebody will mend, and the letters wait for that.
 */
export function judge(thrown: unknown): Delivery {
  const { code = '', command = '', responseCode } = thrown as SmtpFailure;
  const reason = [code, command, responseCode].filter(Boolean).join(' ') || 'unknown';
  const ofLetter = command === 'RCPT TO' || command === 'DATA';
  const refused = ofLetter && responseCode !== undefined && responseCode >= 500;
  const unsendable = command === 'API' && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { outcome: refused || unsendable ? 'never' : 'later', reason };
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

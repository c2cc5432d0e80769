import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  from: string;
  to: string;
  /** Headers and bodies as they came over the wire. */
  raw: string;
}

/** What the server says to a recipient: `false` hangs and says nothing. */
type Answer = { code: number } | false | undefined;

/** A mail server that takes everything, unless it is told otherwise. */
export async function openSmtpPeer(options: { auth?: { user: string; pass: string } } = {}) {
  const received: Received[] = [];
  const tried: string[] = [];
  let answerTo: (recipient: string) => Answer = () => undefined;
  let atOnce = 0;
  let mostAtOnce = 0;

  const server = new SMTPServer({
    disabledCommands: options.auth ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 100,
    onAuth({ username, password }, _session, callback) {
      const right = username === options.auth?.user && password === options.auth?.pass;
      if (right) callback(null, { user: username });
      else callback(Object.assign(new Error('no'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, callback) {
      tried.push(address);
      const answer = answerTo(address);
      if (answer === false) return;
      callback(
        answer ? Object.assign(new Error(`about <${address}>`), { responseCode: answer.code }) : undefined,
      );
    },
    onData(stream, session, callback) {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        atOnce -= 1;
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address).join(','),
          raw: Buffer.concat(chunks).toString('utf8'),
        });
        callback();
      });
    },
  });
  server.on('error', () => {}); // clients that go away in the middle are part of what is tested
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const login = options.auth ? `${options.auth.user}:${options.auth.pass}@` : '';
  return {
    url: `smtp://${login}127.0.0.1:${port}`,
    port,
    received,
    /** Every recipient that was asked for, also those that were refused. */
    tried,
    get mostAtOnce() {
      return mostAtOnce;
    },
    answer: (rule: (recipient: string) => Answer) => void (answerTo = rule),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export type SmtpPeer = Awaited<ReturnType<typeof openSmtpPeer>>;

/** A header of a received mail, unfolded and decoded (RFC 2047). */
export function header(raw: string, name: string): string {
  const [head = ''] = raw.split('\r\n\r\n');
  const unfolded = head.replaceAll(/\r\n[ \t]+/g, ' ');
  const value = new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? '';
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, text: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
}

/** A part of a multipart mail by its type, decoded. */
export function part(raw: string, type: string): string {
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(raw)?.[1];
  const found = raw.split(`--${boundary}`).find((one) => one.toLowerCase().includes(`content-type: ${type}`));
  const [head = '', ...body] = (found ?? '').split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  return /base64/i.test(head)
    ? Buffer.from(text, 'base64').toString('utf8')
    : /quoted-printable/i.test(head)
      ? quotedPrintable(text)
      : text;
}

function quotedPrintable(text: string): string {
  const bytes: number[] = [];
  const plain = text.replaceAll(/=\r?\n/g, '');
  for (let at = 0; at < plain.length; at += 1) {
    const hex = plain[at] === '=' ? plain.slice(at + 1, at + 3) : '';
    if (/^[0-9A-F]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else bytes.push(...Buffer.from(plain[at]!));
  }
  return Buffer.from(bytes).toString('utf8');
}

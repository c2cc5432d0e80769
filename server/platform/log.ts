import { pino, type Logger } from 'pino';

export type Log = Logger;

/** What must never reach a log line, wherever it appears in a logged object. */
const SECRETS = [
  'password',
  '*.password',
  'req.headers.cookie',
  'req.headers.authorization',
  'res.headers["set-cookie"]',
  '*.sessionSecret',
  '*.smtpUrl',
];

export function createLog(level: string): Log {
  return pino({ level, base: null, redact: { paths: SECRETS, censor: '[hidden]' } });
}

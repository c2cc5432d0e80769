import type { Config } from '../config.ts';
import { AT_ONCE } from './sender.ts';
import { createLogTransport, createSmtpTransport, type MailTransport } from './transport.ts';

export function mailTransport({ smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>): MailTransport {
  if (smtpUrl === undefined || mailFrom === undefined) return createLogTransport();
  return createSmtpTransport({ url: smtpUrl, from: mailFrom, connections: AT_ONCE });
}

/**
 * Whether mails are kept to be looked at in the shop itself. Never where they are sent, and never in production:
 * they hold names and addresses.
 */
export function keepsMails({ smtpUrl, nodeEnv }: Pick<Config, 'smtpUrl' | 'nodeEnv'>): boolean {
  return smtpUrl === undefined && nodeEnv !== 'production';
}

import { describe, expect, test } from 'vitest';
import { isMailAddress, maskAddress } from '../../server/platform/mail/address.ts';
import { MAX_TRIES, nextTry } from '../../server/platform/mail/retry.ts';
import { keepsMails } from '../../server/platform/mail/settings.ts';
import { judge } from '../../server/platform/mail/transport.ts';

describe('an address', () => {
  test.each(['a@b.cn', 'some.one+tag@mail.example.com', "o'hara@x-y.org"])('%s is one', (text) => {
    expect(isMailAddress(text)).toBe(true);
  });

  test.each([
    'shopper',
    '13800000000',
    'a@b',
    'a@b.cn,c@d.cn',
    'a@b.cn\r\nBcc: c@d.cn',
    'a@b.cn\n',
    ' a@b.cn',
    'Name <a@b.cn>',
    'a@-b.cn',
    'a@b..cn',
    '@b.cn',
    `${'a'.repeat(65)}@b.cn`,
    `a@${'b.'.repeat(130)}cn`,
  ])('%j is none', (text) => {
    expect(isMailAddress(text)).toBe(false);
  });

  test('is masked for the log, whatever it is', () => {
    expect(maskAddress('somebody@example.com')).toBe('s***@example.com');
    expect(maskAddress('@example.com')).toBe('***');
    expect(maskAddress('nonsense')).toBe('***');
  });
});

describe('trying again', () => {
  const now = new Date('2026-03-01T00:00:00Z');
  const waits = Array.from({ length: MAX_TRIES - 1 }, (_item, index) => {
    return (nextTry(index + 1, now)!.getTime() - now.getTime()) / 1000;
  });

  test('waits longer each time, six hours at most, and covers a day', () => {
    expect(waits.slice(0, 4)).toEqual([30, 120, 480, 1920]);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(Math.max(...waits)).toBe(6 * 3600);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(86_400 * 0.8);
  });

  test('ends', () => {
    expect(nextTry(MAX_TRIES, now)).toBeUndefined();
    expect(nextTry(MAX_TRIES + 1, now)).toBeUndefined();
  });
});

describe('a failure to send', () => {
  const failure = (code: string, command: string, responseCode?: number) =>
    judge(Object.assign(new Error('550 <somebody@example.com> unknown'), { code, command, responseCode }));

  test.each([
    ['EENVELOPE', 'RCPT TO', 550],
    ['EENVELOPE', 'RCPT TO', 553],
    ['EMESSAGE', 'DATA', 554],
    ['EENVELOPE', 'API', undefined],
  ])('%s %s %s is final: it is about this letter', (code, command, responseCode) => {
    expect(failure(code, command, responseCode).outcome).toBe('never');
  });

  test.each([
    ['EENVELOPE', 'RCPT TO', 450],
    ['EMESSAGE', 'DATA', 421],
    ['EAUTH', 'AUTH PLAIN', 535],
    ['EENVELOPE', 'MAIL FROM', 550],
    ['EPROTOCOL', 'CONN', 554],
    ['ECONNECTION', 'CONN', undefined],
    ['ETIMEDOUT', '', undefined],
  ])('%s %s %s may pass: it is about the moment, or about us', (code, command, responseCode) => {
    expect(failure(code, command, responseCode).outcome).toBe('later');
  });

  test('is remembered in codes, never in the words of the server, which name people', () => {
    expect(failure('EENVELOPE', 'RCPT TO', 550)).toEqual({
      outcome: 'never',
      reason: 'EENVELOPE RCPT TO 550',
    });
    expect(judge({})).toEqual({ outcome: 'later', reason: 'unknown' });
  });
});

test('mails are kept to be looked at only where none is sent, and never in production', () => {
  expect(keepsMails({ smtpUrl: undefined, nodeEnv: 'development' })).toBe(true);
  expect(keepsMails({ smtpUrl: undefined, nodeEnv: 'production' })).toBe(false);
  expect(keepsMails({ smtpUrl: 'smtp://localhost', nodeEnv: 'development' })).toBe(false);
});

import { describe, expect, test } from 'vitest';
import { mayRun } from '../../server/live/live.policy.ts';
import { cleanChatText, guestName, LIVE_MOVES, LIVE_STATES } from '../../server/live/live.rules.ts';
import { sayCommand } from '../../server/live/live.schema.ts';
import { guestPerson, type Person, type Role } from '../../server/accounts/index.ts';

describe("a live's life", () => {
  test('goes one way', () => {
    expect(LIVE_MOVES).toEqual({ scheduled: ['live'], live: ['ended'], ended: [] });
    expect(LIVE_STATES).toEqual(['scheduled', 'live', 'ended']);
  });
});

describe('a live is run by', () => {
  const somebody = (id: string, ...roles: Role[]): Person => ({
    id,
    guest: false,
    name: id,
    roles,
    ids: [id],
  });
  const live = { host: 'huang' };

  test.each([
    ['its host', somebody('huang', 'host'), true],
    ['another host', somebody('li', 'host'), false],
    ['an admin', somebody('li', 'admin'), true],
    ['its host who is one no more', somebody('huang', 'shopper'), false],
    ['a cooperative member', somebody('li', 'coop'), false],
    ['a guest', guestPerson('huang'), false],
  ])('%s: %s', (_who, person, may) => expect(mayRun(live, person)).toBe(may));
});

describe('the name of a guest', () => {
  test('is the same each time, tells guests apart and leads back to nobody', () => {
    const names = Array.from({ length: 500 }, (_item, n) => guestName(`guest-${n}`));
    expect(guestName('guest-0')).toBe(names[0]);
    expect(new Set(names).size).toBeGreaterThan(495);
    for (const name of names) expect(name).toMatch(/^山友[2-9A-HJKMNP-TW-Z]{4}$/);
    expect(guestName('guest-7')).not.toContain('guest');
  });
});

describe('what is said', () => {
  test.each([
    ['你好', '你好'],
    ['  很 多\n\n空\t格  ', '很 多 空 格'],
    ['a\u0000b\u001Bc', 'a b c'],
    ['x\u202Egnp.exe', 'x gnp.exe'],
    ['\u200B\u200D\uFEFF', ''],
    ['e\u0301', 'é'],
    ['🍊👍', '🍊👍'],
    ['\uD800 allein', 'allein'],
    ['<b>ok</b> {{x}}', '<b>ok</b> {{x}}'],
  ])('%j becomes %j', (text, clean) => expect(cleanChatText(text)).toBe(clean));

  test('is measured after it is cleaned', () => {
    const say = (text: string) => sayCommand.safeParse({ liveId: 'market', text }).success;
    expect(say('好'.repeat(200))).toBe(true);
    expect(say('好'.repeat(201))).toBe(false);
    expect(say(` ${'\u200B'.repeat(500)}好 `)).toBe(true);
    expect(say(' \u200B ')).toBe(false);
    expect(say('x'.repeat(2001))).toBe(false);
  });
});

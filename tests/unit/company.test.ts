import { describe, expect, test } from 'vitest';
import { calendarFile } from '../../server/live/calendar.rules.ts';
import { isDue, reminderMailId } from '../../server/live/reminders.rules.ts';
import { saysKeyword } from '../../server/draws/draws.rules.ts';
import type { CouponTerms } from '../../server/orders/coupons.rules.ts';
import { pocketTerms } from '../../server/orders/pocket.rules.ts';
import { penFor } from '../../server/platform/poster/text.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

describe('a calendar file', () => {
  const file = calendarFile({
    id: 'honey-morning',
    title: '苗乡蜂蜜早市; 从蜂箱到餐桌, 现场割蜜现场称重送货到家每一瓶都能查到来处',
    about: 'First line\nsecond, with a comma',
    url: 'https://shop.example/live/honey-morning',
    startsAt: NOW,
    stamp: NOW,
  });

  test('says what, when and where', () => {
    expect(file).toContain('DTSTART:20261124T080000Z\r\n');
    expect(file).toContain('UID:live-honey-morning@shop.example\r\n');
    expect(file).toContain('DESCRIPTION:First line\\nsecond\\, with a comma\\nhttps://shop.ex');
    expect(file.replaceAll('\r\n ', '')).toContain('早市\\; 从蜂箱');
  });

  test('has no line of more than 75 octets, and tears no character apart', () => {
    for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(file).not.toContain('\uFFFD');
    expect(file.replaceAll('\r\n ', '')).toContain('送货到家每一瓶都能查到来处');
  });
});

describe('a reminder', () => {
  test.each([
    ['scheduled', 16, null, false],
    ['scheduled', 15, null, true],
    ['scheduled', -9, null, true],
    ['scheduled', -11, null, false],
    ['live', 30, -1, true],
    ['live', -20, -11, false],
    ['ended', 5, -5, false],
  ] as const)('of a live that is %s, %i minutes ahead, started %s: %s', (state, ahead, started, due) => {
    const startedAt = started === null ? null : minutes(started);
    expect(isDue({ state, startsAt: minutes(ahead), startedAt }, NOW)).toBe(due);
  });

  test('for another time is another mail', () => {
    expect(reminderMailId('l', 'p', minutes(1))).not.toBe(reminderMailId('l', 'p', minutes(2)));
  });
});

describe('an order with a coupon out of the pocket', () => {
  const line = { sku: 'A', qty: 2, priceFen: 3_000, product: 'a', cooperative: 'c', grossGrams: 500 };
  const coupon: CouponTerms = {
    ...{ kind: 'fixed', amountFen: 500, percent: 0, capFen: null, minSpendFen: 5_000 },
    ...{ cooperative: null, scope: { kind: 'all' }, from: new Date(0), until: minutes(60), stoppedAt: null },
  };
  const terms = pocketTerms({
    ...{ code: 'C', coupon, live: 'L', now: NOW, address: null },
    tables: () => {
      throw new Error('nobody has said where to');
    },
  });

  test('has the discount on its lines, and waits for its address', () => {
    expect(terms.settle([line])).toEqual({
      ...{ address: null, discounts: [500], discountFen: 500, shipping: [], shippingFen: 0 },
    });
  });

  test('is none when the coupon is worth nothing on it', () => {
    expect(terms.settle([{ ...line, qty: 1 }])).toBeUndefined();
  });
});

describe('the text of a card', () => {
  test('breaks where its language breaks, and ends in an ellipsis', async () => {
    const pen = await penFor(700);
    const chinese = pen.wrap('苗乡蜂蜜早市，从蜂箱到你家餐桌，现场割蜜现场称重', {
      size: 60,
      width: 420,
      lines: 2,
    });
    expect(chinese).toHaveLength(2);
    expect(chinese[1]).toMatch(/…$/);
    expect(chinese.every((row) => pen.width(row, 60) <= 480)).toBe(true);
    expect(chinese.every((row) => !/^[，。]/.test(row))).toBe(true);
    expect(pen.wrap('raw and unblended honey', { size: 60, width: 560, lines: 3 })).toEqual([
      'raw and',
      'unblended honey',
    ]);
    expect(pen.wrap('', { size: 60, width: 500, lines: 2 })).toEqual([]);
    // A sign that the font has not is left out instead of drawn as a box.
    expect(pen.width('🐝', 60)).toBe(0);
  });

  test('is found by the keyword whatever its look', () => {
    expect(saysKeyword('抽 奖', '抽奖')).toBe(true);
  });
});

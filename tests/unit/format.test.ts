import { describe, expect, test } from 'vitest';
import { formatDate, formatWeight, localDay } from '../../server/platform/views/format.ts';

describe('a weight', () => {
  test.each([
    [50, '50克', '50 g'],
    [249, '249克', '249 g'],
    [250, '0.5斤(250克)', '250 g'],
    [500, '1斤(500克)', '500 g'],
    [750, '1.5斤(750克)', '750 g'],
    [1000, '2斤(1公斤)', '1 kg'],
    [2500, '5斤(2.5公斤)', '2.5 kg'],
    [1234, '2.47斤(1.23公斤)', '1.23 kg'],
    [19_999, '40斤(20公斤)', '20 kg'],
    [20_000, '20公斤', '20 kg'],
  ])('of %i g', (grams, zh, en) => {
    expect(formatWeight(grams, 'zh-CN')).toBe(zh);
    expect(formatWeight(grams, 'en')).toBe(en);
  });
});

describe('a date', () => {
  // Half past midnight in China, still the day before in London, and another year.
  const night = new Date('2025-12-31T16:30:00Z');

  test('is the one of the farms', () => {
    expect(localDay(night)).toBe('2026-01-01');
    expect(localDay(new Date('2025-12-31T15:59:59Z'))).toBe('2025-12-31');
    expect(formatDate(night, 'date', 'zh-CN')).toBe('2026年1月1日');
    expect(formatDate(night, 'date', 'en')).toBe('1 Jan 2026');
  });

  test('has the time of the farms, from 00:00 to 23:59', () => {
    expect(formatDate(night, 'time', 'zh-CN')).toBe('00:30');
    expect(formatDate(night, 'time', 'en')).toBe('00:30');
    expect(formatDate(new Date('2026-07-01T10:05:00Z'), 'time', 'en')).toBe('18:05');
  });

  test('has its weekday where asked for', () => {
    expect(formatDate(night, 'weekdayTime', 'zh-CN')).toContain('周四');
    expect(formatDate(night, 'weekdayTime', 'en')).toContain('Thu');
    expect(formatDate(night, 'dateTime', 'zh-CN')).toMatch(/1月1日.*00:30/);
  });
});

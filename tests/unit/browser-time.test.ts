import { expect, test } from 'vitest';
import { beijingTime } from '../../public/lib/time.ts';

test('the browser writes the time of Beijing, wherever it stands, as the pages do', () => {
  for (const lang of ['zh-CN', 'en'] as const) {
    expect(beijingTime('2026-01-01T16:05:09Z', lang)).toBe('00:05');
    expect(beijingTime(new Date('2026-01-01T04:05:09Z'), lang, { seconds: true })).toBe('12:05:09');
  }
});

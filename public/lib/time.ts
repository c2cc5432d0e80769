import type { Lang } from '../../server/platform/lang.ts';

/** The time of day in the farms' time zone, as the shop's pages write it, wherever the reader's clock stands. */
export function beijingTime(at: Date | string, lang: Lang, { seconds = false } = {}): string {
  return new Date(at).toLocaleTimeString(lang, {
    ...{ timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(seconds ? { second: '2-digit' } : {}),
  });
}

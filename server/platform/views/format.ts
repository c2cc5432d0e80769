import type { Lang } from '../lang.ts';

const TIME_ZONE = 'Asia/Shanghai';

/** Mass for people: 斤 (500 g) is how it is said at a Chinese market; grams below half a jin. */
export function formatWeight(grams: number, lang: Lang): string {
  if (lang === 'en') return grams < 1000 ? `${grams} g` : `${trim(grams / 1000)} kg`;
  if (grams < 250) return `${grams}克`;
  if (grams >= 20_000) return `${trim(grams / 1000)}公斤`;
  return `${trim(grams / 500)}斤(${grams < 1000 ? `${grams}克` : `${trim(grams / 1000)}公斤`})`;
}

function trim(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const dateStyles = {
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  monthDay: { month: 'short', day: 'numeric' },
  dateTime: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false },
  time: { hour: '2-digit', minute: '2-digit', hour12: false },
  weekdayTime: {
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateStyle = keyof typeof dateStyles;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Dates in the farms' time zone, whoever reads them. */
export function formatDate(value: Date, style: DateStyle, lang: Lang): string {
  const key = `${style} ${lang}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
      ...dateStyles[style],
      timeZone: TIME_ZONE,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** The calendar day in the farms' time zone, ISO 8601 (YYYY-MM-DD). */
export function localDay(value: Date): string {
  return days.format(value);
}

const days = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE });

import type { Lang } from './lang.ts';

/** ISO 4217. The shop sells in one currency; the field is there so that no number travels bare. */
export type Currency = 'CNY';

/** An amount in minor units (fen for CNY): an integer, never a float. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

const MINOR_DIGITS: Record<Currency, number> = { CNY: 2 };

/** @throws RangeError when the amount is not a safe integer. */
export function money(amount: number, currency: Currency = 'CNY'): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole number of minor units: ${amount}`);
  return { amount, currency };
}

/** @throws RangeError on mixed currencies or an unsafe sum. */
export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot add ${a.currency} and ${b.currency}`);
  return money(a.amount + b.amount, a.currency);
}

/** @throws RangeError when the factor is no integer or the product is unsafe. */
export function timesMoney(a: Money, factor: number): Money {
  if (!Number.isSafeInteger(factor)) throw new RangeError(`not a whole factor: ${factor}`);
  return money(a.amount * factor, a.currency);
}

const formats = new Map<string, Intl.NumberFormat>();

/** For people: "¥68.00" in Chinese, "CN¥68.00" in English. */
export function formatMoney(value: Money, lang: Lang): string {
  const key = `${lang} ${value.currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang, { style: 'currency', currency: value.currency });
    formats.set(key, format);
  }
  return format.format(toDecimalString(value) as Intl.StringNumericLiteral);
}

/** "68.00": for schema.org and other machines that want a decimal. */
export function toDecimalString(value: Money): `${number}` {
  const digits = MINOR_DIGITS[value.currency];
  const sign = value.amount < 0 ? '-' : '';
  const padded = String(Math.abs(value.amount)).padStart(digits + 1, '0');
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}` as `${number}`;
}

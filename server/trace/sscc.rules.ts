import { gtinCheckDigit } from './codes.rules.ts';

/** GS1 General Specifications, 3.3.1: an extension digit, company prefix and reference, a check digit. */
const DIGITS = 18;

/** What a company prefix leaves of the 17 digits before the check digit: extension digit and reference. */
export function openDigits(prefix: string): number {
  return DIGITS - 1 - prefix.length;
}

/**
 * The number of a carton, AI (00).
 *
 * @param open as many digits as `openDigits` says; the first one is the extension digit
 */
export function ssccOf(prefix: string, open: string): string {
  const body = open.slice(0, 1) + prefix + open.slice(1);
  return body + gtinCheckDigit(body);
}

export function isSscc(text: string): boolean {
  return /^\d{18}$/.test(text) && gtinCheckDigit(text.slice(0, -1)) === text.at(-1);
}

/**
 * What somebody has scanned or typed, as a carton's number: a link, the element string of a GS1-128 symbol, or what
 * stands below it.
 *
 * @returns undefined for what is no attempt at one
 */
export function readSscc(text: string): { sscc: string } | { typing: true } | undefined {
  const signs = text.normalize('NFKC').replaceAll(/[\s\p{Pd}]/gu, '');
  const digits =
    /^https?:\/\/[^/]+\/00\/(\d+)\/?(?:[?#].*)?$/i.exec(signs)?.[1] ??
    /^(?:\]C1)?(?:\(00\)|00)?(\d{18})$/.exec(signs)?.[1];
  if (digits === undefined) return undefined;
  return isSscc(digits) ? { sscc: digits } : { typing: true };
}

/** As it stands on a label: (00) 3 2900000 123456789 7, in groups that can be read out. */
export function spokenSscc(sscc: string): string {
  return `(00) ${sscc.slice(0, 1)} ${sscc.slice(1, 8)} ${sscc.slice(8, 17)} ${sscc.slice(17)}`;
}

/** The GS1 Digital Link of a carton. */
export function cartonLink(origin: string, sscc: string): string {
  return `${origin}/00/${sscc}`;
}

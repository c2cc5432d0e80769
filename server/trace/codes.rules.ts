/**
 * The signs of a unit's code: platform/ids.ts's alphabet without look-alikes, written out because the browser checks
 * codes with this very file. There are 29 of them, a prime, and the check character depends on it.
 */
export const SIGNS = '23456789ABCDEFGHJKMNPQRSTWXYZ';

/** 15 random signs are 72.8 bits; the 16th is the check character. Fits GS1's AI (21), 20 characters at most. */
export const RANDOM_SIGNS = 15;
export const SERIAL_LENGTH = RANDOM_SIGNS + 1;

const GROUP = 4;

/**
 * The check character: the weighted sum of all signs is a multiple of 29. No weight is a multiple of 29, so any single
 * wrong sign shows; no two weights are equal, so any two signs that changed places show, neighbours among them.
 */
export function checkSign(body: string): string {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) sum += SIGNS.indexOf(body[place]!) * (place + 2);
  return SIGNS[(SIGNS.length - (sum % SIGNS.length)) % SIGNS.length]!;
}

export function serialOf(body: string): string {
  return body + checkSign(body);
}

export type Typing = 'length' | 'sign' | 'check';

/** What somebody has typed or said, as a unit's code; or what cannot be right about it. */
export function readSerial(text: string): { serial: string } | { typing: Typing } {
  const signs = text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}·.]/gu, '');
  if (![...signs].every((sign) => SIGNS.includes(sign))) return { typing: 'sign' };
  if (signs.length !== SERIAL_LENGTH) return { typing: 'length' };
  if (checkSign(signs.slice(0, RANDOM_SIGNS)) !== signs[RANDOM_SIGNS]) return { typing: 'check' };
  return { serial: signs };
}

/** In groups of four, as it is printed, spoken and typed. */
export function grouped(serial: string): string {
  return serial.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join('-') ?? '';
}

/** The GS1 mod-10 check digit of all the digits before it (GS1 General Specifications, 7.9). */
export function gtinCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** GTIN-8, -12, -13 or -14. */
export function isGtin(gtin: string): boolean {
  return /^(\d{8}|\d{12,14})$/.test(gtin) && gtinCheckDigit(gtin.slice(0, -1)) === gtin.at(-1);
}

/** AI (01) has 14 digits: shorter numbers are filled up with zeros. */
export function gtin14(gtin: string): string {
  return gtin.padStart(14, '0');
}

/** Numbers for use inside of one company (prefixes 02 and 20 to 29): they are nobody's, and fit for demonstration. */
export function isRestricted(gtin: string): boolean {
  return /^0(02|2\d)/.test(gtin14(gtin));
}

/** What a code says of itself. */
export interface Identity {
  /** 14 digits. */
  gtin: string;
  lot: string;
  /** Absent in a code for a whole lot. */
  serial?: string | undefined;
  /** Best before, ISO 8601. */
  bestBefore?: string | undefined;
}

/** AI (10): 20 characters of GS1's invariant set; a lot's code here keeps to fewer. */
const LOT = /^[A-Z0-9-]{3,20}$/;

/**
 * The GS1 Digital Link of a unit or a lot (Digital Link URI Syntax 1.2): key (01), then its qualifiers in their
 * order (10) and (21), attributes in the query; `s` is the signature.
 */
export function linkOf(origin: string, identity: Identity, signature?: string): string {
  const { gtin, lot, serial, bestBefore } = identity;
  const query = [
    ...(bestBefore === undefined ? [] : [`17=${bestBefore.replaceAll('-', '').slice(2)}`]),
    ...(signature === undefined ? [] : [`s=${signature}`]),
  ].join('&');
  const path = `/01/${gtin}/10/${encodeURIComponent(lot)}`;
  const unit = serial === undefined ? '' : `/21/${encodeURIComponent(serial)}`;
  return `${origin}${path}${unit}${query === '' ? '' : `?${query}`}`;
}

export type LinkFault = 'not_a_link' | 'gtin' | 'lot' | 'serial' | 'date' | 'signature';

/** Characters of a whole signature. One that is shorter was not copied to its end, whoever made it. */
export const SIGNATURE_LENGTH = 92;

export type ReadLink = { identity: Identity; signature?: string | undefined } | { fault: LinkFault };

/** A printed link of any shop, or its path: what it says, or what cannot be right about it. Never throws. */
export function readLink(text: string): ReadLink {
  const url = urlOf(text);
  const parts = url && /^\/01\/([^/]+)\/10\/([^/]+)(?:\/21\/([^/]+))?\/?$/.exec(url.pathname);
  if (!parts) return { fault: 'not_a_link' };
  const [gtin, lot, serialText] = parts.slice(1).map((part) => (part === undefined ? part : decoded(part)));
  if (gtin === undefined || !isGtin(gtin)) return { fault: 'gtin' };
  if (lot === undefined || !LOT.test(lot)) return { fault: 'lot' };
  const serial = serialText === undefined ? undefined : readSerial(serialText);
  if (serial && 'typing' in serial) return { fault: 'serial' };
  const date = url.searchParams.get('17');
  const bestBefore = date === null ? undefined : readDate(date);
  if (date !== null && bestBefore === undefined) return { fault: 'date' };
  const signature = url.searchParams.get('s') ?? undefined;
  if (signature !== undefined && signature.length < SIGNATURE_LENGTH) return { fault: 'signature' };
  return { identity: { gtin: gtin14(gtin), lot, serial: serial?.serial, bestBefore }, signature };
}

function urlOf(text: string): URL | undefined {
  const trimmed = text.trim();
  try {
    return new URL(trimmed, 'http://x');
  } catch {
    return undefined;
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** YYMMDD of this century as a day that exists, ISO 8601. */
function readDate(text: string): string | undefined {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const iso = `20${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}

import type { Identity } from './codes.rules.ts';

/** The layout of message and token; another one gets another number. */
const VERSION = 1;

export const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const TOKEN_BYTES = 1 + KEY_ID_BYTES + SIGNATURE_BYTES;

/** So that a signature made here can never pass for one over something else that begins alike. */
const PURPOSE = 'SXID';

/**
 * The bytes that are signed. One identity has one message and one message one identity: every part has a fixed
 * length or says how long it is.
 *
 *     "SXID" | version 1 | key id 4 | GTIN 7, two digits a byte | best before 3, YYMMDD, zeros without
 *            | length of the lot 1 | lot | length of the serial 1 | serial
 */
export function sealMessage({ gtin, lot, serial = '', bestBefore }: Identity, keyId: Uint8Array): Uint8Array {
  return Uint8Array.from([
    ...ascii(PURPOSE),
    VERSION,
    ...keyId,
    ...digitPairs(gtin),
    ...digitPairs(bestBefore?.replaceAll('-', '').slice(2) ?? '000000'),
    lot.length,
    ...ascii(lot),
    serial.length,
    ...ascii(serial),
  ]);
}

export interface Token {
  keyId: Uint8Array;
  signature: Uint8Array;
}

/** 92 characters for the link's query: version, key id, signature. */
export function writeToken({ keyId, signature }: Token): string {
  return toBase64Url(Uint8Array.from([VERSION, ...keyId, ...signature]));
}

/** @returns undefined for what is no token of ours, whoever signed it */
export function readToken(text: string): Token | undefined {
  if (!/^[A-Za-z0-9_-]{92}$/.test(text)) return undefined;
  const bytes = fromBase64Url(text);
  if (bytes.length !== TOKEN_BYTES || bytes[0] !== VERSION) return undefined;
  return { keyId: bytes.slice(1, 1 + KEY_ID_BYTES), signature: bytes.slice(1 + KEY_ID_BYTES) };
}

/** The order of Ed25519's base point, little-endian (RFC 8032, 5.1). */
const ORDER = [
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/**
 * Whether any key at all could have made this signature. Of bytes that somebody made up, fifteen in sixteen cannot
 * be one; a true one on a changed code always can.
 */
export function couldBeSignature(signature: Uint8Array): boolean {
  for (let at = 31; at >= 0; at -= 1) {
    const difference = signature[32 + at]! - ORDER[at]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

export function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
}

function ascii(text: string): number[] {
  return Array.from(text, (sign) => sign.charCodeAt(0));
}

function digitPairs(digits: string): number[] {
  return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

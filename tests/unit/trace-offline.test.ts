import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyEd25519 } from '../../public/lib/ed25519.ts';
import { checkOffline, type PublicKey } from '../../public/lib/trace-check.ts';
import { grouped, linkOf, RANDOM_SIGNS, serialOf } from '../../server/trace/codes.rules.ts';
import { cartonLink, spokenSscc, ssccOf } from '../../server/trace/sscc.rules.ts';
import { fromBase64Url, sealMessage, toBase64Url, writeToken } from '../../server/trace/seal.rules.ts';
import { shortCode } from '../../server/platform/ids.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

/** RFC 8032, 7.1: the first three test vectors. */
const VECTORS = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

describe('Ed25519 by hand', () => {
  test('the vectors of RFC 8032', async () => {
    for (const [key, message, signature] of VECTORS) {
      expect(await verifyEd25519(hex(key), hex(message), hex(signature))).toBe(true);
      expect(await verifyEd25519(hex(key), hex(`${message}00`), hex(signature))).toBe(false);
    }
  });

  test('agrees with the platform, and refuses every flipped bit that is tried', async () => {
    const pair = generateKeyPairSync('ed25519');
    const key = fromBase64Url(pair.publicKey.export({ format: 'jwk' }).x!);
    const message = new Uint8Array(60).fill(7);
    const signature = new Uint8Array(sign(null, message, pair.privateKey));
    expect(await verifyEd25519(key, message, signature)).toBe(true);
    for (const at of [0, 31, 32, 63]) {
      const other = Uint8Array.from(signature);
      other[at]! ^= 1;
      expect(await verifyEd25519(key, message, other)).toBe(false);
    }
    // The same signature with the group's order added to its second half (RFC 8032, 8.4).
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const half = Buffer.from(signature.slice(32)).reverse().toString('hex');
    const again = Buffer.from((BigInt(`0x${half}`) + order).toString(16).padStart(64, '0'), 'hex').reverse();
    expect(await verifyEd25519(key, message, Uint8Array.from([...signature.slice(0, 32), ...again]))).toBe(
      false,
    );
  });
});

function keyPair(): { key: PublicKey; id: Uint8Array; secret: KeyObject } {
  const pair = generateKeyPairSync('ed25519');
  const x = pair.publicKey.export({ format: 'jwk' }).x!;
  const id = new Uint8Array(createHash('sha256').update(fromBase64Url(x)).digest().subarray(0, 4));
  return { key: { kid: toBase64Url(id), x }, id, secret: pair.privateKey };
}

const identity = {
  gtin: '02900000000001',
  lot: 'HNY-500-A00',
  serial: serialOf(shortCode(RANDOM_SIGNS)),
  bestBefore: '2027-03-01',
};
const GTIN = '02900000000209';

describe('checking without the shop', () => {
  const ours = keyPair();
  const theirs = keyPair();
  const one = { ...identity, gtin: GTIN };
  const signed = (by: typeof ours, claims = by) => {
    const signature = new Uint8Array(sign(null, sealMessage(one, claims.id), by.secret));
    return linkOf('https://shop.example', one, writeToken({ keyId: claims.id, signature }));
  };
  const keys = [ours.key];
  const verdict = async (text: string, known = keys) => (await checkOffline(text, known)).verdict;
  const byHand = async (text: string) => (await checkOffline(text, keys, verifyEd25519)).verdict;

  test('true, by the platform and by hand', async () => {
    expect(await checkOffline(signed(ours), keys)).toEqual({
      verdict: 'genuine',
      identity: { ...one, serial: grouped(one.serial) },
      kid: ours.key.kid,
    });
    expect(await byHand(signed(ours))).toBe('genuine');
  });

  test('altered: another lot, another date, the date left out, another unit’s signature', async () => {
    const link = signed(ours);
    const other = serialOf(shortCode(RANDOM_SIGNS));
    for (const changed of [
      link.replace('HNY-500-A00', 'HNY-500-A01'),
      link.replace('17=270301', '17=280301'),
      link.replace('17=270301&', ''),
      link.replace(one.serial, other),
    ]) {
      expect([await verdict(changed), await byHand(changed)]).toEqual(['altered', 'altered']);
    }
  });

  test('forged, an unknown key, a revoked one, and one that claims to be ours', async () => {
    const made = writeToken({ keyId: ours.id, signature: new Uint8Array(64).fill(255) });
    expect(await verdict(linkOf('https://shop.example', one, made))).toBe('forged');
    expect(await verdict(signed(theirs))).toBe('unknown_key');
    expect(await verdict(signed(theirs, ours))).toBe('altered');
    expect(await verdict(signed(ours), [{ ...ours.key, revoked: '2026-01-01' }])).toBe('revoked_key');
    expect(await verdict(signed(ours), [])).toBe('no_keys');
  });

  test('the number of a carton is no slip, and no signature is missed on it', async () => {
    const sscc = ssccOf('2900000', '0123456789');
    for (const text of [cartonLink('https://shop.example', sscc), spokenSscc(sscc), sscc]) {
      expect(await verdict(text)).toBe('carton');
    }
    const slip = sscc.slice(0, 17) + ((Number(sscc[17]) + 1) % 10);
    expect(await verdict(cartonLink('https://shop.example', slip))).toBe('typing');
  });

  test('a typing error is not called a forgery', async () => {
    const link = signed(ours);
    const swapped = one.serial[1]! + one.serial[0]! + one.serial.slice(2);
    if (swapped !== one.serial) expect(await verdict(link.replace(one.serial, swapped))).toBe('typing');
    expect(await verdict(link.slice(0, -5))).toBe('typing');
    expect(await verdict('hello')).toBe('typing');
    expect(await verdict(one.serial.slice(0, 15))).toBe('typing');
    expect(await verdict(grouped(one.serial).toLowerCase())).toBe('unsigned');
  });
});

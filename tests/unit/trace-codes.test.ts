import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  SIGNATURE_LENGTH,
  checkSign,
  grouped,
  gtin14,
  gtinCheckDigit,
  isGtin,
  isRestricted,
  linkOf,
  RANDOM_SIGNS,
  readLink,
  readSerial,
  SERIAL_LENGTH,
  serialOf,
  SIGNS,
} from '../../server/trace/codes.rules.ts';
import { couldBeSignature, readToken, sealMessage, writeToken } from '../../server/trace/seal.rules.ts';
import { CODE_ALPHABET, shortCode } from '../../server/platform/ids.ts';
import { products } from '../../seeds/content/index.ts';

const codes = Array.from({ length: 20 }, () => serialOf(shortCode(RANDOM_SIGNS)));

describe('the code of a unit', () => {
  test('is made of the shop’s own signs, a prime number of them, and holds more than 72 bits', () => {
    expect(SIGNS).toBe(CODE_ALPHABET);
    expect(SIGNS.length).toBe(29);
    expect(RANDOM_SIGNS * Math.log2(SIGNS.length)).toBeGreaterThan(72);
    expect(SIGNS).not.toMatch(/[0O1ILUV]/);
  });

  test('every single wrong sign at every place shows', () => {
    let tried = 0;
    for (const code of codes) {
      for (let place = 0; place < SERIAL_LENGTH; place += 1) {
        for (const sign of SIGNS) {
          if (sign === code[place]) continue;
          tried += 1;
          expect(readSerial(code.slice(0, place) + sign + code.slice(place + 1))).toEqual({
            typing: 'check',
          });
        }
      }
    }
    expect(tried).toBe(codes.length * SERIAL_LENGTH * (SIGNS.length - 1));
  });

  test('every swap of two neighbours shows, for every pair of signs at every place', () => {
    for (let place = 0; place < SERIAL_LENGTH - 1; place += 1) {
      for (const left of SIGNS) {
        for (const right of SIGNS) {
          const code = withPair(codes[0]!, place, left, right);
          if (!code || left === right) continue;
          expect('serial' in readSerial(code)).toBe(true);
          const swapped = code.slice(0, place) + code[place + 1] + code[place] + code.slice(place + 2);
          expect(readSerial(swapped)).toEqual({ typing: 'check' });
        }
      }
    }
  });

  test('is read in groups, in small letters, in full width and with any dash', () => {
    const [code = ''] = codes;
    expect(grouped(code)).toMatch(/^(\w{4}-){3}\w{4}$/);
    const wide = [...code].map((sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('');
    for (const text of [
      grouped(code),
      code.toLowerCase(),
      ` ${grouped(code).replaceAll('-', ' – ')} `,
      wide,
    ]) {
      expect(readSerial(text)).toEqual({ serial: code });
    }
    expect(readSerial(code.slice(1))).toEqual({ typing: 'length' });
    expect(readSerial(`O${code.slice(1)}`)).toEqual({ typing: 'sign' });
  });
});

/** A right code with these two signs side by side at a place; undefined where the last of them must be another. */
function withPair(code: string, place: number, left: string, right: string): string | undefined {
  const body = [...code.slice(0, RANDOM_SIGNS)];
  body[place] = left;
  if (place + 1 < RANDOM_SIGNS) {
    body[place + 1] = right;
    return serialOf(body.join(''));
  }
  // The check sign itself is the right one of the pair: another sign of the body is turned until it is.
  for (const sign of SIGNS) {
    body[0] = sign;
    if (checkSign(body.join('')) === right) return serialOf(body.join(''));
  }
  return undefined;
}

describe('GTINs', () => {
  test('check digits of all lengths, against published examples', () => {
    for (const gtin of ['40170725', '614141007349', '4006381333931', '10614141000415']) {
      expect(isGtin(gtin)).toBe(true);
      expect(gtinCheckDigit(gtin.slice(0, -1))).toBe(gtin.at(-1));
    }
    expect(isGtin('4006381333932')).toBe(false);
    expect(isGtin('400638133393')).toBe(false);
    expect(gtin14('4006381333931')).toBe('04006381333931');
  });

  test('every variant of the demonstration has one of its own that is nobody’s', () => {
    const gtins = products.flatMap(({ variants }) => variants.map(({ gtin }) => gtin));
    expect(new Set(gtins).size).toBe(gtins.length);
    for (const gtin of gtins) expect([isGtin(gtin), isRestricted(gtin)]).toEqual([true, true]);
    expect(isRestricted('4006381333931')).toBe(false);
  });
});

const identity = {
  gtin: '02900000000018',
  lot: 'HNY-500-A00',
  serial: codes[0]!,
  bestBefore: '2027-03-01',
};

describe('links', () => {
  test('keys in GS1’s order, attributes in the query, and back', () => {
    const token = 'abcd'.repeat(SIGNATURE_LENGTH / 4);
    const link = linkOf('https://shop.example', { ...identity, gtin: gtin14('2900000000001') }, token);
    expect(link).toBe(
      `https://shop.example/01/02900000000001/10/HNY-500-A00/21/${codes[0]}?17=270301&s=${token}`,
    );
    const gtin = gtin14(`290000000000${gtinCheckDigit('290000000000')}`);
    expect(readLink(linkOf('https://shop.example', { ...identity, gtin }, token))).toEqual({
      identity: { ...identity, gtin },
      signature: token,
    });
    expect(readLink(linkOf('https://shop.example', { ...identity, gtin }, token.slice(1)))).toEqual({
      fault: 'signature',
    });
  });

  test('what cannot be right is named, and nothing throws', () => {
    const gtin = gtin14(`290000000000${gtinCheckDigit('290000000000')}`);
    const good = linkOf('https://shop.example', { ...identity, gtin });
    const wrong = gtin.slice(0, 13) + String((Number(gtin[13]) + 1) % 10);
    expect(readLink(good.replace(gtin, wrong))).toEqual({ fault: 'gtin' });
    expect(readLink(good.replace('HNY-500-A00', 'a%20b'))).toEqual({ fault: 'lot' });
    expect(readLink(good.replace('HNY-500-A00', '%ff'))).toEqual({ fault: 'lot' });
    const last = codes[0]!.at(-1) === '2' ? '3' : '2';
    expect(readLink(good.replace(codes[0]!, codes[0]!.slice(0, 15) + last))).toEqual({ fault: 'serial' });
    expect(readLink(good.replace('17=270301', '17=270230'))).toEqual({ fault: 'date' });
    for (const text of ['', 'hello', 'https://', 'https://shop.example/products/x', '//']) {
      expect(readLink(text)).toEqual({ fault: 'not_a_link' });
    }
  });
});

describe('what is signed', () => {
  const keyId = Uint8Array.of(1, 2, 3, 4);

  test('differs for any field that differs', () => {
    const changed = [
      identity,
      { ...identity, gtin: '02900000000025' },
      { ...identity, lot: 'HNY-500-A0' },
      { ...identity, serial: codes[1]! },
      { ...identity, serial: undefined },
      { ...identity, bestBefore: '2027-03-02' },
      { ...identity, bestBefore: undefined },
    ];
    const messages = changed.map((one) => Buffer.from(sealMessage(one, keyId)).toString('hex'));
    messages.push(Buffer.from(sealMessage(identity, Uint8Array.of(1, 2, 3, 5))).toString('hex'));
    expect(new Set(messages).size).toBe(messages.length);
  });

  test('a token is 92 characters and comes back as it was', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const signature = new Uint8Array(sign(null, sealMessage(identity, keyId), privateKey));
    const token = writeToken({ keyId, signature });
    expect(token).toMatch(/^[A-Za-z0-9_-]{92}$/);
    expect(readToken(token)).toEqual({ keyId, signature });
    expect(couldBeSignature(signature)).toBe(true);
    expect(readToken(token.slice(1))).toBeUndefined();
    expect(readToken(`B${token.slice(1)}`)).toBeUndefined();
  });

  test('most bytes that somebody made up could be no signature of anybody', () => {
    const made = Array.from({ length: 400 }, (_item, at) => createHash('sha512').update(String(at)).digest());
    const possible = made.filter((bytes) => couldBeSignature(bytes)).length;
    expect(possible).toBeGreaterThan(0);
    expect(possible).toBeLessThan(60);
  });
});

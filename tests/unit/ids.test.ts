import { describe, expect, test } from 'vitest';
import { CODE_ALPHABET, newCode, newId, shortCode } from '../../server/platform/ids.ts';

const MANY = 5_000;

describe('a public code', () => {
  test('uses nothing that is mistaken for something else', () => {
    for (const sign of '0O1ILUV') expect(CODE_ALPHABET).not.toContain(sign);
    expect(new Set(CODE_ALPHABET).size).toBe(CODE_ALPHABET.length);
    for (let n = 0; n < 200; n += 1) expect(newCode()).toMatch(new RegExp(`^[${CODE_ALPHABET}]{12}$`));
  });

  test('is another one each time and uses the whole alphabet', () => {
    const codes = Array.from({ length: MANY }, newCode);
    expect(new Set(codes).size).toBe(MANY);
    expect([...new Set(codes.join(''))].sort().join('')).toBe([...CODE_ALPHABET].sort().join(''));
  });

  test('can be made shorter', () => {
    expect(shortCode(6)).toHaveLength(6);
  });
});

describe('an id', () => {
  test('is another one each time, and safe in an address and a file name', () => {
    const ids = Array.from({ length: MANY }, newId);
    expect(new Set(ids).size).toBe(MANY);
    expect(ids.every((id) => /^[0-9a-z]{20}$/.test(id))).toBe(true);
  });
});

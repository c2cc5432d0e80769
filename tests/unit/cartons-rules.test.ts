import { describe, expect, test } from 'vitest';
import { boxedTogether, CARTON_MOVES, CARTON_STATES, chosenFor } from '../../server/trace/cartons.rules.ts';
import { isSscc, openDigits, readSscc, spokenSscc, ssccOf } from '../../server/trace/sscc.rules.ts';

const sscc = ssccOf('2900000', '3123456789');

describe('the number of a carton', () => {
  test('has 18 digits, the prefix after the first, and GS1’s check digit', () => {
    expect(openDigits('2900000')).toBe(10);
    expect(sscc).toHaveLength(18);
    expect(sscc.slice(1, 8)).toBe('2900000');
    // GS1's own example (General Specifications, 7.9.1).
    expect(isSscc('376104250021234569')).toBe(true);
    expect(isSscc('376104250021234568')).toBe(false);
    for (const prefix of ['290000', '290000000000']) {
      expect(isSscc(ssccOf(prefix, '7'.repeat(openDigits(prefix))))).toBe(true);
    }
  });

  test('shows every single wrong digit', () => {
    for (const [at, digit] of [...sscc].entries()) {
      for (const other of '0123456789'.replace(digit, '')) {
        expect(isSscc(sscc.slice(0, at) + other + sscc.slice(at + 1))).toBe(false);
      }
    }
  });

  test('is read out of a link, a GS1-128 symbol, what stands below it, and bare digits', () => {
    for (const text of [
      `https://shop.example/00/${sscc}`,
      `http://127.0.0.1:3000/00/${sscc}?lang=en`,
      `]C100${sscc}`,
      `(00)${sscc}`,
      `00${sscc}`,
      spokenSscc(sscc),
      sscc,
      ` ${sscc}\n`,
    ]) {
      expect(readSscc(text), text).toEqual({ sscc });
    }
  });

  test('is told from a slip and from what is no such number', () => {
    const wrong = sscc.slice(0, 17) + (sscc.at(-1) === '0' ? '1' : '0');
    expect(readSscc(wrong)).toEqual({ typing: true });
    expect(readSscc(`https://shop.example/00/${wrong}`)).toEqual({ typing: true });
    for (const text of [
      '',
      'hello',
      '7K3M-9P2Q-4R8T-6W5X',
      'https://shop.example/01/02900000000209/10/A-1',
    ]) {
      expect(readSscc(text), text).toBeUndefined();
    }
  });
});

describe('a carton', () => {
  test('can reach every state, and ends taken apart', () => {
    const reached = new Set<string>(['open']);
    for (const state of reached) for (const next of CARTON_MOVES[state as 'open']) reached.add(next);
    expect([...reached].sort()).toEqual([...CARTON_STATES].sort());
    expect(CARTON_MOVES.unpacked).toEqual([]);
  });

  const units = ['a', 'b', 'c', 'd', 'e'].map((_id) => ({ _id }));
  const ids = (chosen: { _id: string }[]) => chosen.map(({ _id }) => _id).join('');

  test('goes into a box whole when it fits, and is opened only when nothing else is left', () => {
    const cartons = [{ units: ['c', 'd', 'e'] }];
    expect(ids(chosenFor(3, units, cartons))).toBe('cde');
    expect(ids(chosenFor(4, units, cartons))).toBe('cdea');
    expect(ids(chosenFor(2, units, cartons))).toBe('ab');
    expect(ids(chosenFor(1, [{ _id: 'c' }, { _id: 'd' }, { _id: 'e' }], cartons))).toBe('c');
    expect(ids(chosenFor(9, units, cartons))).toHaveLength(5);
    expect(chosenFor(-1, units, cartons)).toEqual([]);
  });

  test('stands for its units in a box only when all of them are there', () => {
    const cartons = [
      { _id: 'one', units: ['a', 'b'] },
      { _id: 'two', units: ['c', 'x'] },
    ];
    expect(boxedTogether(['a', 'b', 'c'], cartons)).toEqual({ cartons: ['one'], loose: ['c'], inside: 2 });
    expect(boxedTogether([], [{ _id: 'empty', units: [] }])).toEqual({ cartons: [], loose: [], inside: 0 });
  });
});

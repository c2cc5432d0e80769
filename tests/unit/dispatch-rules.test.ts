import { describe, expect, test } from 'vitest';
import {
  promiseLine,
  readyFor,
  shipPromise,
  type DispatchTerms,
} from '../../server/orders/dispatch.rules.ts';
import { dispatchForm } from '../../server/orders/dispatch.schema.ts';

const TERMS: DispatchTerms = { days: 2, cutOffHour: 16, resumesOn: null };
const beijing = (time: string) => new Date(`${time}+08:00`);
const by = (terms: Partial<DispatchTerms>, time: string, readyOn?: string) =>
  shipPromise({ ...TERMS, ...terms }, { at: beijing(time), readyOn }).by;

describe('the last day of dispatch', () => {
  test.each([
    [{}, '2026-11-23T09:00', undefined, '2026-11-25'],
    [{}, '2026-11-23T15:59:59.999', undefined, '2026-11-25'],
    [{}, '2026-11-23T16:00', undefined, '2026-11-26'],
    // Beijing has the new day while UTC has the old one, and the other way about.
    [{}, '2026-11-24T00:30', undefined, '2026-11-26'],
    [{ cutOffHour: 24 }, '2026-11-23T23:59', undefined, '2026-11-25'],
    [{ days: 0 }, '2026-11-23T09:00', undefined, '2026-11-23'],
    [{ days: 0 }, '2026-11-23T17:00', undefined, '2026-11-24'],
    [{}, '2026-12-31T20:00', undefined, '2027-01-03'],
    [{}, '2028-02-27T09:00', undefined, '2028-02-29'],
    [{ resumesOn: '2027-02-22' }, '2027-02-10T09:00', undefined, '2027-02-24'],
    [{ resumesOn: '2026-11-01' }, '2026-11-23T09:00', undefined, '2026-11-25'],
    [{}, '2026-11-23T09:00', '2026-12-20', '2026-12-22'],
    [{}, '2026-11-23T09:00', '2026-11-20', '2026-11-25'],
    [{ resumesOn: '2026-12-24' }, '2026-11-23T09:00', '2026-12-20', '2026-12-26'],
  ] as const)('%o, ordered at %s, ready on %s: %s', (terms, time, readyOn, expected) => {
    expect(by(terms, time, readyOn)).toBe(expected);
  });

  test('is a pre-order only while the goods are not there', () => {
    const at = beijing('2026-11-23T09:00');
    expect(shipPromise(TERMS, { at }).presale).toBe(false);
    expect(shipPromise(TERMS, { at, readyOn: '2026-11-24' }).presale).toBe(true);
    expect(shipPromise(TERMS, { at, readyOn: '2026-11-23' }).presale).toBe(false);
    expect(shipPromise({ ...TERMS, resumesOn: '2026-12-01' }, { at }).presale).toBe(false);
  });

  test('never comes earlier for who orders later', () => {
    const start = beijing('2026-11-20T00:00').getTime();
    const days = Array.from({ length: 200 }, (_hour, hour) =>
      shipPromise(TERMS, { at: new Date(start + hour * 3_600_000) }),
    );
    expect(days.map((one) => one.by)).toEqual(days.map((one) => one.by).toSorted());
  });
});

describe('several lots', () => {
  const lots = [
    { available: 3 },
    { available: 2, readyOn: '2026-12-20' },
    { available: 9, readyOn: '2026-12-10' },
  ];
  test.each([
    [1, undefined],
    [3, undefined],
    [4, '2026-12-20'],
    [6, '2026-12-20'],
  ])('%i pieces are ready on %s', (qty, expected) => expect(readyFor(lots, qty)).toBe(expected));

  test('promise an order the latest of the lots that it got, by its own cooperative’s terms', () => {
    const known = {
      termsOf: (cooperative: string) => ({ ...TERMS, days: cooperative === 'slow' ? 5 : 1 }),
      readyOn: new Map([['b', '2026-12-20']]),
      at: beijing('2026-11-23T09:00'),
    };
    const line = (cooperative: string, ...codes: string[]) =>
      promiseLine({ cooperative, lots: codes.map((lot) => ({ lot })) }, known).shipsBy;
    expect([line('quick', 'a'), line('slow', 'a'), line('quick', 'a', 'b')]).toEqual([
      '2026-11-24',
      '2026-11-28',
      '2026-12-21',
    ]);
  });
});

describe('the form', () => {
  const form = { coop: 'tongcha', version: '0', days: '2', cutOffHour: '16', resumesOn: '' };
  test('takes whole days and hours', () => {
    expect(dispatchForm.parse(form)).toMatchObject({ days: 2, cutOffHour: 16, resumesOn: null });
    for (const wrong of [
      ...[{ days: '31' }, { days: '-1' }, { days: '1.5' }, { cutOffHour: '0' }, { cutOffHour: '25' }],
      ...[{ resumesOn: '2027-02-30' }, { days: '' }, { more: '1' }],
    ]) {
      expect(dispatchForm.safeParse({ ...form, ...wrong }).success).toBe(false);
    }
  });
});

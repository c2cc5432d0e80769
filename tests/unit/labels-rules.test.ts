import { describe, expect, test } from 'vitest';
import {
  codeBox,
  darkRuns,
  EDGE,
  firstUnprinted,
  isReprint,
  LEAST_MODULE,
  placeOf,
  QUIET,
  SHEET_NAMES,
  SHEETS,
} from '../../server/trace/labels.rules.ts';

/** Modules of a side of versions 8 to 13: what links of our length need at level M. */
const SIZES = [49, 53, 57, 61, 65, 69];

describe.each(SHEET_NAMES)('on %s', (name) => {
  const sheet = SHEETS[name];

  test.each(SIZES)('a code of %i modules is big enough to scan and stays on its label', (modules) => {
    const box = codeBox(sheet, modules)!;
    expect(box.module).toBeGreaterThanOrEqual(LEAST_MODULE);
    expect(box.side).toBeCloseTo(box.module * (modules + 2 * QUIET));
    expect(box.side).toBeLessThanOrEqual(sheet.height - 2 * EDGE + 1e-9);
    expect(box.side).toBeLessThan(sheet.width * 0.7);
  });

  test('labels are on the page and beside one another', () => {
    const count = sheet.columns * sheet.rows;
    const places = Array.from({ length: count }, (_item, index) => placeOf(sheet, index));
    for (const { x, y } of places) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + sheet.width).toBeLessThanOrEqual(sheet.page[0] + 1e-9);
      expect(y + sheet.height).toBeLessThanOrEqual(sheet.page[1] + 1e-9);
    }
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(count);
    expect(places.filter(({ isFirst }) => isFirst)).toHaveLength(1);
    expect(placeOf(sheet, count)).toEqual(places[0]);
  });
});

test('a code that would be too small is not printed', () => {
  expect(codeBox(SHEETS.roll_40x30, 177)).toBeUndefined();
});

test('rectangles cover the dark modules and nothing else', () => {
  const dark = ['1101', '0000', '1111', '0110'];
  const runs = darkRuns(4, (row, column) => dark[row]![column] === '1');
  const drawn = Array.from({ length: 4 }, () => ['0', '0', '0', '0']);
  for (const [column, row, length] of runs) {
    for (let at = 0; at < length; at += 1) drawn[row]![column + at] = '1';
  }
  expect(drawn.map((row) => row.join(''))).toEqual(dark);
  expect(runs).toHaveLength(4);
});

describe('labels that were printed', () => {
  const range = (from: number, to: number) => ({ from, to, codes: [] });
  const single = { from: 0, to: 0, codes: ['X'] };

  test('are reprints where they were printed before', () => {
    expect(isReprint([], range(1, 10))).toBe(false);
    expect(isReprint([range(1, 10)], range(11, 20))).toBe(false);
    expect(isReprint([range(1, 10)], range(10, 20))).toBe(true);
    expect(isReprint([range(5, 6)], range(1, 20))).toBe(true);
    expect(isReprint([], single)).toBe(true);
    expect(isReprint([single], range(1, 10))).toBe(false);
  });

  test('are followed by the first that was not', () => {
    expect(firstUnprinted([])).toBe(1);
    expect(firstUnprinted([range(1, 10), single])).toBe(11);
  });
});

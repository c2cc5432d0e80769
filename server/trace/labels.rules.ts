/** A sheet or roll of labels; all lengths in mm. */
export interface Sheet {
  page: readonly [width: number, height: number];
  columns: number;
  rows: number;
  width: number;
  height: number;
  left: number;
  top: number;
  gapX: number;
}

const A4 = [210, 297] as const;

/** Common sizes, by the name that forms and records use. */
export const SHEETS = {
  a4_70x37: { page: A4, columns: 3, rows: 8, width: 70, height: 37, left: 0, top: 0.5, gapX: 0 },
  a4_99x38: { page: A4, columns: 2, rows: 7, width: 99.1, height: 38.1, left: 4.65, top: 15.15, gapX: 2.5 },
  a4_52x30: { page: A4, columns: 4, rows: 10, width: 52.5, height: 29.7, left: 0, top: 0, gapX: 0 },
  roll_50x30: { page: [50, 30], columns: 1, rows: 1, width: 50, height: 30, left: 0, top: 0, gapX: 0 },
  roll_40x30: { page: [40, 30], columns: 1, rows: 1, width: 40, height: 30, left: 0, top: 0, gapX: 0 },
} as const satisfies Record<string, Sheet>;
export type SheetName = keyof typeof SHEETS;
export const SHEET_NAMES = Object.keys(SHEETS) as SheetName[];

/** What labels are handed out as: to print here, to lay out somewhere else, or as a list for a print shop's own press. */
export const PRINT_FORMATS = ['pdf', 'svg', 'png', 'csv'] as const;
export type PrintFormat = (typeof PRINT_FORMATS)[number];

/** ISO/IEC 18004: four modules of nothing on every side. */
export const QUIET = 4;
/** What a cheap printer prints and a phone reads, in mm. */
export const LEAST_MODULE = 0.33;
/** A dot of a 203 dpi thermal printer: modules of whole dots have straight edges. */
const DOT = 25.4 / 203;
const MOST_MODULE = 4 * DOT;
/** White at a label's edge, where printers and scissors miss, in mm. */
export const EDGE = 1.2;
/** How much of a label's width the code may take; the rest is for people. */
const SHARE = 0.64;

export interface CodeBox {
  /** Width of a module in mm. */
  module: number;
  /** Width of the code with its quiet zone in mm. */
  side: number;
}

/**
 * How big a code of so many modules a side is printed on a label.
 *
 * @returns undefined when it would be too small to scan
 */
export function codeBox(sheet: Sheet, modules: number): CodeBox | undefined {
  const all = modules + 2 * QUIET;
  const room = Math.min(sheet.height - 2 * EDGE, sheet.width * SHARE);
  const fitting = Math.min(MOST_MODULE, room / all);
  if (fitting < LEAST_MODULE) return undefined;
  const dots = Math.floor(fitting / DOT + 1e-9);
  const module = dots * DOT >= LEAST_MODULE ? dots * DOT : fitting;
  return { module, side: module * all };
}

/** Where the label with that number stands on its page, from the upper left corner in mm. */
export function placeOf(sheet: Sheet, index: number): { x: number; y: number; isFirst: boolean } {
  const onPage = index % (sheet.columns * sheet.rows);
  const column = onPage % sheet.columns;
  const row = Math.floor(onPage / sheet.columns);
  return {
    x: sheet.left + column * (sheet.width + sheet.gapX),
    y: sheet.top + row * sheet.height,
    isFirst: onPage === 0,
  };
}

/** Where on a label its code begins, and the room for words beside it; undefined when the code would not scan. */
export function layoutOf(sheet: Sheet, place: { x: number; y: number }, modules: number) {
  const box = codeBox(sheet, modules);
  if (!box) return undefined;
  const left = place.x + EDGE;
  // The quiet zone on the code's right side is where the words begin.
  const x = left + box.side - box.module;
  return {
    ...{ module: box.module, left, top: place.y + (sheet.height - box.side) / 2 },
    words: {
      ...{ x, y: place.y + EDGE, width: place.x + sheet.width - EDGE - x, height: sheet.height - 2 * EDGE },
    },
  };
}

/** A roll has no pages: as a picture, so many of its labels stand one below the other. */
const STRIP = 20;

/** The sheet as one picture has it. */
export function pictureSheet(sheet: Sheet): Sheet {
  if (sheet.columns * sheet.rows > 1) return sheet;
  return { ...sheet, rows: STRIP, page: [sheet.page[0], sheet.page[1] * STRIP] };
}

/** The most pictures that one print is handed out as; more of them is what a PDF is for. */
export const MOST_PICTURES = 60;

/** How many pictures so many labels are. */
export function picturesOf(sheet: Sheet, labels: number): number {
  const { columns, rows } = pictureSheet(sheet);
  return Math.ceil(labels / (columns * rows));
}

/** Rectangles that together are the dark modules: each row's runs, as [column, row, length]. */
export function darkRuns(size: number, isDark: (row: number, column: number) => boolean) {
  const runs: [column: number, row: number, length: number][] = [];
  for (let row = 0; row < size; row += 1) {
    let from = -1;
    for (let column = 0; column <= size; column += 1) {
      const dark = column < size && isDark(row, column);
      if (dark && from < 0) from = column;
      if (!dark && from >= 0) {
        runs.push([from, row, column - from]);
        from = -1;
      }
    }
  }
  return runs;
}

/** Labels that were sent to a printer: those of a run from one number to another, or single ones by their codes. */
export interface Printed {
  from: number;
  to: number;
  codes: readonly string[];
}

/** Whether labels of a range were printed before. Single ones always were: their codes stand on them. */
export function isReprint(before: readonly Printed[], next: Printed): boolean {
  if (next.codes.length > 0) return true;
  return before.some(({ codes, from, to }) => codes.length === 0 && from <= next.to && next.from <= to);
}

/** The first number that has not been printed; numbers count from one. */
export function firstUnprinted(before: readonly Printed[]): number {
  return before.reduce((most, { codes, to }) => (codes.length > 0 ? most : Math.max(most, to)), 0) + 1;
}

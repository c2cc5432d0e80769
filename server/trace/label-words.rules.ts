/** What stands on one label. */
export interface LabelText {
  name: string;
  variant: string;
  /** Small lines: lot, best before, GTIN. */
  facts: readonly string[];
  /** For labels that are printed again. */
  mark: string | undefined;
}

export const PT_PER_MM = 72 / 25.4;

export type Face = 'regular' | 'bold';

/** The width of a text, in the points of `size`. */
export type Measure = (text: string, face: Face, size: number) => number;

/** The room beside the code, in mm. */
export interface WordBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line of a label with the upper left corner of its box, in points. */
export interface PlacedLine {
  line: string;
  face: Face;
  size: number;
  x: number;
  y: number;
}

const LEADING = 1.28;

/** The words beside the code: the name as big as it may be, the facts, and the code as people say it. */
export function placedWords(
  box: WordBox,
  { text, spoken }: { text: LabelText; spoken: string },
  measure: Measure,
): PlacedLine[] {
  const width = box.width * PT_PER_MM;
  const big = box.width > 30 ? 10 : box.width > 20 ? 8 : 7;
  const small = box.width > 30 ? 6.5 : 5.2;
  const wide = (face: Face, size: number) => (words: string) => measure(words, face, size);
  const lines = (face: Face, size: number, found: readonly string[]) =>
    found.map((line) => ({ line, face, size }));
  const all = [
    ...lines('bold', big, wrapped(wide('bold', big), text.name, width, 2)),
    ...lines('regular', small, wrapped(wide('regular', small), text.variant, width, 1)),
    ...text.facts.flatMap((fact) => lines('regular', small, wrapped(wide('regular', small), fact, width, 2))),
    ...lines('bold', small + 1, spokenLines(wide('bold', small + 1), spoken, width)),
    ...lines('bold', small, text.mark === undefined ? [] : [text.mark]),
  ];
  const high = all.reduce((sum, { size }) => sum + size * LEADING, 0);
  const room = box.height * PT_PER_MM;
  const squeeze = Math.min(1, room / high);
  let y = box.y * PT_PER_MM + Math.max(0, (room - high) / 2);
  return all.map(({ line, face, size }) => {
    const placed = { line, face, size: size * squeeze, x: box.x * PT_PER_MM, y };
    y += size * LEADING * squeeze;
    return placed;
  });
}

type WidthOf = (text: string) => number;

/** A code of four groups stands on one line, or two and two on two: it is read out group by group. */
function spokenLines(widthOf: WidthOf, spoken: string, width: number): string[] {
  const groups = spoken.split('-');
  if (groups.length !== 4 || widthOf(spoken) <= width) return wrapped(widthOf, spoken, width, 2);
  return [`${groups.slice(0, 2).join('-')}-`, groups.slice(2).join('-')];
}

/** What stays together: Latin words, numbers and dates; at their dashes only what would not fit on a line. */
function piecesOf(widthOf: WidthOf, text: string, width: number): string[] {
  const words = text.match(/[A-Za-z0-9.'’&-]+ ?|[^]/gu) ?? [];
  return words.flatMap((word) =>
    widthOf(word.trimEnd()) <= width ? word : (word.match(/[A-Za-z0-9.'’&]+[- ]?|[^]/gu) ?? []),
  );
}

/** Lines that fit: broken between words and between Chinese characters, cut off with an ellipsis. */
function wrapped(widthOf: WidthOf, text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(widthOf, text, width)) {
    if (line !== '' && widthOf((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  if (line !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  let last = lines[most - 1]!;
  while (last !== '' && widthOf(`${last}…`) > width) last = last.slice(0, -1);
  return [...lines.slice(0, most - 1), `${last}…`];
}

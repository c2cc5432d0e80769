import QRCode from 'qrcode';
import sharp from 'sharp';
import { AppError } from '../platform/errors.ts';
import { penFor, type Pen } from '../platform/poster/index.ts';
import { placedWords, PT_PER_MM, type Face, type LabelText, type WordBox } from './label-words.rules.ts';
import { darkRuns, layoutOf, pictureSheet, placeOf, QUIET, type Sheet } from './labels.rules.ts';
import type { LabelCode } from './sheet.service.ts';

/** Twice a 203 dpi printer's dots: modules that are whole dots there are whole pixels here. */
const DPI = 406;

/** The face's ascender: how far below the top of its line a text stands, in its size. */
const ASCENT = 1.16;

type Pens = Record<Face, Pen>;

/**
 * One sheet of labels as an SVG in mm. Words are paths, so that it looks the same in a print shop that has no Chinese
 * font.
 *
 * @throws AppError `unavailable` when the code would be too small to scan
 */
export async function sheetSvg(sheet: Sheet, text: LabelText, codes: readonly LabelCode[]): Promise<string> {
  const pens: Pens = { regular: await penFor(400), bold: await penFor(700) };
  const whole = pictureSheet(sheet);
  // A strip of a roll ends with its last label.
  const height = whole === sheet ? sheet.page[1] : sheet.height * codes.length;
  const [width] = whole.page;
  const labels = codes.map((code, index) => label(whole, placeOf(whole, index), { text, code, pens }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...labels,
    '</svg>\n',
  ].join('\n');
}

/** The same as a picture of dots. */
export function sheetPng(svg: string): Promise<Buffer> {
  // Lengths in mm would be taken for what they are and then enlarged once more.
  const inDots = svg.replaceAll(/(?<=^<svg[^>]*(?:width|height)=")([\d.]+)mm/g, (_all, mm: string) =>
    String(Math.round((Number(mm) / 25.4) * DPI)),
  );
  return sharp(Buffer.from(inDots), { density: 72, unlimited: true })
    .flatten({ background: '#fff' })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .withMetadata({ density: DPI })
    .toBuffer();
}

interface LabelJob {
  text: LabelText;
  code: LabelCode;
  pens: Pens;
}

function label(sheet: Sheet, place: { x: number; y: number }, { text, code, pens }: LabelJob): string {
  const { modules } = QRCode.create(code.link, { errorCorrectionLevel: 'M' });
  const layout = layoutOf(sheet, place, modules.size);
  if (!layout) throw new AppError('unavailable');
  const dark = darkRuns(modules.size, (row, column) => modules.get(row, column) === 1)
    .map(([column, row, length]) => `M${column + QUIET} ${row + QUIET}h${length}v1h-${length}z`)
    .join('');
  const { left, top, module } = layout;
  const to = `translate(${left.toFixed(4)} ${top.toFixed(4)}) scale(${module.toFixed(5)})`;
  const square = `<path transform="${to}" shape-rendering="crispEdges" d="${dark}"/>`;
  return `<g>${square}${words(layout.words, { text, code, pens })}</g>`;
}

function words(box: WordBox, { text, code, pens }: LabelJob): string {
  const lines = placedWords(box, { text, spoken: code.spoken }, (line, face, size) =>
    pens[face].width(line, size),
  );
  const paths = lines.map(({ line, face, size, x, y }) =>
    pens[face].path(line, { x, y: y + ASCENT * size, size, fill: '#000' }),
  );
  return `<g transform="scale(${(1 / PT_PER_MM).toFixed(6)})">${paths.join('')}</g>`;
}

import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate as othersTurn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import { AppError } from '../platform/errors.ts';
import { printedFont } from '../platform/fonts.ts';
import { placedWords, PT_PER_MM, type LabelText, type Measure, type WordBox } from './label-words.rules.ts';
import { darkRuns, layoutOf, placeOf, QUIET, type Sheet } from './labels.rules.ts';

export interface LabelCode {
  link: string;
  /** The unit's code as people read it, in groups. */
  spoken: string;
}

export interface SheetJob {
  sheet: Sheet;
  title: string;
  /** The same on every label. */
  text: LabelText;
  serials: AsyncIterable<string>;
  toCode: (serial: string) => LabelCode;
}

type Doc = InstanceType<typeof PDFDocument>;

/**
 * Writes labels as a PDF, page by page: what has been written is handed on before the next page is drawn, and when
 * the reader is slow the drawing waits. Ends early when the reader goes away.
 *
 * @throws AppError `unavailable` when the code would be too small to scan, before anything is written
 */
export async function writeSheet(
  out: Writable,
  { sheet, text, title, serials, toCode }: SheetJob,
): Promise<void> {
  const [regular, bold] = await Promise.all([printedFont(400), printedFont(700)]);
  const doc = new PDFDocument({ autoFirstPage: false, info: { Title: title } });
  doc.registerFont('regular', regular).registerFont('bold', bold);
  let index = 0;
  let gone = false;
  const leave = () => (gone = true);
  out.once('close', leave);
  doc.pipe(out);
  try {
    for await (const serial of serials) {
      if (gone) return;
      const place = placeOf(sheet, index);
      if (place.isFirst) {
        await handedOn(doc, out);
        doc.addPage({ size: sheet.page.map((mm) => mm * PT_PER_MM) as [number, number], margin: 0 });
      }
      drawLabel(doc, { sheet, place, text }, toCode(serial));
      index += 1;
    }
    doc.end();
    await ended(out, () => gone);
  } finally {
    out.off('close', leave);
    if (gone) doc.unpipe(out);
  }
}

/** Lets others have their turn, and waits until a slow reader has taken what there is. */
async function handedOn(doc: Doc, out: Writable) {
  await othersTurn();
  while ((out.writableNeedDrain || doc.readableLength > 1 << 18) && !out.destroyed) {
    await Promise.race([once(out, 'drain'), once(out, 'close')]);
    await othersTurn();
  }
}

async function ended(out: Writable, isGone: () => boolean) {
  if (!out.writableFinished && !isGone()) await Promise.race([once(out, 'finish'), once(out, 'close')]);
}

function drawLabel(
  doc: Doc,
  { sheet, place, text }: { sheet: Sheet; place: { x: number; y: number }; text: LabelText },
  { link, spoken }: LabelCode,
) {
  const { modules } = QRCode.create(link, { errorCorrectionLevel: 'M' });
  const layout = layoutOf(sheet, place, modules.size);
  if (!layout) throw new AppError('unavailable');
  const at = (mm: number) => (mm * PT_PER_MM).toFixed(3);
  const scale = (layout.module * PT_PER_MM).toFixed(5);
  const rectangles = darkRuns(modules.size, (row, column) => modules.get(row, column) === 1)
    .map(([column, row, length]) => `${column + QUIET} ${row + QUIET} ${length} 1 re`)
    .join('\n');
  doc.addContent(`q 0 g ${scale} 0 0 ${scale} ${at(layout.left)} ${at(layout.top)} cm\n${rectangles}\nf Q`);
  drawWords(doc, layout.words, text, spoken);
}

/** Nearly all that stands on a label stands on the next one, too: it is measured once. */
const measures = new WeakMap<Doc, Measure>();
const MOST_MEASURED = 2_000;

function measureIn(doc: Doc): Measure {
  const there = measures.get(doc);
  if (there) return there;
  const known = new Map<string, number>();
  const measure: Measure = (words, face, size) => {
    const key = `${face} ${size} ${words}`;
    const width = known.get(key) ?? doc.font(face).fontSize(size).widthOfString(words);
    if (known.size < MOST_MEASURED) known.set(key, width);
    return width;
  };
  measures.set(doc, measure);
  return measure;
}

/** The same layout as on a sheet that is a picture, measured in the PDF's own face. */
function drawWords(doc: Doc, box: WordBox, text: LabelText, spoken: string) {
  const measure = measureIn(doc);
  for (const { line, face, size, x, y } of placedWords(box, { text, spoken }, measure)) {
    doc.font(face).fontSize(size).text(line, x, y, { lineBreak: false });
  }
}

/** One code as a picture for somebody's own design, with its quiet zone. */
export async function codePicture(link: string, format: 'svg' | 'png'): Promise<Buffer> {
  const options = { errorCorrectionLevel: 'M', margin: QUIET } as const;
  if (format === 'svg') return Buffer.from(await QRCode.toString(link, { ...options, type: 'svg' }));
  return QRCode.toBuffer(link, { ...options, type: 'png', scale: 12 });
}

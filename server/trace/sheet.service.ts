import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate as othersTurn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import { AppError } from '../platform/errors.ts';
import { printedFont } from '../platform/fonts.ts';
import { codeBox, darkRuns, EDGE, placeOf, QUIET, type Sheet } from './labels.rules.ts';

/** What stands on one label. */
export interface LabelText {
  name: string;
  variant: string;
  /** Small lines: lot, best before, GTIN. */
  facts: readonly string[];
  /** For labels that are printed again. */
  mark: string | undefined;
}

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

const PT_PER_MM = 72 / 25.4;

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
  const box = codeBox(sheet, modules.size);
  if (!box) throw new AppError('unavailable');
  const top = place.y + (sheet.height - box.side) / 2;
  const left = place.x + EDGE;
  const at = (mm: number) => (mm * PT_PER_MM).toFixed(3);
  const scale = (box.module * PT_PER_MM).toFixed(5);
  const rectangles = darkRuns(modules.size, (row, column) => modules.get(row, column) === 1)
    .map(([column, row, length]) => `${column + QUIET} ${row + QUIET} ${length} 1 re`)
    .join('\n');
  doc.addContent(`q 0 g ${scale} 0 0 ${scale} ${at(left)} ${at(top)} cm\n${rectangles}\nf Q`);
  // The quiet zone on the code's right side is where the words begin.
  const x = left + box.side - box.module;
  drawWords(
    doc,
    { x, y: place.y + EDGE, width: place.x + sheet.width - EDGE - x, height: sheet.height - 2 * EDGE },
    text,
    spoken,
  );
}

/** The words beside the code: the name as big as it may be, the facts, and the code as people say it. */
function drawWords(
  doc: Doc,
  box: { x: number; y: number; width: number; height: number },
  text: LabelText,
  spoken: string,
) {
  const width = box.width * PT_PER_MM;
  const big = box.width > 30 ? 10 : box.width > 20 ? 8 : 7;
  const small = box.width > 30 ? 6.5 : 5.2;
  const lines = [
    ...wrapped(doc.font('bold').fontSize(big), text.name, width, 2).map((line) => ({
      line,
      size: big,
      face: 'bold',
    })),
    ...wrapped(doc.font('regular').fontSize(small), text.variant, width, 1).map((line) => ({
      line,
      size: small,
      face: 'regular',
    })),
    ...text.facts.flatMap((fact) =>
      wrapped(doc.font('regular').fontSize(small), fact, width, 2).map((line) => ({
        line,
        size: small,
        face: 'regular',
      })),
    ),
    ...spokenLines(doc.font('bold').fontSize(small + 1), spoken, width).map((line) => ({
      line,
      size: small + 1,
      face: 'bold',
    })),
    ...(text.mark === undefined ? [] : [{ line: text.mark, size: small, face: 'bold' }]),
  ];
  const heights = lines.map(({ size }) => size * 1.28);
  const all = heights.reduce((sum, height) => sum + height, 0);
  const room = box.height * PT_PER_MM;
  const squeeze = Math.min(1, room / all);
  let y = box.y * PT_PER_MM + Math.max(0, (room - all) / 2);
  for (const [index, { line, size, face }] of lines.entries()) {
    doc
      .font(face)
      .fontSize(size * squeeze)
      .text(line, box.x * PT_PER_MM, y, { lineBreak: false });
    y += heights[index]! * squeeze;
  }
}

/** A code of four groups stands on one line, or two and two on two: it is read out group by group. */
function spokenLines(doc: Doc, spoken: string, width: number): string[] {
  const groups = spoken.split('-');
  if (groups.length !== 4 || doc.widthOfString(spoken) <= width) return wrapped(doc, spoken, width, 2);
  return [`${groups.slice(0, 2).join('-')}-`, groups.slice(2).join('-')];
}

/** What stays together: Latin words, numbers and dates; at their dashes only what would not fit on a line. */
function piecesOf(doc: Doc, text: string, width: number): string[] {
  const words = text.match(/[A-Za-z0-9.'’&-]+ ?|[^]/gu) ?? [];
  return words.flatMap((word) =>
    doc.widthOfString(word.trimEnd()) <= width ? word : (word.match(/[A-Za-z0-9.'’&]+[- ]?|[^]/gu) ?? []),
  );
}

/** Lines that fit: broken between words and between Chinese characters, cut off with an ellipsis. */
function wrapped(doc: Doc, text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(doc, text, width)) {
    if (line !== '' && doc.widthOfString((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  if (line !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  let last = lines[most - 1]!;
  while (last !== '' && doc.widthOfString(`${last}…`) > width) last = last.slice(0, -1);
  return [...lines.slice(0, most - 1), `${last}…`];
}

/** One code as a picture for somebody's own design, with its quiet zone. */
export async function codePicture(link: string, format: 'svg' | 'png'): Promise<Buffer> {
  const options = { errorCorrectionLevel: 'M', margin: QUIET } as const;
  if (format === 'svg') return Buffer.from(await QRCode.toString(link, { ...options, type: 'svg' }));
  return QRCode.toBuffer(link, { ...options, type: 'png', scale: 12 });
}

import { create, type Font } from 'fontkit';
import { printedFont, type FontWeight } from '../fonts.ts';

export interface Pen {
  /** The width of a text, in the units of `size`. */
  width(text: string, size: number): number;
  /** As an SVG path whose baseline begins at (x, y). */
  path(text: string, at: { x: number; y: number; size: number; fill: string }): string;
  /** In lines no wider than `width`; what does not fit into `lines` ends in an ellipsis. */
  wrap(text: string, box: { size: number; width: number; lines: number }): string[];
}

/** Marks that do not stand at the beginning of a line (GB/T 15834, 5.1.10). */
const NO_START = new Set('，。、；：？！）》」』”’…,.;:?!)]}%');

const fonts = new Map<FontWeight, Promise<Font>>();

/**
 * Draws text as paths: a fresh machine has no Chinese font, and a picture must not depend on what is installed. The
 * font is read once, when the first picture is drawn (0.2 s).
 */
export async function penFor(weight: FontWeight): Promise<Pen> {
  const font = await (fonts.get(weight) ?? load(weight));
  const scale = (size: number) => size / font.unitsPerEm;
  const known = (text: string) => [...text].filter((char) => font.hasGlyphForCodePoint(char.codePointAt(0)!));
  const layout = (text: string) => font.layout(known(text).join(''));

  const pen: Pen = {
    width: (text, size) => layout(text).advanceWidth * scale(size),

    path(text, { x, y, size, fill }) {
      const run = layout(text);
      const factor = scale(size);
      let at = 0;
      const shapes = run.glyphs.map((glyph, index) => {
        const shape = `<path transform="translate(${at} 0)" d="${glyph.path.toSVG()}"/>`;
        at += run.positions[index]!.xAdvance;
        return shape;
      });
      return `<g fill="${fill}" transform="translate(${x} ${y}) scale(${factor} ${-factor})">${shapes.join('')}</g>`;
    },

    wrap(text, { size, width, lines }) {
      const made: string[] = [];
      let line = '';
      for (const piece of pieces(text)) {
        if (line === '' || pen.width(line + piece, size) <= width || NO_START.has(piece)) {
          line += piece;
          continue;
        }
        made.push(line.trimEnd());
        line = piece.trimStart();
      }
      if (line.trim() !== '') made.push(line.trimEnd());
      if (made.length <= lines) return made;
      const kept = made.slice(0, lines);
      let last = kept[lines - 1]!;
      while (last !== '' && pen.width(`${last}…`, size) > width) last = [...last].slice(0, -1).join('');
      kept[lines - 1] = `${last}…`;
      return kept;
    },
  };
  return pen;
}

/** Chinese breaks anywhere, other scripts between words. */
function pieces(text: string): string[] {
  return text.match(/[\p{Script=Han}\p{P}\u3000-\u303f]|[^\p{Script=Han}\p{P}\s\u3000-\u303f]+|\s+/gu) ?? [];
}

function load(weight: FontWeight): Promise<Font> {
  const loading = printedFont(weight).then((bytes) => create(bytes));
  fonts.set(weight, loading);
  // One that failed is tried again.
  loading.catch(() => fonts.delete(weight));
  return loading;
}

import QRCode from 'qrcode';
import sharp from 'sharp';
import { penFor, type Pen } from './text.ts';

/** What a card says. Everything is text already. */
export interface CardContent {
  /** A picture that sharp can read: a file's path. */
  cover: string;
  kicker: string;
  title: string;
  /** Under the title: a time, a place. */
  line: string;
  /** A price, large; none for a live. */
  price?: string | undefined;
  brand: string;
  /** Beside the code. */
  scan: string;
  /** Where the code leads. */
  url: string;
}

export const CARD = { width: 1080, height: 1440 } as const;

const COVER_HEIGHT = 880;
const EDGE = 64;
const CODE = 236;
const PAPER = '#f7f4ec';
const INK = '#17332b';
const MUTED = '#54675f';
const PRICE = '#b5421a';

/** A picture to be passed on, 1080 by 1440: cover, title, what and when, and a code that leads there. PNG. */
export async function drawCard(content: CardContent): Promise<Buffer> {
  const [bold, plain] = await Promise.all([penFor(700), penFor(400)]);
  const cover = await sharp(content.cover, { density: 144 })
    .resize(CARD.width, COVER_HEIGHT, { fit: 'cover' })
    .png()
    .toBuffer();
  const words = Buffer.from(svgOf(content, { bold, plain }));
  return sharp({ create: { ...CARD, channels: 3, background: PAPER } })
    .composite([
      { input: cover, left: 0, top: 0 },
      { input: words, left: 0, top: 0 },
    ])
    .png({ palette: true, quality: 92, compressionLevel: 9 })
    .toBuffer();
}

function svgOf(content: CardContent, { bold, plain }: { bold: Pen; plain: Pen }): string {
  const width = CARD.width - 2 * EDGE;
  const parts: string[] = [];
  const kicker = bold.width(content.kicker, 34) + 56;
  const top = COVER_HEIGHT;
  parts.push(
    `<rect x="${EDGE}" y="${top - 34}" width="${kicker}" height="68" rx="34" fill="#1f4d3f"/>`,
    bold.path(content.kicker, { x: EDGE + 28, y: top + 12, size: 34, fill: '#ffffff' }),
  );
  const lines = bold.wrap(content.title, { size: 62, width, lines: 2 });
  lines.forEach((line, index) =>
    parts.push(bold.path(line, { x: EDGE, y: top + 130 + index * 82, size: 62, fill: INK })),
  );
  const below = top + 130 + (lines.length - 1) * 82;
  const beside = { size: 36, width: width - CODE - 40, lines: content.price === undefined ? 2 : 1 };
  plain
    .wrap(content.line, beside)
    .forEach((line, index) =>
      parts.push(plain.path(line, { x: EDGE, y: below + 72 + index * 52, size: 36, fill: MUTED })),
    );
  if (content.price !== undefined) {
    parts.push(bold.path(content.price, { x: EDGE, y: below + 158, size: 68, fill: PRICE }));
  }
  const foot = CARD.height - EDGE;
  parts.push(
    bold.path(content.brand, { x: EDGE, y: foot - 4, size: 44, fill: '#1f4d3f' }),
    plain.path(content.scan, {
      x: EDGE + bold.width(content.brand, 44) + 28,
      y: foot - 6,
      size: 30,
      fill: MUTED,
    }),
    codeOf(content.url, { x: CARD.width - EDGE - CODE, y: foot - CODE + 12 }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD.width}" height="${CARD.height}">${parts.join('')}</svg>`;
}

/** Error correction M, with the quiet zone of four modules that scanners ask for (ISO/IEC 18004). */
function codeOf(url: string, at: { x: number; y: number }): string {
  const { modules } = QRCode.create(url, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const unit = CODE / (size + 8);
  const cells: string[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (modules.get(row, column)) cells.push(`M${column + 4} ${row + 4}h1v1h-1z`);
    }
  }
  return (
    `<rect x="${at.x}" y="${at.y}" width="${CODE}" height="${CODE}" rx="16" fill="#ffffff"/>` +
    `<path transform="translate(${at.x} ${at.y}) scale(${unit})" shape-rendering="crispEdges" fill="#17332b" d="${cells.join('')}"/>`
  );
}

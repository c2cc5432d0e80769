import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

const inflateAsync = promisify(inflate);
const require = createRequire(import.meta.url);

export type FontWeight = 400 | 700;

const fonts = new Map<FontWeight, Promise<Buffer>>();

/**
 * The printed face, Chinese and Latin, as TrueType. Unpacked here once per process: a PDF writer that is given the
 * packed file unpacks it in JavaScript for every glyph, which takes seconds for a line of text.
 */
export function printedFont(weight: FontWeight): Promise<Buffer> {
  const known = fonts.get(weight);
  if (known) return known;
  const file = `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`;
  const font = readFile(require.resolve(file)).then(unpackWoff);
  fonts.set(weight, font);
  font.catch(() => fonts.delete(weight));
  return font;
}

const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

/** WOFF 1.0 (W3C, 2012) to the sfnt file that it was made of. @throws RangeError for anything else */
export async function unpackWoff(woff: Buffer): Promise<Buffer> {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new RangeError('not a WOFF file');
  const count = woff.readUInt16BE(12);
  const tables = await Promise.all(
    Array.from({ length: count }, async (_item, index) => {
      const entry = WOFF_HEADER + index * WOFF_ENTRY;
      const [offset, packed, length, checksum] = [4, 8, 12, 16].map((at) =>
        woff.readUInt32BE(entry + at),
      ) as [number, number, number, number];
      const stored = woff.subarray(offset, offset + packed);
      const data = packed < length ? await inflateAsync(stored, { maxOutputLength: length }) : stored;
      return { tag: woff.subarray(entry, entry + 4), checksum, data };
    }),
  );

  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY);
  woff.copy(header, 0, 4, 8);
  const power = 2 ** Math.floor(Math.log2(count));
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(power * SFNT_ENTRY, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((count - power) * SFNT_ENTRY, 10);
  const parts: Uint8Array[] = [header];
  let place = header.length;
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = SFNT_HEADER + index * SFNT_ENTRY;
    tag.copy(header, entry);
    header.writeUInt32BE(checksum, entry + 4);
    header.writeUInt32BE(place, entry + 8);
    header.writeUInt32BE(data.length, entry + 12);
    const padding = (4 - (data.length % 4)) % 4;
    parts.push(data, Buffer.alloc(padding));
    place += data.length + padding;
  }
  return Buffer.concat(parts);
}

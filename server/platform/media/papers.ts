import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';

/** Longest side in pixels in which a photographed paper is kept: small print stays readable. */
const MAX_SIDE = 2400;
const MAX_PIXELS = 50_000_000;

export const MAX_PAPER_BYTES = 8 * 1024 * 1024;

export interface Papers {
  folder: string;
  /**
   * Keeps a scanned paper under a new name: a PDF as it is, a picture decoded and written anew.
   *
   * @returns its address
   * @throws AppError `unsupported_file` for anything else
   */
  store(bytes: Buffer): Promise<string>;
}

/** PDFs and pictures of documents. What they are is decided by what is in them, never by a name or a header. */
export function createPapers(dataDir: string): Papers {
  const folder = join(dataDir, 'papers');
  return {
    folder,
    async store(bytes) {
      const [kept, ending] = isPdf(bytes) ? [bytes, 'pdf'] : [await picture(bytes), 'webp'];
      await mkdir(folder, { recursive: true });
      const name = `${newId()}.${ending}`;
      await writeFile(join(folder, `${name}.part`), kept);
      await rename(join(folder, `${name}.part`), join(folder, name));
      return `/papers/${name}`;
    },
  };
}

/** ISO 32000-2, 7.5.2 and 7.5.5: a header at the very beginning, an end marker near the end. */
function isPdf(bytes: Buffer): boolean {
  return (
    /^%PDF-[12]\.\d/.test(bytes.subarray(0, 8).toString('latin1')) && bytes.subarray(-2048).includes('%%EOF')
  );
}

async function picture(bytes: Buffer): Promise<Buffer> {
  try {
    const { format } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    // SVG is a program for a renderer, not a photograph.
    if (!['jpeg', 'png', 'webp', 'avif', 'heif'].includes(format)) throw new AppError('unsupported_file');
    return await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .rotate()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('unsupported_file', { cause });
  }
}

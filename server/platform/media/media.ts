import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Assets, Picture } from '../views/index.ts';

/** Widths in pixels in which an uploaded picture is kept. */
const WIDTHS = [320, 640, 1280] as const;

/** 50 megapixels: more than any phone's camera, less than a decompression bomb. */
const MAX_PIXELS = 50_000_000;

const PREFIX = 'media:';

export interface Media {
  folder: string;
  /**
   * Keeps a picture under a new name, decoded and written anew in every width: nothing of the uploaded bytes, its
   * metadata or its place of taking is served again.
   *
   * @returns the reference to store, `media:<id>.<width>x<height>`
   * @throws AppError `unsupported_image`
   */
  store(bytes: Buffer): Promise<string>;
  /** A stored reference or a path below public/img as an <img> needs it. */
  picture(reference: string): Picture;
}

export function createMedia(dataDir: string, assets: Assets): Media {
  const folder = join(dataDir, 'media');
  return {
    folder,
    async store(bytes) {
      await mkdir(folder, { recursive: true });
      const id = newId();
      const size = await writeSizes(bytes, join(folder, id));
      return `${PREFIX}${id}.${size.width}x${size.height}`;
    },
    picture(reference) {
      const match = /^media:([a-z0-9]+)\.(\d+)x(\d+)$/.exec(reference);
      if (!match) return assets.picture(reference);
      const [, id, width, height] = match;
      const address = (size: number) => `/media/${id}-${size}.webp`;
      return {
        src: address(640),
        srcset: WIDTHS.map((size) => `${address(size)} ${size}w`).join(', '),
        width: Number(width),
        height: Number(height),
      };
    },
  };
}

async function writeSizes(bytes: Buffer, path: string): Promise<{ width: number; height: number }> {
  try {
    const upright = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).rotate();
    const { format } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    // SVG and PDF are programs for a renderer, not photographs.
    if (!['jpeg', 'png', 'webp', 'avif', 'heif', 'gif'].includes(format))
      throw new AppError('unsupported_image');
    let size = { width: 0, height: 0 };
    for (const width of WIDTHS) {
      const { data, info } = await upright
        .clone()
        .resize({ width, withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer({ resolveWithObject: true });
      await writeFile(`${path}-${width}.webp.part`, data);
      await rename(`${path}-${width}.webp.part`, `${path}-${width}.webp`);
      size = { width: info.width, height: info.height };
    }
    return size;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('unsupported_image', { cause });
  }
}

import readCode from 'jsqr';
import sharp from 'sharp';
import type { LabelArea } from './pdf.ts';

type ReadCode = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

const MM = 25.4;
const DPI = 406;

/** What is in mm, in dots: a reader of SVG that knows no dpi would make something else of it. */
function dotsOf(svg: Uint8Array): Buffer {
  const text = Buffer.from(svg).toString();
  const [, width = '', height = ''] = /width="([\d.]+)mm" height="([\d.]+)mm"/.exec(text)!;
  const px = (mm: string) => Math.round((Number(mm) / MM) * DPI);
  return Buffer.from(
    text.replace(/width="[^"]+" height="[^"]+"/, `width="${px(width)}" height="${px(height)}"`),
  );
}

/** A picture of labels, SVG or PNG, as whoever prints it sees it: in mm at 406 dpi. */
export async function openPicture(bytes: Uint8Array) {
  const text = Buffer.from(bytes.subarray(0, 300)).toString();
  const dots = text.startsWith('<svg') ? dotsOf(bytes) : bytes;
  const { data, info } = await sharp(dots, { density: 72, unlimited: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    /** What a QR code within an area says; undefined when none can be read. */
    async code({ x, y, width, height }: LabelArea): Promise<string | undefined> {
      const dots = (mm: number) => Math.floor((mm / MM) * DPI);
      const raw = { width: info.width, height: info.height, channels: 4 } as const;
      const part = await sharp(data, { raw })
        .extract({
          left: dots(x),
          top: dots(y),
          width: Math.min(dots(width), info.width - dots(x)),
          height: Math.min(dots(height), info.height - dots(y)),
        })
        .toColourspace('srgb')
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const pixels = new Uint8ClampedArray(part.data);
      return (readCode as unknown as ReadCode)(pixels, part.info.width, part.info.height)?.data;
    },
  };
}

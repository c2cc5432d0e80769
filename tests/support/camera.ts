import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 4;

/** Makes the browser's camera show one film over and over, and lets every page use it. */
export const cameraArgs = (film: string) => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${film}`,
];

/**
 * Films a printed picture as somebody holds it before a camera: smaller than the frame, not quite straight, not quite
 * sharp, in grey light.
 */
export async function filmOf(picture: Buffer, file: string): Promise<void> {
  const held = await sharp(picture)
    .resize({ height: 480, fit: 'inside' })
    .flatten({ background: '#fff' })
    .rotate(7, { background: '#b9b4a8' })
    .blur(0.8)
    .toBuffer();
  const grey = await sharp({
    create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#b9b4a8' },
  })
    .composite([{ input: held, gravity: 'centre' }])
    .grayscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const step = grey.info.channels;
  const luma = Buffer.alloc(WIDTH * HEIGHT);
  for (let at = 0; at < luma.length; at += 1) luma[at] = grey.data[at * step]!;
  const colourless = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`);
  const frame = [Buffer.from('FRAME\n'), luma, colourless];
  await writeFile(file, Buffer.concat([head, ...Array.from({ length: FRAMES }, () => frame).flat()]));
}

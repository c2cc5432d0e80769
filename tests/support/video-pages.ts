import type { Page } from 'playwright-core';

/**
 * A camera that shows the clock: 24 bits of its milliseconds, black and white, on a colour that changes. Its microphone
 * is unplugged while the page's storage says `no-voice`.
 */
export const CLOCK_CAMERA = camera({ size: 1, everyMs: 33 }, '');

/**
 * The same before leaves in the wind: a picture that needs every bit that it is given, and so large that the studio
 * makes a smaller copy, too.
 */
export const RUSTLING_CAMERA = camera(
  { size: 1.5, everyMs: 66 },
  `
  const leaves = new ImageData(320, 160);
  const wind = new Uint32Array(leaves.data.buffer);
  for (let at = 0; at < wind.length; at += 1) wind[at] = (Math.random() * 0xffffff) | 0xff000000;
  pen.putImageData(leaves, 320, 240);`,
);

function camera({ size, everyMs }: { size: number; everyMs: number }, more: string): string {
  return `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640 * ${size}, height: 360 * ${size} });
  const pen = canvas.getContext('2d', { alpha: false });
  pen.scale(${size}, ${size});
  const draw = () => {
    pen.fillStyle = 'hsl(' + ((Date.now() / 20) % 360) + ' 60% 40%)';
    pen.fillRect(0, 0, 640, 360);
    const now = Date.now() % 2 ** 24;
    for (let bit = 0; bit < 24; bit += 1) {
      pen.fillStyle = (now >> bit) & 1 ? '#fff' : '#000';
      pen.fillRect(8 + bit * 26, 20, 26, 60);
    }
    ${more}
  };
  setInterval(draw, ${everyMs});
  draw();
  const voice = () => {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const out = context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    return out.stream.getAudioTracks();
  };
  const devices = {
    getUserMedia: async (wish) => {
      const stream = canvas.captureStream(30);
      const speaks = wish.audio && !localStorage.getItem('no-voice');
      if (speaks) for (const track of voice()) stream.addTrack(track);
      return stream;
    },
    enumerateDevices: async () => [],
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: devices });
})()`;
}

/** Milliseconds between now and the clock in the picture; undefined while there is no picture. */
export async function pictureDelay(page: Page): Promise<number | undefined> {
  const delay = await page.evaluate<number | null>(`(() => {
    const video = document.querySelector('video[data-video]');
    if (!video.videoWidth) return null;
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const pen = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    pen.drawImage(video, 0, 0, 640, 360);
    let then = 0;
    for (let bit = 0; bit < 24; bit += 1) {
      if (pen.getImageData(8 + bit * 26 + 13, 50, 1, 1).data[0] > 128) then |= 1 << bit;
    }
    return ((Date.now() % 2 ** 24) - then + 2 ** 24) % 2 ** 24;
  })()`);
  return delay ?? undefined;
}

/** The middle of so many readings. */
export async function medianDelay(page: Page, readings: number): Promise<number> {
  const found: number[] = [];
  while (found.length < readings) {
    const delay = await pictureDelay(page);
    if (delay !== undefined) found.push(delay);
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
  }
  return found.toSorted((a, b) => a - b)[Math.floor(readings / 2)]!;
}

/** How wide the pictures are that it plays; 0 while it plays none. */
export const pictureWidth = (page: Page) =>
  page.evaluate<number>(`document.querySelector('video[data-video]').videoWidth`);

export const playedSeconds = (page: Page) =>
  page.evaluate<number>(`document.querySelector('video[data-video]').currentTime`);

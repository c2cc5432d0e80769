/** Reads QR codes through a camera: by the browser itself where it can, else by a reader that is loaded for it. */

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorMaker {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

type Look = (video: HTMLVideoElement) => Promise<string | undefined>;

/** The same code is not taken again while it stays before the camera, in ms. */
const SAME_CODE_MS = 2_500;
/** Between two looks through the camera, in ms. */
const LOOK_MS = 150;
/** Wide enough for the small modules of a label, small enough to be read in time. */
const LOOK_WIDTH = 960;

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * Opens the camera on the back of the phone and hands on every code that comes before it, one after the other.
 *
 * @returns what stops it
 * @throws when there is no camera, or it may not be used
 */
export async function watchForCodes(
  video: HTMLVideoElement,
  take: (code: string) => Promise<void>,
): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1920 } },
    audio: false,
  });
  let running = true;
  const stop = () => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    const [look] = await Promise.all([createLook(), video.play()]);
    // Not before the caller holds what stops it: the first code may be there at once.
    setTimeout(() => void watch(look));
  } catch (error) {
    stop();
    throw error;
  }

  async function watch(look: Look) {
    let last = { code: '', at: 0 };
    while (running) {
      const code = await look(video);
      const isNew = code !== last.code || performance.now() - last.at > SAME_CODE_MS;
      if (running && code !== undefined && isNew) await take(code);
      if (code !== undefined) last = { code, at: performance.now() };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  return stop;
}

async function createLook(): Promise<Look> {
  const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  // There are browsers that know the name and nothing behind it.
  const formats: string[] | undefined = await Maker?.getSupportedFormats().catch(() => []);
  if (Maker && formats?.includes('qr_code')) {
    const detector = new Maker({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue;
  }
  const { default: readCode } = await import('jsqr');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (video) => {
    if (video.videoWidth === 0) return Promise.resolve(undefined);
    canvas.width = Math.min(LOOK_WIDTH, video.videoWidth);
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return Promise.resolve(
      readCode(data, width, height, { inversionAttempts: 'dontInvert' })?.data || undefined,
    );
  };
}

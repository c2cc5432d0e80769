/** Camera and microphone, or the screen, as frames and pieces of sound with one clock: µs since the page began. */

export interface Wish {
  source: 'camera' | 'screen';
  camera?: string | undefined;
  microphone?: string | undefined;
  facing: 'user' | 'environment';
}

const LONG_SIDE = 1280;

/** @throws DOMException `NotAllowedError`, `NotFoundError` and their like, as the browser says it */
export async function openSource({ source, camera, microphone, facing }: Wish): Promise<MediaStream> {
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(microphone ? { deviceId: { exact: microphone } } : {}),
  };
  if (source === 'screen') {
    const screen = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { max: 30 }, width: { max: 1920 } },
      audio: true,
    });
    // A screen has seldom a sound of its own; what the host says belongs to it.
    if (screen.getAudioTracks().length > 0) return screen;
    const voice = await navigator.mediaDevices.getUserMedia({ audio }).catch(() => undefined);
    for (const track of voice?.getAudioTracks() ?? []) screen.addTrack(track);
    return screen;
  }
  const isPortrait = window.matchMedia('(orientation: portrait)').matches;
  const [width, height] = isPortrait ? [720, LONG_SIDE] : [LONG_SIDE, 720];
  return navigator.mediaDevices.getUserMedia({
    audio,
    video: {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: 30, max: 30 },
      ...(camera ? { deviceId: { exact: camera } } : { facingMode: facing }),
    },
  });
}

interface Processor {
  readable: ReadableStream<unknown>;
}
type ProcessorMaker = new (init: { track: MediaStreamTrack }) => Processor;

const processor = () => (window as { MediaStreamTrackProcessor?: ProcessorMaker }).MediaStreamTrackProcessor;

const nowUs = () => Math.round(performance.now() * 1000);

/** Gives each frame, which the taker closes. `preview` plays the same stream. @returns a way to stop */
export function readFrames(
  track: MediaStreamTrack,
  preview: HTMLVideoElement,
  take: (frame: VideoFrame, atUs: number) => void,
): () => void {
  const Processor = processor();
  if (Processor) {
    return readStream(new Processor({ track }).readable as ReadableStream<VideoFrame>, (frame) =>
      take(frame, nowUs()),
    );
  }
  let stopped = false;
  const next = () => {
    if (stopped) return;
    if (preview.videoWidth > 0) {
      const atUs = nowUs();
      take(new VideoFrame(preview, { timestamp: atUs }), atUs);
    }
    preview.requestVideoFrameCallback(next);
  };
  preview.requestVideoFrameCallback(next);
  return () => void (stopped = true);
}

export interface Sound {
  /** Interleaved. */
  data: Float32Array;
  channels: number;
  sampleRate: number;
}

const BLOCK = 2_048;

/** Gives sound as it comes, always in two channels of the context's rate. @returns a way to stop */
export function readSound(track: MediaStreamTrack, take: (sound: Sound, atUs: number) => void): () => void {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  const source = context.createMediaStreamSource(new MediaStream([track]));
  // Deprecated, and the only one of its kind that needs no file of its own and is in every browser.
  const node = context.createScriptProcessor(BLOCK, 2, 2);
  node.addEventListener('audioprocess', ({ inputBuffer }) => {
    const [left, right] = [inputBuffer.getChannelData(0), inputBuffer.getChannelData(1)];
    const data = new Float32Array(left.length * 2);
    for (let index = 0; index < left.length; index += 1) {
      data[2 * index] = left[index]!;
      data[2 * index + 1] = right[index]!;
    }
    // It was spoken a block before it is handed over.
    const lengthUs = (left.length * 1_000_000) / inputBuffer.sampleRate;
    take({ data, channels: 2, sampleRate: inputBuffer.sampleRate }, nowUs() - lengthUs);
  });
  source.connect(node);
  node.connect(context.destination);
  void context.resume();
  return () => {
    node.disconnect();
    source.disconnect();
    void context.close();
  };
}

function readStream<T>(stream: ReadableStream<T>, take: (value: T) => void): () => void {
  const reader = stream.getReader();
  let stopped = false;
  void (async () => {
    while (!stopped) {
      const { done, value } = await reader.read();
      if (done) return;
      take(value);
    }
  })().catch(() => {});
  return () => {
    stopped = true;
    void reader.cancel().catch(() => {});
  };
}

import type { PublishedAudio, PublishedVideo } from '../../../server/video/watch.events.ts';
import type { Sound } from './capture.ts';

export interface Encoded {
  timestampUs: number;
  durationUs: number;
  key: boolean;
  data: Uint8Array;
}

const KEY_EVERY_US = 1_000_000;
/** Baseline, levels 3.1 and 4: every phone decodes it, and no picture waits for a later one. */
const CODECS = ['avc1.42E01F', 'avc1.42E028', 'avc1.4D401F', 'avc1.64001F'];

export const canEncode = () => typeof VideoEncoder === 'function' && typeof VideoFrame === 'function';

export interface VideoEncoding {
  push(frame: VideoFrame, atUs: number): void;
  /** The next picture stands by itself. */
  wantKey(): void;
  bitrate(bits: number): void;
  /** Frames that wait: more than a few, and the machine does not keep up. */
  waiting(): number;
  close(): void;
}

interface VideoOptions {
  longSide: number;
  bitrate: number;
  frameRate: number;
  config(config: PublishedVideo): void;
  out(encoded: Encoded): void;
  dropped(): void;
  failed(): void;
}

/** Encodes pictures as H.264; begins anew when their size changes (a phone that is turned). */
export function encodeVideo(options: VideoOptions): VideoEncoding {
  let bits = options.bitrate;
  let wantsKey = true;
  let lastKeyUs = -Infinity;
  let lastUs = -Infinity;
  let size = '';
  let codec: string | undefined;
  let choosing = false;

  const encoder = new VideoEncoder({
    output(chunk, meta) {
      const decoder = meta?.decoderConfig;
      if (decoder?.description) {
        const { width, height } = shape(size);
        const description = base64(bytesOf(decoder.description));
        options.config({ codec: decoder.codec, description, width, height });
      }
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      const durationUs = Math.round(1_000_000 / options.frameRate);
      options.out({ timestampUs: chunk.timestamp, durationUs, key: chunk.type === 'key', data });
    },
    error: () => options.failed(),
  });

  function configOf(name: string): VideoEncoderConfig {
    return {
      ...{ codec: name, ...shape(size), bitrate: bits, framerate: options.frameRate },
      ...{ latencyMode: 'realtime', avc: { format: 'avc' } },
    };
  }

  async function choose() {
    choosing = true;
    const wanted = size;
    for (const name of CODECS) {
      const { supported } = await VideoEncoder.isConfigSupported(configOf(name)).catch(() => ({
        supported: false,
      }));
      if (!supported) continue;
      choosing = false;
      if (size === wanted && encoder.state !== 'closed') {
        codec = name;
        encoder.configure(configOf(name));
        wantsKey = true;
      }
      return;
    }
    options.failed();
  }

  return {
    push(frame, atUs) {
      const now = sizeOf(frame, options.longSide);
      if (now !== size && !choosing) {
        size = now;
        codec = undefined;
        void choose();
      }
      const early = atUs - lastUs < 900_000 / options.frameRate - 4_000;
      if (!codec || early || encoder.state !== 'configured') return frame.close();
      if (encoder.encodeQueueSize > 3) {
        options.dropped();
        return frame.close();
      }
      lastUs = atUs;
      const keyFrame = wantsKey || atUs - lastKeyUs >= KEY_EVERY_US - 5_000;
      if (keyFrame) {
        wantsKey = false;
        lastKeyUs = atUs;
      }
      const timed = new VideoFrame(frame, { timestamp: atUs });
      frame.close();
      encoder.encode(timed, { keyFrame });
      timed.close();
    },
    wantKey: () => void (wantsKey = true),
    bitrate(next) {
      if (Math.abs(next - bits) / bits < 0.05) return;
      bits = next;
      if (codec && encoder.state === 'configured') encoder.configure(configOf(codec));
    },
    waiting: () => encoder.encodeQueueSize,
    close() {
      if (encoder.state !== 'closed') encoder.close();
    },
  };
}

/** Even numbers, the longer side bounded. */
function sizeOf({ displayWidth, displayHeight }: VideoFrame, longSide: number): string {
  const factor = Math.min(1, longSide / Math.max(displayWidth, displayHeight));
  const even = (side: number) => Math.max(16, Math.round((side * factor) / 2) * 2);
  return `${even(displayWidth)}x${even(displayHeight)}`;
}

function shape(size: string): { width: number; height: number } {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
}

export interface SoundEncoding {
  push(sound: Sound, atUs: number): void;
  close(): void;
}

const SOUND_BITS = 96_000;
/** A sound card's clock is followed by whole jumps only, which nobody hears once an hour. */
const DRIFT_US = 120_000;

/** AAC by the browser where it can, else by a library of its own that is fetched now. */
export async function encodeSound(options: {
  config(config: PublishedAudio): void;
  out(encoded: Encoded): void;
}): Promise<SoundEncoding> {
  const { AudioSample, AudioSampleSource, canEncodeAudio, Mp4OutputFormat, NullTarget, Output } =
    await import('mediabunny');
  if (!(await canEncodeAudio('aac', { numberOfChannels: 2, sampleRate: 48_000, bitrate: SOUND_BITS }))) {
    const { registerAacEncoder } = await import('@mediabunny/aac-encoder');
    registerAacEncoder();
  }
  const source = new AudioSampleSource({
    codec: 'aac',
    bitrate: SOUND_BITS,
    onEncodedPacket(packet, meta) {
      const decoder = meta?.decoderConfig;
      if (decoder?.description) {
        options.config({
          codec: 'mp4a.40.2',
          description: base64(bytesOf(decoder.description)),
          sampleRate: decoder.sampleRate,
          channels: decoder.numberOfChannels,
        });
      }
      options.out({
        timestampUs: Math.round(packet.timestamp * 1_000_000) + offsetUs,
        durationUs: Math.round(packet.duration * 1_000_000),
        key: true,
        data: packet.data,
      });
    },
  });
  // Only the packets are wanted; the file that they would make goes nowhere.
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 30 }),
    target: new NullTarget(),
  });
  output.addAudioTrack(source);
  await output.start();
  let offsetUs = 0;
  let frames = 0;
  let begun = false;
  let work: Promise<void> = Promise.resolve();
  let waiting = 0;

  return {
    push({ data, channels, sampleRate }, atUs) {
      const playedUs = (frames * 1_000_000) / sampleRate;
      if (!begun || Math.abs(atUs - offsetUs - playedUs) > DRIFT_US) offsetUs = Math.round(atUs - playedUs);
      begun = true;
      if (waiting > 50) return;
      const timestamp = frames / sampleRate;
      frames += data.length / channels;
      const sample = new AudioSample({
        ...{ data, format: 'f32' as const, numberOfChannels: channels, sampleRate, timestamp },
      });
      waiting += 1;
      work = work
        .then(() => source.add(sample))
        .catch(() => {})
        .finally(() => {
          sample.close();
          waiting -= 1;
        });
    },
    close: () => void output.cancel().catch(() => {}),
  };
}

function bytesOf(data: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

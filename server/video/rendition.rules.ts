import { codecsOf, fragment, initSegment, rateOf, type Sample } from './mp4.rules.ts';
import type { Tracks } from './ingest.rules.ts';

/** What viewers may choose: the pictures as they come, a smaller copy of them, or the sound alone. */
export const RENDITIONS = ['high', 'low', 'sound'] as const;
export type RenditionName = (typeof RENDITIONS)[number];

/** A beginning: everything after it, up to the next one, is played by this initialisation segment. */
export interface Beginning {
  /** Counts beginnings of a live. */
  number: number;
  bytes: Buffer;
  codecs: string;
  width: number;
  height: number;
}

export interface Fragment {
  beginning: Beginning;
  bytes: Buffer;
  /** Media time, in µs since the live's first picture here. */
  startUs: number;
  durationUs: number;
  /** Playing can begin here. */
  key: boolean;
}

/** How much is sent at once, in µs: what a fragment costs per viewer against what it adds to the delay. */
const BATCH_US = 100_000;
/** Sound alone has smaller frames, and nobody sees its delay. */
const SOUND_BATCH_US = 200_000;
/** Bounds a batch of sound while no picture comes. */
const LATE_US = 2 * BATCH_US;

export type Rendition = ReturnType<typeof createRendition>;

/** Packs samples into fragments. @param tell is given each fragment as soon as it is full */
export function createRendition(tell: (fragment: Fragment) => void) {
  let beginning: Beginning | undefined;
  let tracks: Tracks = {};
  let video: Sample[] = [];
  let audio: Sample[] = [];
  let sequence = 0;

  function flush() {
    const first = video[0] ?? audio[0];
    if (!first || !beginning) return;
    const main = video.length > 0 ? video : audio;
    const last = main.at(-1)!;
    const content = {
      sequence: ++sequence,
      video,
      audio,
      audioRate: tracks.audio ? rateOf(tracks.audio) : 48_000,
    };
    const startUs = first.decodeUs;
    tell({
      beginning,
      bytes: fragment(content),
      startUs,
      durationUs: Math.max(1, last.decodeUs + last.durationUs - startUs),
      key: tracks.video ? (video[0]?.key ?? false) : true,
    });
    video = [];
    audio = [];
  }

  return {
    get beginning() {
      return beginning;
    },
    begin(number: number, next: Tracks) {
      flush();
      tracks = next;
      beginning = {
        number,
        bytes: initSegment(next),
        codecs: codecsOf(next),
        width: next.video?.width ?? 0,
        height: next.video?.height ?? 0,
      };
    },
    /** Nothing comes any more. */
    stop() {
      flush();
      beginning = undefined;
      tracks = {};
    },
    picture(sample: Sample) {
      if (!tracks.video) return;
      const full = video.length > 0 && sample.decodeUs - video[0]!.decodeUs >= BATCH_US;
      if (sample.key || full) flush();
      video.push(sample);
      // A whole batch is there with its last picture, not when the next one comes.
      if (sample.decodeUs + sample.durationUs - video[0]!.decodeUs >= BATCH_US) flush();
    },
    sound(sample: Sample) {
      if (!tracks.audio) return;
      audio.push(sample);
      const limit = tracks.video ? LATE_US : SOUND_BATCH_US;
      if (video.length === 0 && sample.decodeUs + sample.durationUs - audio[0]!.decodeUs >= limit) flush();
    },
  };
}

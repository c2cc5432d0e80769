import type { AudioTrackConfig } from './ingest.rules.ts';

/**
 * A voice that is gone is silence, not a track less: players cannot go on when the number of tracks changes, neither in
 * the room nor in the replay. Nothing is encoded for it, the frames are always the same.
 */

/** Where a live has had no sound yet: AAC-LC, 48 kHz, two channels (AudioSpecificConfig of ISO/IEC 14496-3). */
export const SILENCE: AudioTrackConfig = {
  codec: 'mp4a.40.2',
  description: Uint8Array.of(0x11, 0x90),
  sampleRate: 48_000,
  channels: 2,
};

const AAC_SAMPLES = 1_024;
const AAC_FRAMES: Record<number, Uint8Array> = {
  1: Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80),
  2: Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80),
};
/** One frame of 20 ms, CELT, full band (RFC 6716, section 3.1). */
const OPUS_FRAME = Uint8Array.of(0xf8, 0xff, 0xfe);
const OPUS_US = 20_000;

/** Behind the pictures by more: there was a break, which is not filled up. */
const BREAK_US = 1_000_000;

export interface Quiet {
  startUs: number;
  durationUs: number;
  data: Uint8Array;
}

/** Frames of silence that keep up with pictures. @param like the sound that was there before, whose track goes on */
export function createSilence(like: AudioTrackConfig | undefined) {
  const config = like ?? SILENCE;
  const data = config.codec === 'opus' ? OPUS_FRAME : AAC_FRAMES[config.channels]!;
  const frameUs = config.codec === 'opus' ? OPUS_US : (AAC_SAMPLES * 1_000_000) / config.sampleRate;
  let nextUs: number | undefined;

  return {
    config,
    /** @param fromUs where nothing is yet @param toUs the end of the pictures so far */
    upTo(fromUs: number, toUs: number): Quiet[] {
      if (nextUs === undefined || fromUs - nextUs > BREAK_US) nextUs = fromUs;
      const frames: Quiet[] = [];
      while (nextUs < toUs) {
        const startUs = Math.round(nextUs);
        nextUs += frameUs;
        frames.push({ startUs, durationUs: Math.round(nextUs) - startUs, data });
      }
      return frames;
    },
  };
}

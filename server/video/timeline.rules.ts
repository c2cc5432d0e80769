import type { AudioTrackConfig, VideoTrackConfig } from './ingest.rules.ts';

/** What may come in, and where on a live's own timeline it belongs. Times in µs. */

/** Two pictures of 60 a second and sound of 94 a second, twice over after a stall. */
export const MAX_PACKETS_PER_SECOND = 1_000;
/** Of one picture. */
export const MAX_PACKET_BYTES = 2_000_000;
const MAX_SIDE = 1_920;
const MAX_DESCRIPTION = 4_096;

/** Ahead of the clock: it cannot have been seen yet. */
const AHEAD_US = 2_000_000;
/** A line that stalled for longer is begun anew rather than waited for. */
const BEHIND_US = 10_000_000;

/**
 * What is added to a publisher's times. It stays as it is while they go with the clock; a publisher that begins, or
 * whose times jump, is put where the clock is, after everything that was there.
 */
export function anchorFor(
  anchor: number | undefined,
  timestampUs: number,
  { nowUs, endUs }: { nowUs: number; endUs: number },
): number {
  if (anchor !== undefined) {
    const offUs = timestampUs + anchor - nowUs;
    if (offUs < AHEAD_US && offUs > -BEHIND_US) return anchor;
  }
  return Math.max(endUs, nowUs) - timestampUs;
}

/** H.264 of eight bits with its configuration, lengths of four bytes, and a size that phones decode. */
export function fitsVideo({ description, width, height }: VideoTrackConfig): boolean {
  const sides = [width, height].every((side) => Number.isInteger(side) && side >= 16 && side <= MAX_SIDE);
  return (
    sides &&
    description.length >= 7 &&
    description.length <= MAX_DESCRIPTION &&
    description[0] === 1 &&
    (description[4]! & 3) === 3
  );
}

/** With the codec that the configuration itself says: encoders call it otherwise, and playlists must be exact. */
export function exactVideo(video: VideoTrackConfig): VideoTrackConfig {
  const bytes = [...video.description.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return { ...video, codec: `avc1.${bytes.join('').toUpperCase()}` };
}

export function fitsAudio({ codec, description, sampleRate, channels }: AudioTrackConfig): boolean {
  const known = codec === 'opus' ? description.length >= 11 : description.length >= 2;
  return (
    known &&
    description.length <= 64 &&
    Number.isInteger(sampleRate) &&
    sampleRate >= 8_000 &&
    sampleRate <= 48_000 &&
    (channels === 1 || channels === 2)
  );
}

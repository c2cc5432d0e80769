import type { AudioTrackConfig, Ingest, Packet, VideoTrackConfig } from '../ingest.rules.ts';

/** A picture or sound whose length is not known, as most ways on air do not say it. */
export type LoosePacket = Omit<Packet, 'durationUs'> & { durationUs?: number };

/** How long the second track is waited for, in media time. */
const WAIT_US = 1_000_000;
const MAX_WAITING = 200;
const FIRST_FRAME_US = 33_333;
const LONGEST_FRAME_US = 1_000_000;
const AAC_FRAME_SAMPLES = 1024;
/** RTMP counts in whole milliseconds; what is off by more than this was not rounding. */
const ROUNDING_US = 20_000;

/**
 * Between an encoder and the bus: holds packets back until both tracks have introduced themselves (for a second at
 * most), begins at a key frame, and gives packets the lengths that encoders leave out.
 */
export function createFeed(ingest: Pick<Ingest, 'configure' | 'push'>) {
  const tracks: { video?: VideoTrackConfig; audio?: AudioTrackConfig } = {};
  let waiting: LoosePacket[] | undefined = [];
  let videoBegan = false;
  let lastVideo: { decodeUs: number; durationUs: number } | undefined;
  let nextAudioUs: number | undefined;

  function pass(packet: LoosePacket) {
    if (packet.track === 'video') {
      if (!tracks.video) return;
      videoBegan ||= packet.key;
      if (videoBegan) ingest.push({ ...packet, durationUs: packet.durationUs ?? videoLength(packet) });
    } else if (tracks.audio) {
      ingest.push(inStep(packet, tracks.audio));
    }
  }

  /** The length of the picture before, as the one after is not there yet. */
  function videoLength(packet: LoosePacket): number {
    const decodeUs = packet.decodeUs ?? packet.timestampUs;
    const step = lastVideo ? decodeUs - lastVideo.decodeUs : FIRST_FRAME_US;
    const durationUs = step > 0 && step < LONGEST_FRAME_US ? step : (lastVideo?.durationUs ?? FIRST_FRAME_US);
    lastVideo = { decodeUs, durationUs };
    return durationUs;
  }

  /** AAC frames follow each other without a gap: rounded times are put back in step, a real jump is kept. */
  function inStep(packet: LoosePacket, { codec, sampleRate }: AudioTrackConfig): Packet {
    if (codec === 'opus') return { ...packet, durationUs: packet.durationUs ?? 20_000 };
    const durationUs = Math.round((AAC_FRAME_SAMPLES * 1_000_000) / sampleRate);
    const off = nextAudioUs === undefined ? Infinity : packet.timestampUs - nextAudioUs;
    const inTime = Math.abs(off) <= ROUNDING_US;
    // A thirty-second part of what is off: an encoder whose clocks differ is followed without a step to be heard.
    const timestampUs = inTime ? Math.round(nextAudioUs! + off / 32) : packet.timestampUs;
    nextAudioUs = timestampUs + durationUs;
    return { ...packet, timestampUs, durationUs };
  }

  function release() {
    const held = waiting ?? [];
    waiting = undefined;
    ingest.configure({ ...tracks });
    for (const packet of held) pass(packet);
  }

  function introduced() {
    if (waiting === undefined) ingest.configure({ ...tracks });
    else if (tracks.video && tracks.audio) release();
  }

  return {
    video(config: VideoTrackConfig) {
      if (tracks.video && sameBytes(tracks.video.description, config.description)) return;
      tracks.video = config;
      videoBegan = false;
      introduced();
    },
    audio(config: AudioTrackConfig) {
      if (tracks.audio && sameBytes(tracks.audio.description, config.description)) return;
      tracks.audio = config;
      nextAudioUs = undefined;
      introduced();
    },
    push(packet: LoosePacket) {
      if (waiting === undefined) return pass(packet);
      if (!tracks[packet.track]) return;
      waiting.push(packet);
      const waited = packet.timestampUs - waiting[0]!.timestampUs;
      if (waited >= WAIT_US || waiting.length >= MAX_WAITING) release();
    },
  };
}

export type Feed = ReturnType<typeof createFeed>;

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

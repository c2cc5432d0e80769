import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAudioTag, readVideoTag } from '../../server/video/encoders/flv.rules.ts';
import type { AudioTrackConfig, Packet, VideoTrackConfig } from '../../server/video/ingest.rules.ts';
import { ROOT } from '../../server/platform/root.ts';

export interface Tape {
  video: VideoTrackConfig;
  audio: AudioTrackConfig;
  packets: Packet[];
}

const VIDEO_US = Math.round(1_000_000 / 15);
const AUDIO_US = Math.round((1024 * 1_000_000) / 48_000);

/** Six seconds of a test card of 160 by 90 at 15 pictures a second, a key frame each second, and a tone. */
export function readTape(): Tape {
  const file = readFileSync(join(ROOT, 'tests/support/fixtures/market.flv'));
  let video: VideoTrackConfig | undefined;
  let audio: AudioTrackConfig | undefined;
  const packets: Packet[] = [];
  for (let at = 13; at + 11 < file.length;) {
    const type = file[at];
    const length = file.readUIntBE(at + 1, 3);
    const timestamp = file.readUIntBE(at + 4, 3);
    const body = file.subarray(at + 11, at + 11 + length);
    const read =
      type === 9 ? readVideoTag(body, timestamp) : type === 8 ? readAudioTag(body, timestamp) : undefined;
    if (read?.kind === 'video_config') video = read.config;
    if (read?.kind === 'audio_config') audio = read.config;
    if (read?.kind === 'packet') {
      packets.push({ ...read.packet, durationUs: read.packet.track === 'video' ? VIDEO_US : AUDIO_US });
    }
    at += 11 + length + 4;
  }
  if (!video || !audio) throw new Error('the tape has no tracks');
  return { video, audio, packets };
}

/** The tape over and over: packet number `n`, with its time. */
export function tapeAt(tape: Tape, n: number): Packet {
  const round = Math.floor(n / tape.packets.length);
  const packet = tape.packets[n % tape.packets.length]!;
  const shift = round * 6_000_000;
  const { decodeUs = packet.timestampUs } = packet;
  return { ...packet, timestampUs: packet.timestampUs + shift, decodeUs: decodeUs + shift };
}

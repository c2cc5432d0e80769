import type { AudioTrackConfig, Packet, VideoTrackConfig } from '../ingest.rules.ts';
import { avcFromRecord, joinUnits, NAL, nalType, splitUnits } from './h264.rules.ts';

/**
 * The bodies of RTMP's audio and video messages ("FLV tags": Adobe, "Video File Format", 2010, annex E; enhanced RTMP
 * of 2023 for the fourcc form), as configurations and packets of the bus.
 */

/** Why an encoder is sent away: it sends what no browser here plays. */
export type FlvFault = 'video_codec' | 'audio_codec' | 'malformed';

export type FlvRead =
  | { kind: 'video_config'; config: VideoTrackConfig }
  | { kind: 'audio_config'; config: AudioTrackConfig }
  | { kind: 'packet'; packet: Omit<Packet, 'durationUs'> }
  | { kind: 'nothing' }
  | { kind: 'fault'; fault: FlvFault };

const NOTHING: FlvRead = { kind: 'nothing' };
const fault = (reason: FlvFault): FlvRead => ({ kind: 'fault', fault: reason });

const H264 = 7;
const AAC = 10;
const KEY = 1;
const COMMAND = 5;

/** @param dtsMs when the picture is decoded; it is shown later by the composition time that the tag carries */
export function readVideoTag(body: Uint8Array, dtsMs: number): FlvRead {
  const first = body[0];
  if (first === undefined) return NOTHING;
  const tag = first & 0x80 ? enhancedTag(body) : plainTag(body);
  if (typeof tag === 'string') return fault(tag);
  if (tag.part === 'config') {
    const avc = avcFromRecord(tag.data);
    return avc ? { kind: 'video_config', config: avc } : fault('video_codec');
  }
  if (tag.part === 'other' || tag.frame === COMMAND) return NOTHING;
  const units = splitUnits(tag.data);
  if (!units) return fault('malformed');
  const data = joinUnits(units);
  if (data.length === 0) return NOTHING;
  // Some encoders call every intra picture a key frame; only an IDR is one to begin at.
  const key = tag.frame === KEY && units.some((unit) => nalType(unit) === NAL.idr);
  const timestampUs = Math.max(0, dtsMs + tag.compositionMs) * 1000;
  return { kind: 'packet', packet: { track: 'video', timestampUs, decodeUs: dtsMs * 1000, key, data } };
}

interface VideoTag {
  part: 'config' | 'picture' | 'other';
  frame: number;
  compositionMs: number;
  data: Uint8Array;
}

function plainTag(body: Uint8Array): VideoTag | FlvFault {
  const frame = body[0]! >> 4;
  if ((body[0]! & 0x0f) !== H264) return 'video_codec';
  if (body.length < 5) return 'malformed';
  const part = body[1] === 0 ? 'config' : body[1] === 1 ? 'picture' : 'other';
  return { part, frame, compositionMs: readInt24(body, 2), data: body.subarray(5) };
}

/** The fourcc form: H.264 may come in it too; HEVC, AV1 and VP9 are what it was made for, and are refused. */
function enhancedTag(body: Uint8Array): VideoTag | FlvFault {
  const frame = (body[0]! >> 4) & 0x07;
  const kind = body[0]! & 0x0f;
  if (String.fromCharCode(...body.subarray(1, 5)) !== 'avc1') return 'video_codec';
  const frames = kind === 1 || kind === 3;
  const compositionMs = kind === 1 && body.length >= 8 ? readInt24(body, 5) : 0;
  const part = kind === 0 ? 'config' : frames ? 'picture' : 'other';
  return { part, frame, compositionMs, data: body.subarray(kind === 1 ? 8 : 5) };
}

/** @param tsMs when the sound begins */
export function readAudioTag(body: Uint8Array, tsMs: number): FlvRead {
  const first = body[0];
  if (first === undefined) return NOTHING;
  if (first >> 4 !== AAC) return fault('audio_codec');
  const data = body.subarray(2);
  if (body[1] === 0) {
    const config = aacConfig(data);
    return config ? { kind: 'audio_config', config } : fault('audio_codec');
  }
  if (body[1] !== 1 || data.length === 0) return NOTHING;
  return { kind: 'packet', packet: { track: 'audio', timestampUs: tsMs * 1000, key: true, data } };
}

const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
] as const;
const AAC_LC = 2;

/** An AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1); undefined for anything but AAC-LC in one or two channels. */
export function aacConfig(description: Uint8Array): AudioTrackConfig | undefined {
  if (description.length < 2 || description.length > 64) return undefined;
  const type = description[0]! >> 3;
  const sampleRate = SAMPLE_RATES[((description[0]! & 0x07) << 1) | (description[1]! >> 7)];
  const channels = (description[1]! >> 3) & 0x0f;
  if (type !== AAC_LC || sampleRate === undefined || channels < 1 || channels > 2) return undefined;
  return { codec: 'mp4a.40.2', description: Uint8Array.from(description), sampleRate, channels };
}

const readInt24 = (bytes: Uint8Array, at: number) =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8)) >> 8;

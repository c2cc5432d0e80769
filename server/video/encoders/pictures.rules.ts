import { avcFromSets, joinUnits, NAL, nalType, type Avc } from './h264.rules.ts';
import type { Ordered } from './rtp.rules.ts';

/** H.264 in RTP (RFC 6184, packetization modes 0 and 1) put together into pictures. */

export interface Picture {
  /** RTP's, of 90 kHz and 32 bits. */
  timestamp: number;
  key: boolean;
  /** Length-prefixed units without parameter sets. */
  data: Uint8Array;
  /** The configuration, with the first picture that uses it. */
  config?: Avc;
}

const MAX_PICTURE_BYTES = 4 * 1024 * 1024;
const MAX_UNITS = 512;

/**
 * Packets in order in, whole pictures out. After a loss nothing comes out until the next key frame: a picture made
 * from a broken one is worse than one that stands still for a moment.
 */
export function createPictures() {
  let units: Uint8Array[] = [];
  let fragments: Uint8Array[] | undefined;
  let bytes = 0;
  let timestamp: number | undefined;
  let broken = true;
  let spoilt = false;
  let sps: Uint8Array | undefined;
  let pps: Uint8Array | undefined;
  let fresh = false;

  function clear() {
    units = [];
    fragments = undefined;
    bytes = 0;
    spoilt = false;
  }

  function keep(unit: Uint8Array) {
    bytes += unit.length;
    if (bytes > MAX_PICTURE_BYTES || units.length === MAX_UNITS) spoilt = true;
    else if (unit.length > 0) units.push(unit);
  }

  function takeFragment(payload: Uint8Array) {
    if (payload.length < 3) return;
    const mark = payload[1]!;
    if (mark & 0x80) fragments = [Buffer.of((payload[0]! & 0xe0) | (mark & 0x1f))];
    if (!fragments) {
      spoilt = true;
      return;
    }
    bytes += payload.length;
    if (bytes > MAX_PICTURE_BYTES) spoilt = true;
    else fragments.push(payload.subarray(2));
    if (mark & 0x40) {
      const unit = Buffer.concat(fragments);
      fragments = undefined;
      bytes -= unit.length;
      keep(unit);
    }
  }

  function takePayload(payload: Uint8Array) {
    const type = nalType(payload);
    if (type === NAL.fuA) takeFragment(payload);
    else if (type === NAL.stapA) {
      for (let at = 1; at + 2 < payload.length;) {
        const length = (payload[at]! << 8) | payload[at + 1]!;
        if (length === 0 || at + 2 + length > payload.length) {
          spoilt = true;
          return;
        }
        keep(payload.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
    } else if (type >= 1 && type <= 23) keep(payload);
  }

  function finish(): Picture | undefined {
    const whole = units;
    const damaged = spoilt || fragments !== undefined;
    const at = timestamp ?? 0;
    clear();
    if (damaged) broken = true;
    if (damaged || whole.length === 0) return undefined;
    for (const unit of whole) {
      if (nalType(unit) === NAL.sps) [sps, fresh] = [Uint8Array.from(unit), true];
      if (nalType(unit) === NAL.pps) [pps, fresh] = [Uint8Array.from(unit), true];
    }
    const key = whole.some((unit) => nalType(unit) === NAL.idr);
    if (broken && !key) return undefined;
    const config = fresh && sps && pps ? avcFromSets(sps, pps) : undefined;
    // Sets that make no configuration are not played; a key frame before any is not either.
    if (fresh && sps && pps && !config) return undefined;
    if (!sps || !pps) return undefined;
    const data = joinUnits(whole);
    if (data.length === 0) return undefined;
    fresh = false;
    broken = false;
    return { timestamp: at, key, data, ...(config ? { config } : {}) };
  }

  return {
    take({ packet, afterGap }: Ordered): Picture[] {
      const out: Picture[] = [];
      const push = (picture: Picture | undefined) => void (picture && out.push(picture));
      if (afterGap) {
        clear();
        broken = true;
      }
      if (timestamp !== undefined && packet.timestamp !== timestamp && units.length > 0) push(finish());
      timestamp = packet.timestamp;
      takePayload(packet.payload);
      if (packet.marker) push(finish());
      return out;
    },
    /** Whether it waits for a key frame. */
    waits: () => broken,
  };
}

/** Microseconds of sound in an Opus packet (RFC 6716, 3.1); undefined for what is none. */
export function opusLength(payload: Uint8Array): number | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  const config = first >> 3;
  const frame =
    config < 12
      ? [10_000, 20_000, 40_000, 60_000][config & 3]!
      : config < 16
        ? [10_000, 20_000][config & 1]!
        : [2_500, 5_000, 10_000, 20_000][config & 3]!;
  const code = first & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (payload[1] ?? 0) & 0x3f;
  const length = frame * frames;
  return length > 0 && length <= 120_000 ? length : undefined;
}

/** OpusHead (RFC 7845, 5.1) for two channels, as browsers send them. */
export const OPUS_HEAD = Uint8Array.from([
  ...[0x4f, 0x70, 0x75, 0x73, 0x48, 0x65, 0x61, 0x64, 1, 2],
  ...[0x38, 0x01, 0x80, 0xbb, 0x00, 0x00, 0x00, 0x00, 0x00],
]);

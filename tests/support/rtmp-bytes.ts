import { encodeAmf0, type AmfWord } from '../../server/video/encoders/amf.rules.ts';

/** What an encoder sends, put together by hand from the specification. */
export const CHUNK = 4096;

export interface Sent {
  type: number;
  timestamp?: number;
  stream?: number;
  payload: Uint8Array;
  chunkStream?: number;
  /** Size that chunks are cut at; 128 until another was announced. */
  size?: number;
}

/** A message with a whole header, cut into chunks. */
export function chunked({
  type,
  timestamp = 0,
  stream = 1,
  payload,
  chunkStream = 4,
  size = CHUNK,
}: Sent): Buffer {
  const extended = timestamp >= 0xff_ff_ff;
  const head = Buffer.alloc(12);
  head[0] = chunkStream;
  head.writeUIntBE(extended ? 0xff_ff_ff : timestamp, 1, 3);
  head.writeUIntBE(payload.length, 4, 3);
  head[7] = type;
  head.writeUInt32LE(stream, 8);
  const more = Buffer.alloc(extended ? 4 : 0);
  if (extended) more.writeUInt32BE(timestamp);
  const parts: Uint8Array[] = [head, more];
  for (let at = 0; at < payload.length; at += size) {
    if (at > 0) parts.push(Buffer.of(0xc0 | chunkStream), more);
    parts.push(payload.subarray(at, at + size));
  }
  return Buffer.concat(parts);
}

export const HELLO = Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 7)]);
export const ECHO = Buffer.alloc(1536, 8);

export function command(values: AmfWord[], stream = 0): Buffer {
  return chunked({ type: 20, stream, payload: encodeAmf0(values), chunkStream: 3 });
}

export function chunkSize(size: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(size);
  return chunked({ type: 1, stream: 0, payload, chunkStream: 2 });
}

export const CONNECT = command(['connect', 1, { app: 'live', type: 'nonprivate', tcUrl: 'rtmp://x/live' }]);
export const CREATE = command(['createStream', 2, null]);
export const publish = (key: string) => command(['publish', 3, null, key, 'live'], 1);

/** A picture of 322 by 182, baseline, as x264 describes it: cropped, and with emulation prevention in it. */
export const SPS = Buffer.from('6742c00dd901519e226c0440000003004000000f03c50a92', 'hex');
export const PPS = Buffer.from('68cb83cb20', 'hex');

export function avcRecord(sps: Uint8Array = SPS, pps: Uint8Array = PPS): Buffer {
  return Buffer.concat([
    Buffer.of(1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1, 0, sps.length),
    sps,
    Buffer.of(1, 0, pps.length),
    pps,
  ]);
}

export const unit = (type: number, length: number) =>
  Buffer.concat([Buffer.of(0x60 | type), Buffer.alloc(length, 1)]);

export function prefixed(...units: Uint8Array[]): Buffer {
  return Buffer.concat(
    units.flatMap((one) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(one.length);
      return [length, one];
    }),
  );
}

export const videoHeader = Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), avcRecord()]);
export const audioHeader = Buffer.of(0xaf, 0, 0x12, 0x10);
export const videoTag = (key: boolean, units: Uint8Array, compositionMs = 0) =>
  Buffer.concat([
    Buffer.of(
      key ? 0x17 : 0x27,
      1,
      (compositionMs >> 16) & 0xff,
      (compositionMs >> 8) & 0xff,
      compositionMs & 0xff,
    ),
    units,
  ]);
export const audioTag = (length = 64) => Buffer.concat([Buffer.of(0xaf, 1), Buffer.alloc(length, 2)]);

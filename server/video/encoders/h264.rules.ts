/**
 * What must be known of H.264 (ITU-T H.264, ISO/IEC 14496-15) to carry it: sizes from the sequence parameter set, and
 * the decoder configuration ("avcC") from the sets. Nothing here decodes a picture.
 */

export const NAL = { idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, stapA: 24, fuA: 28 } as const;

export interface Avc {
  /** RFC 6381, e.g. avc1.42C01F. */
  codec: string;
  /** AVCDecoderConfigurationRecord. */
  description: Uint8Array;
  width: number;
  height: number;
}

const MAX_SET_BYTES = 512;
/** More than any encoder of a village sends, less than what would make a browser ill. */
const MAX_SIDE = 4096;

export const nalType = (nal: Uint8Array) => (nal[0] ?? 0) & 0x1f;

/** The configuration that a pair of parameter sets makes; undefined for sets that make none. */
export function avcFromSets(sps: Uint8Array, pps: Uint8Array): Avc | undefined {
  if (sps.length < 4 || sps.length > MAX_SET_BYTES || pps.length < 1 || pps.length > MAX_SET_BYTES) {
    return undefined;
  }
  const size = sizeOf(sps);
  if (!size) return undefined;
  const head = Buffer.of(1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1, sps.length >> 8, sps.length & 0xff);
  const middle = Buffer.of(1, pps.length >> 8, pps.length & 0xff);
  // High profiles name colour and depth at the end; ours is always 4:2:0 in 8 bits, which is checked in `sizeOf`.
  const tail = isHigh(sps[1]!) ? Buffer.of(0xfd, 0xf8, 0xf8, 0) : Buffer.alloc(0);
  return { ...size, codec: codecOf(sps), description: Buffer.concat([head, sps, middle, pps, tail]) };
}

/** A configuration record as an encoder sent it, made anew from its first sets. */
export function avcFromRecord(record: Uint8Array): Avc | undefined {
  if (record.length < 7 || record[0] !== 1) return undefined;
  // We write lengths in four bytes and hand on what came: other lengths are refused.
  if ((record[4]! & 0x03) !== 3) return undefined;
  if ((record[5]! & 0x1f) < 1) return undefined;
  const sps = sized(record, 6);
  if (!sps) return undefined;
  // Further sequence sets are rare and never used by an encoder of one size: the first counts.
  let at = sps.next;
  for (let more = (record[5]! & 0x1f) - 1; more > 0; more -= 1) {
    const skipped = sized(record, at);
    if (!skipped) return undefined;
    at = skipped.next;
  }
  if ((record[at] ?? 0) < 1) return undefined;
  const pps = sized(record, at + 1);
  return pps && avcFromSets(sps.bytes, pps.bytes);
}

function sized(bytes: Uint8Array, at: number): { bytes: Uint8Array; next: number } | undefined {
  if (at + 2 > bytes.length) return undefined;
  const next = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
  return next <= bytes.length ? { bytes: bytes.subarray(at + 2, next), next } : undefined;
}

/** The units of a picture in length-prefixed form; undefined when a length leads out of it. */
export function splitUnits(data: Uint8Array): Uint8Array[] | undefined {
  const units: Uint8Array[] = [];
  for (let at = 0; at < data.length;) {
    if (at + 4 > data.length) return undefined;
    const length = new DataView(data.buffer, data.byteOffset + at, 4).getUint32(0);
    if (length === 0 || at + 4 + length > data.length) return undefined;
    units.push(data.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return units;
}

/** Units as one picture in length-prefixed form, without what the configuration says already. */
export function joinUnits(units: readonly Uint8Array[]): Uint8Array {
  const kept = units.filter((unit) => !LEFT_OUT.has(nalType(unit)));
  const out = Buffer.alloc(kept.reduce((sum, unit) => sum + 4 + unit.length, 0));
  let at = 0;
  for (const unit of kept) {
    out.writeUInt32BE(unit.length, at);
    out.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return out;
}

const LEFT_OUT = new Set<number>([NAL.sps, NAL.pps, NAL.delimiter, NAL.sei]);

function codecOf(sps: Uint8Array): string {
  const hex = [sps[1]!, sps[2]!, sps[3]!].map((byte) => byte.toString(16).padStart(2, '0'));
  return `avc1.${hex.join('').toUpperCase()}`;
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);
const isHigh = (profile: number) => HIGH_PROFILES.has(profile);

/** Width and height after cropping (7.3.2.1.1); undefined for what no browser plays. */
function sizeOf(sps: Uint8Array): { width: number; height: number } | undefined {
  if (nalType(sps) !== NAL.sps) return undefined;
  const bits = bitReader(withoutEmulation(sps.subarray(4)));
  bits.golomb(); // seq_parameter_set_id
  if (isHigh(sps[1]!)) {
    const chroma = bits.golomb();
    const depths = [bits.golomb(), bits.golomb()];
    if (chroma !== 1 || depths.some((depth) => depth !== 0)) return undefined;
    bits.skip(1);
    if (bits.take() === 1) skipScaling(bits);
  }
  bits.golomb(); // log2_max_frame_num_minus4
  skipPictureOrder(bits);
  bits.golomb(); // max_num_ref_frames
  bits.skip(1);
  const mbWide = bits.golomb() + 1;
  const mapUnitsHigh = bits.golomb() + 1;
  const framesOnly = bits.take();
  if (framesOnly === 0) bits.skip(1);
  bits.skip(1);
  const cropped = bits.take() === 1;
  const [left, right, top, bottom] = cropped
    ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()]
    : [0, 0, 0, 0];
  if (bits.spent()) return undefined;
  const width = mbWide * 16 - 2 * (left + right);
  const height = (2 - framesOnly) * (mapUnitsHigh * 16 - 2 * (top + bottom));
  const fits = (side: number) => side >= 16 && side <= MAX_SIDE;
  return fits(width) && fits(height) ? { width, height } : undefined;
}

type Bits = ReturnType<typeof bitReader>;

function skipPictureOrder(bits: Bits) {
  const kind = bits.golomb();
  if (kind === 0) bits.golomb();
  if (kind !== 1) return;
  bits.skip(1);
  bits.golomb();
  bits.golomb();
  const cycle = Math.min(bits.golomb(), 255);
  for (let index = 0; index < cycle; index += 1) bits.golomb();
}

function skipScaling(bits: Bits) {
  for (let list = 0; list < 8; list += 1) {
    if (bits.take() === 0) continue;
    let last = 8;
    let next = 8;
    for (let index = 0; index < (list < 6 ? 16 : 64); index += 1) {
      if (next !== 0) {
        const code = bits.golomb();
        const delta = code % 2 === 1 ? (code + 1) / 2 : -code / 2;
        next = (last + delta + 256) % 256;
      }
      last = next === 0 ? last : next;
    }
  }
}

/** 00 00 03 -> 00 00 (7.4.1.1). */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (const byte of bytes) {
    const guarded = byte === 3 && out.length >= 2 && out.at(-1) === 0 && out.at(-2) === 0;
    // The mark itself is dropped, and no longer counts as what stands before the next byte.
    if (guarded) out.push(-1);
    else out.push(byte);
  }
  return Uint8Array.from(out.filter((byte) => byte >= 0));
}

/** Past the end every bit is 0, and `spent` says that it came to that. */
function bitReader(bytes: Uint8Array) {
  let at = 0;
  const take = () => {
    const bit = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
    at += 1;
    return bit;
  };
  return {
    take,
    skip: (count: number) => void (at += count),
    /** Exp-Golomb, at most 31 bits. */
    golomb() {
      let zeros = 0;
      while (zeros < 32 && at < bytes.length * 8 && take() === 0) zeros += 1;
      let value = 0;
      for (let index = 0; index < Math.min(zeros, 31); index += 1) value = value * 2 + take();
      return 2 ** Math.min(zeros, 31) - 1 + value;
    },
    spent: () => at > bytes.length * 8,
  };
}

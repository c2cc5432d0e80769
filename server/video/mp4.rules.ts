import type { AudioTrackConfig, Tracks, VideoTrackConfig } from './ingest.rules.ts';

/**
 * Fragmented MP4 (ISO/IEC 14496-12; H.264 by 14496-15, AAC by 14496-14, Opus by "Encapsulation of Opus in ISO Base
 * Media File Format"). Only what browsers need to play what comes while it comes: a fragment each 100 ms, which
 * muxers made for files do not write.
 */

export const VIDEO_TRACK = 1;
export const AUDIO_TRACK = 2;
const VIDEO_TIMESCALE = 90_000;

export interface Sample {
  /** When it is shown and when it is decoded, in µs. */
  timestampUs: number;
  decodeUs: number;
  durationUs: number;
  key: boolean;
  data: Uint8Array;
}

export interface FragmentContent {
  sequence: number;
  video: readonly Sample[];
  audio: readonly Sample[];
  audioRate: number;
}

/** The initialisation segment: what the tracks are, and no picture yet. */
export function initSegment(tracks: Tracks): Buffer {
  const traks: Buffer[] = [];
  const trexs: Buffer[] = [];
  if (tracks.video) {
    traks.push(videoTrak(tracks.video));
    trexs.push(trex(VIDEO_TRACK));
  }
  if (tracks.audio) {
    traks.push(audioTrak(tracks.audio));
    trexs.push(trex(AUDIO_TRACK));
  }
  const ftyp = box('ftyp', text('iso6'), u32(0), text('iso6'), text('cmfc'), text('mp41'));
  return Buffer.concat([ftyp, box('moov', mvhd(), ...traks, box('mvex', ...trexs))]);
}

/** One `moof` with its `mdat`: samples of each track in decoding order. */
export function fragment({ sequence, video, audio, audioRate }: FragmentContent): Buffer {
  const runs = [
    { id: VIDEO_TRACK, timescale: VIDEO_TIMESCALE, samples: video },
    { id: AUDIO_TRACK, timescale: audioRate, samples: audio },
  ].filter(({ samples }) => samples.length > 0);
  const mfhd = fullBox('mfhd', 0, 0, u32(sequence));
  // Offsets are counted from the moof's beginning, so that its length must be known first; it depends on counts only.
  const headBytes = 8 + mfhd.length + runs.reduce((sum, { samples }) => sum + trafBytes(samples.length), 0);
  let offset = headBytes + 8;
  const trafs = runs.map(({ id, timescale, samples }) => {
    const made = traf({ id, timescale, samples, offset });
    offset += bytesOf(samples);
    return made;
  });
  const payload = runs.flatMap(({ samples }) => samples.map(({ data }) => data));
  const mdatHead = Buffer.concat([u32(offset - headBytes), text('mdat')]);
  return Buffer.concat([box('moof', mfhd, ...trafs), mdatHead, ...payload]);
}

const bytesOf = (samples: readonly Sample[]) => samples.reduce((sum, { data }) => sum + data.length, 0);

const TFHD_BYTES = 16;
const TFDT_BYTES = 20;
const TRUN_HEAD_BYTES = 20;
const trafBytes = (count: number) => 8 + TFHD_BYTES + TFDT_BYTES + TRUN_HEAD_BYTES + 16 * count;

const SYNC_SAMPLE = 0x02_00_00_00;
const OTHER_SAMPLE = 0x01_01_00_00;

function traf(run: { id: number; timescale: number; samples: readonly Sample[]; offset: number }): Buffer {
  const { id, timescale, samples, offset } = run;
  const ticks = (us: number) => Math.round((us * timescale) / 1_000_000);
  const table = Buffer.alloc(16 * samples.length);
  samples.forEach((sample, index) => {
    const from = ticks(sample.decodeUs);
    // To the next one's beginning, so that rounding leaves no gap.
    const to = ticks(samples[index + 1]?.decodeUs ?? sample.decodeUs + sample.durationUs);
    table.writeUInt32BE(Math.max(1, to - from), index * 16);
    table.writeUInt32BE(sample.data.length, index * 16 + 4);
    table.writeUInt32BE(sample.key ? SYNC_SAMPLE : OTHER_SAMPLE, index * 16 + 8);
    table.writeInt32BE(ticks(sample.timestampUs) - from, index * 16 + 12);
  });
  return box(
    'traf',
    fullBox('tfhd', 0, 0x02_00_00, u32(id)),
    fullBox('tfdt', 1, 0, u64(ticks(samples[0]!.decodeUs))),
    fullBox('trun', 1, 0x0f_01, u32(samples.length), u32(offset), table),
  );
}

/** RFC 6381 of what is in it, as playlists and MediaSource want it. */
export function codecsOf(tracks: Tracks): string {
  return [tracks.video?.codec, tracks.audio?.codec].filter(Boolean).join(',');
}

function videoTrak(video: VideoTrackConfig): Buffer {
  const entry = box(
    'avc1',
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(video.width),
    u16(video.height),
    u32(0x00_48_00_00),
    u32(0x00_48_00_00),
    u32(0),
    u16(1),
    Buffer.alloc(32),
    u16(0x18),
    u16(0xffff),
    box('avcC', video.description),
  );
  return trak({
    id: VIDEO_TRACK,
    timescale: VIDEO_TIMESCALE,
    handler: 'vide',
    header: fullBox('vmhd', 0, 1, Buffer.alloc(8)),
    entry,
    ...video,
  });
}

function audioTrak(audio: AudioTrackConfig): Buffer {
  const timescale = rateOf(audio);
  const entry = box(
    audio.codec === 'opus' ? 'Opus' : 'mp4a',
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(8),
    u16(audio.channels),
    u16(16),
    u32(0),
    u32(timescale * 65_536),
    audio.codec === 'opus' ? dOps(audio) : esds(audio.description),
  );
  return trak({
    id: AUDIO_TRACK,
    timescale,
    handler: 'soun',
    header: fullBox('smhd', 0, 0, u32(0)),
    entry,
    width: 0,
    height: 0,
  });
}

/** Samples a second of the track's clock; Opus always counts in 48 kHz. */
export const rateOf = (audio: AudioTrackConfig) => (audio.codec === 'opus' ? 48_000 : audio.sampleRate);

interface Trak {
  id: number;
  timescale: number;
  handler: string;
  header: Buffer;
  entry: Buffer;
  width: number;
  height: number;
}

function trak({ id, timescale, handler, header, entry, width, height }: Trak): Buffer {
  const volume = handler === 'soun' ? 0x0100 : 0;
  return box(
    'trak',
    fullBox(
      'tkhd',
      0,
      3,
      ...[u32(0), u32(0), u32(id), u32(0), u32(0), Buffer.alloc(8), u16(0), u16(0), u16(volume), u16(0)],
      ...[MATRIX, u32(width * 65_536), u32(height * 65_536)],
    ),
    box(
      'mdia',
      fullBox('mdhd', 0, 0, u32(0), u32(0), u32(timescale), u32(0), u16(0x55c4), u16(0)),
      fullBox('hdlr', 0, 0, u32(0), text(handler), Buffer.alloc(13)),
      box(
        'minf',
        header,
        box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
        box(
          'stbl',
          fullBox('stsd', 0, 0, u32(1), entry),
          fullBox('stts', 0, 0, u32(0)),
          fullBox('stsc', 0, 0, u32(0)),
          fullBox('stsz', 0, 0, u32(0), u32(0)),
          fullBox('stco', 0, 0, u32(0)),
        ),
      ),
    ),
  );
}

function mvhd(): Buffer {
  return fullBox(
    'mvhd',
    0,
    0,
    ...[u32(0), u32(0), u32(1000), u32(0), u32(0x00_01_00_00), u16(0x0100), Buffer.alloc(10)],
    ...[MATRIX, Buffer.alloc(24), u32(AUDIO_TRACK + 1)],
  );
}

const trex = (id: number) => fullBox('trex', 0, 0, u32(id), u32(1), u32(0), u32(0), u32(0));

function esds(config: Uint8Array): Buffer {
  const descriptor = (tag: number, ...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.of(tag, 0x80, 0x80, 0x80, body.length), body]);
  };
  const decoder = descriptor(
    0x04,
    ...[Buffer.of(0x40, 0x15, 0, 0, 0), u32(0), u32(0)],
    descriptor(0x05, config),
  );
  return fullBox(
    'esds',
    0,
    0,
    descriptor(0x03, u16(0), Buffer.of(0), decoder, descriptor(0x06, Buffer.of(2))),
  );
}

/** From OpusHead (RFC 7845, 5.1), whose numbers are little-endian. */
function dOps({ description, channels }: AudioTrackConfig): Buffer {
  const head = Buffer.from(description);
  const preSkip = head.length >= 12 ? head.readUInt16LE(10) : 312;
  const rate = head.length >= 16 ? head.readUInt32LE(12) : 48_000;
  return box('dOps', Buffer.of(0, channels), u16(preSkip), u32(rate), u16(0), Buffer.of(0));
}

const MATRIX = Buffer.concat([0x00_01_00_00, 0, 0, 0, 0x00_01_00_00, 0, 0, 0, 0x40_00_00_00].map(u32));

function box(type: string, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([u32(length), text(type), ...parts], length);
}

function fullBox(type: string, version: number, flags: number, ...parts: Uint8Array[]): Buffer {
  return box(type, u32(version * 0x01_00_00_00 + flags), ...parts);
}

function text(value: string): Buffer {
  return Buffer.from(value, 'latin1');
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value % 0x1_00_00_00_00);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

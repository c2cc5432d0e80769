import { describe, expect, test } from 'vitest';
import { decodeAmf0, encodeAmf0 } from '../../server/video/encoders/amf.rules.ts';
import { createChunkReader, MESSAGE, writeMessage } from '../../server/video/encoders/chunks.rules.ts';
import { createConversation, type Asked } from '../../server/video/encoders/conversation.rules.ts';
import { aacConfig, readAudioTag, readVideoTag } from '../../server/video/encoders/flv.rules.ts';
import { avcFromRecord, avcFromSets, joinUnits, splitUnits } from '../../server/video/encoders/h264.rules.ts';
import { createRandom, forSeeds, type Random } from '../support/random.ts';
import {
  audioHeader,
  audioTag,
  avcRecord,
  CHUNK,
  chunked,
  chunkSize,
  command,
  CONNECT,
  CREATE,
  ECHO,
  HELLO,
  PPS,
  prefixed,
  publish,
  SPS,
  unit,
  videoHeader,
  videoTag,
} from '../support/rtmp-bytes.ts';

const noise = (random: Random, length: number) =>
  Buffer.from(Array.from({ length }, () => random.int(0, 255)));

/** Some bytes turned into others. */
function damaged(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let turn = random.int(1, 6); turn > 0; turn -= 1) {
    copy[random.int(0, copy.length - 1)] = random.int(0, 255);
  }
  return random.int(0, 3) === 0 ? copy.subarray(0, random.int(0, copy.length)) : copy;
}

/** The same bytes in pieces of any size, as a network brings them. */
function pieces(bytes: Uint8Array, random: Random): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = at + random.int(1, random.pick([1, 7, 200, 5000]));
    out.push(bytes.subarray(at, next));
    at = next;
  }
  return out;
}

describe('AMF0', () => {
  test('reads what it writes', () => {
    const bytes = encodeAmf0(['publish', 3, null, true, { level: 'status', number: 2 }]);
    expect(decodeAmf0(bytes)).toEqual([
      'publish',
      3,
      null,
      true,
      new Map<string, string | number>([
        ['level', 'status'],
        ['number', 2],
      ]),
    ]);
  });

  test('reads ECMA arrays, lists, dates and long strings', () => {
    const both = Buffer.from('080000000100016101010000090a000000020505', 'hex');
    expect(decodeAmf0(both)).toEqual([new Map([['a', true]]), [null, null]]);
    expect(decodeAmf0(Buffer.from('0b40000000000000000000', 'hex'))).toEqual([2]);
    expect(decodeAmf0(Buffer.from('0c000000026869', 'hex'))).toEqual(['hi']);
  });

  test.each([
    ['a string that is longer than the message', '02ffff61'],
    ['a list of four thousand million', '0affffffff05'],
    ['an object without an end', '030001610101'],
    ['an unknown mark', '11'],
    ['a number cut short', '004000'],
    ['objects within objects without end', '03000161'.repeat(20)],
  ])('refuses %s', (_what, hex) => {
    expect(decodeAmf0(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test('keeps names of prototypes out of objects', () => {
    const bytes = Buffer.from('0300095f5f70726f746f5f5f0101000009', 'hex');
    expect(decodeAmf0(bytes)).toEqual([new Map([['__proto__', true]])]);
    expect(({} as Record<string, unknown>)['true']).toBeUndefined();
  });

  test('survives any bytes', () => {
    forSeeds(400, (random) => void decodeAmf0(noise(random, random.int(0, 80))));
    const whole = encodeAmf0(['connect', 1, { app: 'live', tcUrl: 'rtmp://x/live', audioCodecs: 3575 }]);
    forSeeds(400, (random) => void decodeAmf0(damaged(whole, random)));
  });
});

describe('the chunk stream', () => {
  const payload = (length: number, seed = 1) => noise(createRandom(seed), length);

  test('puts messages together however the bytes are cut', () => {
    const sent = Buffer.concat([
      chunkSize(CHUNK),
      chunked({ type: 9, timestamp: 40, payload: payload(10_000), chunkStream: 6 }),
      chunked({ type: 8, timestamp: 0x01_00_00_00, payload: payload(5_000, 2), chunkStream: 8 }),
    ]);
    forSeeds(30, (random) => {
      const reader = createChunkReader(1_000_000);
      const messages = pieces(sent, random).flatMap((piece) => {
        const read = reader.read(piece);
        expect(read.fault).toBeUndefined();
        return read.messages;
      });
      expect(messages.map(({ type, timestamp }) => [type, timestamp])).toEqual([
        [1, 0],
        [9, 40],
        [8, 0x01_00_00_00],
      ]);
      expect(Buffer.from(messages[1]!.payload)).toEqual(payload(10_000));
      expect(Buffer.from(messages[2]!.payload)).toEqual(payload(5_000, 2));
    });
  });

  test('reads chunks of two messages laid into one another', () => {
    const video = chunked({ type: 9, payload: payload(200), chunkStream: 6, size: 128 });
    const audio = chunked({ type: 8, payload: payload(10, 2), chunkStream: 4, size: 128 });
    const woven = Buffer.concat([video.subarray(0, 12 + 128), audio, video.subarray(12 + 128)]);
    const { messages } = createChunkReader(1_000).read(woven);
    expect(messages.map(({ type, payload: { length } }) => [type, length])).toEqual([
      [8, 10],
      [9, 200],
    ]);
  });

  test('takes what short headers leave out from the message before', () => {
    const first = chunked({ type: 8, timestamp: 1_000, payload: payload(4), chunkStream: 4 });
    const difference = Buffer.concat([Buffer.of(0x84, 0, 0, 23), payload(4)]);
    const same = Buffer.concat([Buffer.of(0xc4), payload(4)]);
    const { messages } = createChunkReader(100).read(Buffer.concat([first, difference, same]));
    expect(messages.map(({ type, timestamp }) => [type, timestamp])).toEqual([
      [8, 1_000],
      [8, 1_023],
      [8, 1_046],
    ]);
  });

  test('an aborted message is forgotten', () => {
    const half = chunked({ type: 9, payload: payload(200), chunkStream: 6, size: 128 }).subarray(0, 140);
    const abort = chunked({ type: 2, stream: 0, payload: Buffer.of(0, 0, 0, 6), chunkStream: 2 });
    const next = chunked({ type: 9, payload: payload(5), chunkStream: 6 });
    const { messages } = createChunkReader(1_000).read(Buffer.concat([half, abort, next]));
    expect(messages.map(({ type, payload: { length } }) => [type, length])).toEqual([
      [2, 4],
      [9, 5],
    ]);
  });

  test.each([
    ['too_large', chunked({ type: 9, payload: payload(2_000) })],
    ['no_beginning', Buffer.of(0xc4, 1, 2, 3)],
    ['chunk_size', chunkSize(1)],
    ['chunk_size', chunkSize(0)],
    [
      'too_many_streams',
      Buffer.concat(
        Array.from({ length: 9 }, (_none, index) =>
          chunked({ type: 8, payload: payload(1), chunkStream: 4 + index }),
        ),
      ),
    ],
  ])('stops with %s', (fault, bytes) => {
    expect(createChunkReader(1_000).read(bytes).fault).toBe(fault);
  });

  test('a message too large is a fault before it has come', () => {
    const head = chunked({ type: 9, payload: payload(4_000) }).subarray(0, 12);
    expect(createChunkReader(1_000).read(head).fault).toBe('too_large');
  });

  test('what we write ourselves can be read', () => {
    const long = encodeAmf0(['onStatus', 0, null, { description: 'x'.repeat(500) }]);
    const { messages } = createChunkReader(10_000).read(
      writeMessage({ type: MESSAGE.command, stream: 1, payload: long }, 3),
    );
    expect(messages).toHaveLength(1);
    expect(Buffer.from(messages[0]!.payload)).toEqual(Buffer.from(long));
  });
});

describe('a conversation', () => {
  const zeros = (bytes: number) => Buffer.alloc(bytes);
  const OPENING = [HELLO, ECHO, CONNECT, CREATE, publish('the-key')];

  /** All that is asked for; what is answered is read as an encoder would. */
  function talk(parts: readonly Uint8Array[], admitted = true) {
    const conversation = createConversation(zeros);
    const asked: Asked[] = [];
    const answers: Uint8Array[] = [];
    let fault: string | undefined;
    for (const part of parts) {
      const read = conversation.read(part);
      asked.push(...read.asked);
      if (admitted && read.asked.some(({ kind }) => kind === 'publish')) conversation.admit();
      answers.push(conversation.answer());
      if (read.fault) {
        fault = read.fault;
        break;
      }
    }
    const said = Buffer.concat(answers).subarray(1 + 2 * 1536);
    const words = createChunkReader(10_000)
      .read(said)
      .messages.filter(({ type }) => type === 20)
      .map((message) => decodeAmf0(message.payload)!);
    return { asked, fault, words, answers: Buffer.concat(answers) };
  }

  test('lets an encoder say what it wants to publish, and tells it when it is on air', () => {
    const { asked, words, answers } = talk(OPENING);
    expect(asked).toEqual([{ kind: 'publish', name: 'the-key' }]);
    expect(words.map(([name, number]) => [name, number])).toEqual([
      ['_result', 1],
      ['_result', 2],
      ['onStatus', 0],
    ]);
    expect((words[2]![3] as Map<string, string>).get('code')).toBe('NetStream.Publish.Start');
    expect(answers.subarray(1 + 1536, 1 + 2 * 1536)).toEqual(HELLO.subarray(1));
  });

  test('a refusal is the code that encoders know', () => {
    const conversation = createConversation(zeros);
    for (const part of OPENING) conversation.read(part);
    conversation.answer();
    conversation.refuse('no');
    const [message] = createChunkReader(1_000).read(conversation.answer()).messages;
    const [, , , info] = decodeAmf0(message!.payload)!;
    expect(info).toEqual(
      new Map([
        ['level', 'error'],
        ['code', 'NetStream.Publish.BadName'],
        ['description', 'no'],
      ]),
    );
  });

  test('hands on pictures and sound once somebody publishes', () => {
    const media = chunked({ type: 9, payload: videoHeader, chunkStream: 6 });
    const { asked } = talk([...OPENING, chunkSize(CHUNK), media, command(['deleteStream', 4, null, 1])]);
    expect(asked.map(({ kind }) => kind)).toEqual(['publish', 'media', 'unpublish']);
  });

  test.each([
    ['not_rtmp', [Buffer.from('GET / HTTP/1.1\r\n')]],
    ['out_of_order', [HELLO, ECHO, publish('k')]],
    ['out_of_order', [HELLO, ECHO, CONNECT, chunked({ type: 9, payload: videoHeader })]],
    ['bad_command', [HELLO, ECHO, CONNECT, CONNECT]],
    ['bad_command', [HELLO, ECHO, command(['connect', 1, null])]],
    ['bad_command', [HELLO, ECHO, CONNECT, CREATE, publish('k'), publish('k')]],
    ['bad_command', [HELLO, ECHO, chunked({ type: 20, payload: Buffer.of(0xff) })]],
  ])('ends with %s', (fault, parts) => {
    expect(talk(parts).fault).toBe(fault);
  });

  test('a stranger may not send a large message, who was admitted may', () => {
    const large = chunked({ type: 9, payload: Buffer.alloc(40_000, 1), chunkStream: 6, size: 128 });
    expect(talk([...OPENING, large], false).fault).toBe('too_large');
    expect(talk([...OPENING, large]).fault).toBeUndefined();
  });

  test('survives any bytes at any place', () => {
    const whole = Buffer.concat([
      ...OPENING,
      chunkSize(CHUNK),
      chunked({ type: 9, payload: videoHeader, chunkStream: 6 }),
    ]);
    forSeeds(300, (random) => void talk(pieces(damaged(whole, random), random)));
    const head = Buffer.concat([HELLO, ECHO]);
    forSeeds(300, (random) => void talk([head, noise(random, random.int(1, 2_000))]));
  });
});

describe('H.264', () => {
  test('reads sizes with cropping, and makes the record that it was read from', () => {
    const avc = avcFromRecord(avcRecord());
    expect(avc).toMatchObject({ codec: 'avc1.42C00D', width: 322, height: 182 });
    expect(Buffer.from(avc!.description)).toEqual(avcRecord());
  });

  test('adds what a high profile must say', () => {
    // 640 by 360, High at level 3.0, from x264.
    const sps = Buffer.from('6764001eacd940a02ff970110000030001000003003c0f162d96', 'hex');
    const avc = avcFromSets(sps, Buffer.from('68ebe3cb22c0', 'hex'));
    expect(avc).toMatchObject({ codec: 'avc1.64001E', width: 640, height: 360 });
    expect(Buffer.from(avc!.description.subarray(-4))).toEqual(Buffer.of(0xfd, 0xf8, 0xf8, 0));
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['another version', Buffer.concat([Buffer.of(2), avcRecord().subarray(1)])],
    [
      'lengths of one byte',
      Buffer.concat([avcRecord().subarray(0, 4), Buffer.of(0xfc), avcRecord().subarray(5)]),
    ],
    ['no sets', Buffer.of(1, 0x42, 0xc0, 0x0d, 0xff, 0xe0, 0)],
    ['a set that leads out of it', Buffer.of(1, 0x42, 0xc0, 0x0d, 0xff, 0xe1, 0xff, 0xff, 0x67)],
    ['no picture set', avcRecord().subarray(0, 8 + SPS.length)],
    ['a set of another kind', avcRecord(Buffer.concat([Buffer.of(0x41), SPS.subarray(1)]))],
    ['a set cut short', avcRecord(SPS.subarray(0, 6))],
  ])('refuses a record with %s', (_what, record) => {
    expect(avcFromRecord(record)).toBeUndefined();
  });

  test('survives damaged sets, and never says an absurd size', () => {
    forSeeds(2_000, (random) => {
      const avc = avcFromSets(damaged(SPS, random), PPS);
      if (avc) expect(Math.max(avc.width, avc.height)).toBeLessThanOrEqual(4096);
    });
  });

  test('leaves out what the record says already', () => {
    const units = [unit(9, 2), SPS, PPS, unit(6, 5), unit(5, 40)];
    expect(splitUnits(joinUnits(units))).toEqual([unit(5, 40)]);
  });

  test.each([
    ['a length of nothing', Buffer.of(0, 0, 0, 0)],
    ['a length that leads out of it', Buffer.of(0, 0, 0, 9, 1)],
    ['half a length', Buffer.of(0, 0)],
    ['a length beyond all', Buffer.of(0xff, 0xff, 0xff, 0xff, 1)],
  ])('refuses a picture with %s', (_what, data) => {
    expect(splitUnits(data)).toBeUndefined();
  });
});

describe('FLV tags', () => {
  test('tell configurations', () => {
    expect(readVideoTag(videoHeader, 0)).toMatchObject({ kind: 'video_config', config: { width: 322 } });
    expect(readAudioTag(audioHeader, 0)).toMatchObject({
      kind: 'audio_config',
      config: { codec: 'mp4a.40.2', sampleRate: 44_100, channels: 2 },
    });
  });

  test('tell when a picture is shown and when it is decoded', () => {
    const read = readVideoTag(videoTag(false, prefixed(unit(1, 20)), 66), 1_000);
    expect(read).toMatchObject({
      kind: 'packet',
      packet: { track: 'video', key: false, decodeUs: 1_000_000, timestampUs: 1_066_000 },
    });
  });

  test('a key frame is one that begins anew, whatever its tag says', () => {
    const keyOf = (body: Uint8Array) => {
      const read = readVideoTag(body, 0);
      return read.kind === 'packet' && read.packet.key;
    };
    expect(keyOf(videoTag(true, prefixed(unit(5, 20))))).toBe(true);
    expect(keyOf(videoTag(true, prefixed(unit(1, 20))))).toBe(false);
  });

  test('H.264 in its enhanced form is read too', () => {
    const header = Buffer.concat([Buffer.of(0x90), Buffer.from('avc1'), avcRecord()]);
    expect(readVideoTag(header, 0).kind).toBe('video_config');
    const coded = Buffer.concat([
      Buffer.of(0x91),
      Buffer.from('avc1'),
      Buffer.of(0, 0, 40),
      prefixed(unit(5, 9)),
    ]);
    expect(readVideoTag(coded, 100)).toMatchObject({ packet: { key: true, timestampUs: 140_000 } });
    const direct = Buffer.concat([Buffer.of(0xa3), Buffer.from('avc1'), prefixed(unit(1, 9))]);
    expect(readVideoTag(direct, 100)).toMatchObject({ packet: { key: false, timestampUs: 100_000 } });
  });

  test.each([
    ['HEVC in its enhanced form', Buffer.concat([Buffer.of(0x90), Buffer.from('hvc1'), Buffer.alloc(40)])],
    ['HEVC as some encoders used to send it', Buffer.concat([Buffer.of(0x1c, 0, 0, 0, 0), Buffer.alloc(40)])],
    ['AV1', Buffer.concat([Buffer.of(0x91), Buffer.from('av01'), Buffer.alloc(40)])],
    ['Sorenson', Buffer.of(0x12, 1, 2, 3)],
    ['a record that makes no picture', Buffer.of(0x17, 0, 0, 0, 0, 1, 2, 3)],
  ])('%s is refused as a codec', (_what, body) => {
    expect(readVideoTag(body, 0)).toEqual({ kind: 'fault', fault: 'video_codec' });
  });

  test.each([
    ['MP3', Buffer.of(0x2f, 1, 2)],
    ['HE-AAC', Buffer.of(0xaf, 0, 0x2b, 0x92, 0x08, 0x00)],
    ['six channels', Buffer.of(0xaf, 0, 0x11, 0xb0)],
  ])('%s is refused as sound', (_what, body) => {
    expect(readAudioTag(body, 0)).toEqual({ kind: 'fault', fault: 'audio_codec' });
  });

  test('a picture that leads out of its tag is malformed; empty tags are nothing', () => {
    expect(readVideoTag(videoTag(true, Buffer.of(0, 0, 1, 0, 5)), 0)).toEqual({
      kind: 'fault',
      fault: 'malformed',
    });
    expect(readVideoTag(Buffer.alloc(0), 0).kind).toBe('nothing');
    expect(readAudioTag(Buffer.alloc(0), 0).kind).toBe('nothing');
    expect(readVideoTag(Buffer.of(0x17, 2, 0, 0, 0), 0).kind).toBe('nothing');
    expect(readVideoTag(Buffer.of(0x57, 0, 1), 0).kind).toBe('fault');
  });

  test('survive any bytes', () => {
    forSeeds(1_000, (random) => {
      readVideoTag(noise(random, random.int(0, 60)), random.int(0, 2 ** 32 - 1));
      readAudioTag(noise(random, random.int(0, 60)), 0);
      readVideoTag(damaged(videoHeader, random), 0);
      readVideoTag(damaged(videoTag(true, prefixed(unit(5, 30), unit(1, 4))), random), 0);
      readAudioTag(damaged(audioTag(), random), 0);
      aacConfig(noise(random, random.int(0, 8)));
    });
  });
});

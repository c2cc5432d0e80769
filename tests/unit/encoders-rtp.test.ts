import { describe, expect, test } from 'vitest';
import { createPictures, opusLength, type Picture } from '../../server/video/encoders/pictures.rules.ts';
import {
  bitrateLimit,
  createReception,
  nack,
  parseSenderReports,
  pictureLoss,
} from '../../server/video/encoders/rtcp.rules.ts';
import {
  createReorder,
  createUnwrap,
  isRtcp,
  parseRtp,
  type RtpPacket,
} from '../../server/video/encoders/rtp.rules.ts';
import { narrowOffer, withPublicAddress } from '../../server/video/encoders/sdp.rules.ts';
import { createTimeline } from '../../server/video/encoders/timeline.rules.ts';
import { forSeeds } from '../support/random.ts';
import { PPS, prefixed, SPS, unit } from '../support/rtmp-bytes.ts';

const packet = (sequence: number, more: Partial<RtpPacket> = {}): RtpPacket => ({
  ...{ sequence: sequence & 0xffff, timestamp: 0, payloadType: 102, ssrc: 7, marker: false },
  payload: unit(1, 10),
  ...more,
});

describe('RTP', () => {
  const plain = Buffer.from('80e6000100000002000000070a0b', 'hex');

  test('reads a packet, with what stands between head and content left out', () => {
    expect(parseRtp(plain)).toEqual({
      ...{ payloadType: 102, marker: true, sequence: 1, timestamp: 2, ssrc: 7 },
      payload: plain.subarray(12),
    });
    const extended = Buffer.from('91e60001000000020000000700000001bede0001aaaaaaaa0a0b', 'hex');
    expect(Buffer.from(parseRtp(extended)!.payload).toString('hex')).toBe('0a0b');
    const padded = Buffer.from('a0e6000100000002000000070a0b0002', 'hex');
    expect(Buffer.from(parseRtp(padded)!.payload).toString('hex')).toBe('0a0b');
  });

  test.each([
    ['too short', '80e60001'],
    ['another version', '40e6000100000002000000070a0b'],
    ['more sources than bytes', '8fe6000100000002000000070a0b'],
    ['an extension that leads out of it', '90e600010000000200000007bede00ff'],
    ['more padding than there is', 'a0e600010000000200000007ff'],
  ])('refuses %s', (_what, hex) => {
    expect(parseRtp(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test('knows RTCP by its type', () => {
    expect(isRtcp(Buffer.of(0x80, 200))).toBe(true);
    expect(isRtcp(plain)).toBe(false);
  });

  test('counts on over the end of the numbers, and back', () => {
    const unwrap = createUnwrap(16);
    expect([65_534, 65_535, 0, 65_535, 1].map(unwrap)).toEqual([65_534, 65_535, 65_536, 65_535, 65_537]);
    const far = createUnwrap(32);
    expect([4_294_967_000, 704].map(far)).toEqual([4_294_967_000, 4_294_968_000]);
  });
});

describe('putting in order', () => {
  const numbers = (list: { packet: RtpPacket }[]) => list.map((one) => one.packet.sequence);

  test('hands on at once what is in order, and what was late as soon as it is', () => {
    const reorder = createReorder();
    expect(numbers(reorder.push(packet(10), 0))).toEqual([10]);
    expect(numbers(reorder.push(packet(12), 1))).toEqual([]);
    expect(reorder.wanted(1)).toEqual([11]);
    expect(numbers(reorder.push(packet(11), 50))).toEqual([11, 12]);
    expect(reorder.wanted(51)).toEqual([]);
  });

  test('asks again for what does not come, and not too often', () => {
    const reorder = createReorder();
    reorder.push(packet(1), 0);
    reorder.push(packet(4), 0);
    expect(reorder.wanted(0)).toEqual([2, 3]);
    expect(reorder.wanted(30)).toEqual([]);
    expect(reorder.wanted(70)).toEqual([2, 3]);
  });

  test('gives up after 400 ms and says that there is a gap', () => {
    const reorder = createReorder();
    reorder.push(packet(1), 0);
    reorder.push(packet(3), 0);
    expect(reorder.overdue(399)).toEqual([]);
    const late = reorder.overdue(400);
    expect(numbers(late)).toEqual([3]);
    expect(late[0]!.afterGap).toBe(true);
    expect(numbers(reorder.push(packet(2), 410))).toEqual([]);
    expect(reorder.push(packet(4), 411)).toMatchObject([{ afterGap: false }]);
  });

  test('a great jump is a new beginning', () => {
    const reorder = createReorder();
    reorder.push(packet(1), 0);
    expect(reorder.push(packet(5_000), 1)).toMatchObject([{ afterGap: true }]);
    expect(reorder.wanted(1)).toEqual([]);
  });

  test('loses and doubles nothing when all comes in any order, over the end of the numbers', () => {
    forSeeds(100, (random) => {
      const reorder = createReorder();
      const first = 65_400;
      const out = numbers(reorder.push(packet(first), 0));
      const rest = Array.from({ length: 300 }, (_none, index) => first + 1 + index);
      // Moved by a few places, and some twice.
      const shuffled = rest
        .map((number, index) => ({ number, at: index + random.int(0, 20) }))
        .sort((a, b) => a.at - b.at)
        .flatMap(({ number }) => (random.int(0, 9) === 0 ? [number, number] : [number]));
      for (const [index, number] of shuffled.entries())
        out.push(...numbers(reorder.push(packet(number), index)));
      expect(out).toEqual([first, ...rest].map((number) => number & 0xffff));
    });
  });

  test('remembers no more than so much, whatever comes', () => {
    forSeeds(20, (random) => {
      const reorder = createReorder();
      for (let turn = 0; turn < 3_000; turn += 1) {
        reorder.push(packet(random.int(0, 65_535)), turn);
        expect(reorder.wanted(turn).length).toBeLessThanOrEqual(64);
      }
    });
  });
});

describe('pictures', () => {
  const stapA = (...units: Buffer[]) =>
    Buffer.concat([
      Buffer.of(0x78),
      ...units.flatMap((one) => [Buffer.of(one.length >> 8, one.length & 0xff), one]),
    ]);
  const SETS = stapA(SPS, PPS);

  function fragments(whole: Buffer, size: number): Buffer[] {
    const out: Buffer[] = [];
    for (let at = 1; at < whole.length; at += size) {
      const mark = (at === 1 ? 0x80 : 0) | (at + size >= whole.length ? 0x40 : 0) | (whole[0]! & 0x1f);
      out.push(Buffer.concat([Buffer.of((whole[0]! & 0xe0) | 28, mark), whole.subarray(at, at + size)]));
    }
    return out;
  }

  function feed(packets: (Partial<RtpPacket> & { afterGap?: boolean })[]): Picture[] {
    const pictures = createPictures();
    return packets.flatMap(({ afterGap = false, ...more }, index) =>
      pictures.take({ packet: packet(index, more), afterGap }),
    );
  }

  const KEY = [
    { timestamp: 10, payload: SETS },
    { timestamp: 10, payload: unit(5, 30), marker: true },
  ];

  test('a key frame with its sets comes with its configuration', () => {
    const [picture, ...more] = feed([...KEY, { timestamp: 20, payload: unit(1, 9), marker: true }]);
    expect(picture).toMatchObject({ key: true, timestamp: 10, config: { width: 322, codec: 'avc1.42C00D' } });
    expect(Buffer.from(picture!.data)).toEqual(prefixed(unit(5, 30)));
    expect(more).toMatchObject([{ key: false, timestamp: 20 }]);
    expect(more[0]).not.toHaveProperty('config');
  });

  test('fragments become what they were cut from', () => {
    const large = unit(5, 5_000);
    const parts = fragments(large, 1_100).map((payload) => ({ timestamp: 10, payload }));
    const [picture] = feed([
      { timestamp: 10, payload: SETS },
      ...parts,
      { timestamp: 20, payload: unit(1, 3) },
    ]);
    expect(Buffer.from(picture!.data)).toEqual(prefixed(large));
  });

  test('after a loss nothing comes until the next key frame', () => {
    const delta = { timestamp: 20, payload: unit(1, 9), marker: true };
    const found = feed([...KEY, { ...delta, afterGap: true }, { ...delta, timestamp: 30 }, ...KEY]);
    expect(found.map(({ key }) => key)).toEqual([true, true]);
  });

  test('fragments without a beginning or an end make no picture', () => {
    const [, second, third] = fragments(unit(5, 300), 100);
    expect(feed([{ payload: SETS }, { payload: second! }, { payload: third!, marker: true }])).toEqual([]);
    expect(feed([{ payload: SETS }, { payload: fragments(unit(5, 300), 100)[0]!, marker: true }])).toEqual(
      [],
    );
  });

  test('a key frame before any sets is not shown, nor one whose sets make no picture', () => {
    expect(feed([{ payload: unit(5, 30), marker: true }])).toEqual([]);
    const odd = stapA(Buffer.concat([SPS.subarray(0, 5), Buffer.alloc(3)]), PPS);
    expect(feed([{ payload: odd }, { payload: unit(5, 30), marker: true }])).toEqual([]);
  });

  test('a picture without end is bounded', () => {
    const endless = Array.from({ length: 4_000 }, (_none, index) => ({
      timestamp: 10,
      payload: Buffer.concat([Buffer.of(0x7c, index === 0 ? 0x85 : 0x05), Buffer.alloc(1_200)]),
    }));
    expect(
      feed([
        { timestamp: 10, payload: SETS },
        ...endless,
        { timestamp: 10, payload: unit(1, 1), marker: true },
      ]),
    ).toEqual([]);
  });

  test('survive any bytes', () => {
    forSeeds(500, (random) => {
      const pictures = createPictures();
      for (let turn = 0; turn < 40; turn += 1) {
        const payload = Buffer.from(
          Array.from({ length: random.int(1, 30) }, (_none, at) =>
            at === 0 ? random.pick([0x78, 0x7c, 0x67, 0x68, 0x65, 0x61, 0x00]) : random.int(0, 255),
          ),
        );
        const marker = random.int(0, 3) === 0;
        pictures.take({
          packet: packet(turn, { payload, marker, timestamp: random.int(0, 3) }),
          afterGap: false,
        });
      }
    });
  });
});

describe('Opus', () => {
  test.each([
    [0x78 | 0x80, 20_000],
    [0xf8, 20_000],
    [0xe0, 2_500],
    [0x08, 20_000],
    [0x18, 60_000],
    [0xfc | 1, 40_000],
  ])('the first byte %i says how long a packet is', (first, us) => {
    expect(opusLength(Buffer.of(first, 0))).toBe(us);
  });

  test('nothing, no frames and too many frames are no packet', () => {
    expect(opusLength(Buffer.alloc(0))).toBeUndefined();
    expect(opusLength(Buffer.of(0xff, 0))).toBeUndefined();
    expect(opusLength(Buffer.of(0xff, 63))).toBeUndefined();
  });
});

describe('RTCP', () => {
  test('names what is missing, sixteen after the first at a time', () => {
    const words = (bytes: Uint8Array) => Buffer.from(bytes.subarray(12)).toString('hex');
    expect(words(nack(1, 2, [100, 101, 116, 117]))).toBe('0064800100750000');
    expect(words(nack(1, 2, [65_535, 0]))).toBe('ffff0001');
    expect(nack(1, 2, [5])).toHaveLength(16);
  });

  test('asks for a key frame and for less', () => {
    expect(Buffer.from(pictureLoss(1, 2)).toString('hex')).toBe('81ce00020000000100000002');
    const remb = Buffer.from(bitrateLimit(1, 2, 1_000_000));
    expect(remb.subarray(12, 16).toString()).toBe('REMB');
    const word = remb.readUInt32BE(16);
    expect((word & 0x3_ff_ff) * 2 ** ((word >> 18) & 0x3f)).toBeCloseTo(1_000_000, -2);
  });

  test('reports what was lost lately and in all', () => {
    const reception = createReception(90_000);
    expect(reception.write(1, 2, 0)).toBeUndefined();
    for (const sequence of [0, 1, 2, 4]) reception.packet(sequence, sequence * 3_000, sequence * 33);
    const first = Buffer.from(reception.write(1, 2, 200)!);
    expect([first[12], first.readUIntBE(13, 3), first.readUInt32BE(16)]).toEqual([51, 1, 4]);
    reception.packet(5, 15_000, 165);
    expect(Buffer.from(reception.write(1, 2, 300)!)[12]).toBe(0);
  });

  test("finds the sender's reports, and survives any bytes", () => {
    const report = Buffer.alloc(28);
    report.set([0x80, 200, 0, 6, 0, 0, 0, 9]);
    report.writeUInt32BE(1_000, 8);
    report.writeUInt32BE(2 ** 31, 12);
    report.writeUInt32BE(90_000, 16);
    expect(parseSenderReports(Buffer.concat([pictureLoss(1, 2), report]))).toEqual([
      { ssrc: 9, rtpTimestamp: 90_000, ntpSeconds: 1_000.5, ntpMiddle: (1_000 << 16) + 0x8000 },
    ]);
    forSeeds(300, (random) => {
      const bytes = Buffer.from(Array.from({ length: random.int(0, 60) }, () => random.int(0, 255)));
      parseSenderReports(bytes);
      parseRtp(bytes);
    });
  });
});

describe('one time for sound and picture', () => {
  const sender = (rtpTimestamp: number, ntpSeconds: number) => ({
    ssrc: 1,
    ntpMiddle: 0,
    rtpTimestamp,
    ntpSeconds,
  });

  test("begins at arrival, and is put right by the sender's reports", () => {
    const timeline = createTimeline();
    expect(timeline.at('video', 90_000, 0)).toBe(0);
    expect(timeline.at('audio', 48_000, 100)).toBe(100_000);
    expect(timeline.at('video', 180_000, 1_000)).toBe(1_000_000);
    // Both first packets were taken at the same second of the sender's.
    timeline.report('video', sender(90_000, 50));
    timeline.report('audio', sender(48_000, 50));
    expect(timeline.at('audio', 96_000, 1_100)).toBe(1_000_000);
    expect(timeline.at('video', 270_000, 2_000)).toBe(2_000_000);
  });

  test('leaves alone what nobody would notice', () => {
    const timeline = createTimeline();
    timeline.at('video', 0, 0);
    timeline.at('audio', 0, 15);
    timeline.report('video', sender(0, 50));
    timeline.report('audio', sender(0, 50));
    expect(timeline.at('audio', 48_000, 1_015)).toBe(1_015_000);
  });

  test('counts on over the end of the numbers', () => {
    const timeline = createTimeline();
    timeline.at('video', 2 ** 32 - 90_000, 0);
    expect(timeline.at('video', 90_000, 2_000)).toBe(2_000_000);
  });
});

describe('offers', () => {
  const head = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'];
  const video = [
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104',
    'a=mid:1',
    'a=sendonly',
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'a=rtpmap:96 VP8/90000',
    'a=rtcp-fb:96 nack',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    'a=rtpmap:102 H264/90000',
    'a=rtcp-fb:102 transport-cc',
    'a=rtcp-fb:102 nack pli',
    'a=fmtp:102 packetization-mode=0;profile-level-id=42001f',
    'a=rtpmap:104 H264/90000',
    'a=rtcp-fb:104 transport-cc',
    'a=rtcp-fb:104 nack',
    'a=fmtp:104 packetization-mode=1;profile-level-id=42e01f',
    'a=rid:h send',
    'a=simulcast:send h',
    'a=ssrc:77 cname:x',
  ];
  const audio = [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 0',
    'a=mid:0',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:0 PCMU/8000',
  ];
  const sdp = (...sections: string[][]) => `${sections.flat().join('\r\n')}\r\n`;

  test('are narrowed to H.264 and Opus', () => {
    const narrowed = narrowOffer(sdp(head, audio, video));
    expect(narrowed).toMatchObject({ video: 104, audio: 111 });
    const lines = (narrowed as { sdp: string }).sdp.split('\r\n');
    expect(lines).toContain('m=video 9 UDP/TLS/RTP/SAVPF 104');
    expect(lines).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 111');
    expect(lines).toContain('a=ssrc:77 cname:x');
    expect(lines.filter((line) => /:(96|97|102|0) |transport|rid|simulcast|extmap/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('a=rtcp-fb'))).toEqual(['a=rtcp-fb:104 nack']);
  });

  test.each([
    [
      'without H.264',
      sdp(
        head,
        video.filter((line) => !line.includes('H264')),
      ),
      'video_codec',
    ],
    ['of a data channel', sdp(head, ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel']), 'malformed'],
    ['of two cameras', sdp(head, video, video), 'malformed'],
    ['of nothing', sdp(head), 'malformed'],
    ['that is none', 'hello', 'malformed'],
    ['that is empty', '', 'malformed'],
    [
      'that is endless',
      sdp(
        head,
        audio,
        Array.from({ length: 3_000 }, () => 'a=x'),
      ),
      'malformed',
    ],
  ])('%s are refused', (_what, offer, fault) => {
    expect(narrowOffer(offer)).toBe(fault);
  });

  test('answers also name the public address, once', () => {
    const line = 'a=candidate:1 1 UDP 2114977791 192.168.1.20 40000 typ host';
    const answer = withPublicAddress(`v=0\r\n${line}\r\n${line}\r\na=end-of-candidates\r\n`, '203.0.113.5');
    expect(answer.split('\r\n').filter((one) => one.includes('203.0.113.5'))).toEqual([
      'a=candidate:9 1 UDP 2114977790 203.0.113.5 40000 typ host',
    ]);
  });
});

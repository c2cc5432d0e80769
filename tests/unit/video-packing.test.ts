import { describe, expect, test } from 'vitest';
import { fragment, initSegment } from '../../server/video/mp4.rules.ts';
import { createPace } from '../../server/video/pace.rules.ts';
import { keptPlaylist, livePlaylist } from '../../server/video/playlist.rules.ts';
import { createProgram } from '../../server/video/program.service.ts';
import {
  momentOf,
  parseIndex,
  placed,
  placeIn,
  stretch,
  type IndexEntry,
} from '../../server/video/recording.rules.ts';
import type { Fragment } from '../../server/video/rendition.rules.ts';
import type { Segment } from '../../server/video/segments.rules.ts';
import { anchorFor, exactVideo, fitsVideo } from '../../server/video/timeline.rules.ts';
import { readTape, tapeAt } from '../support/video-packets.ts';

const tape = readTape();

/** A program that is fed the tape with a clock that goes along. */
function onAir() {
  let ms = 0;
  const kept: Segment[] = [];
  const program = createProgram({ live: 'l', now: () => ms, keep: (one) => kept.push(one), moved: () => {} });
  const fragments: Fragment[] = [];
  program.listen('high', (one) => fragments.push(one));
  const ingest = program.open({ via: 'rtmp', publisher: 'p' });
  ingest.configure({ video: tape.video, audio: tape.audio });
  let n = 0;
  return {
    program,
    ingest,
    kept,
    fragments,
    run(seconds: number) {
      for (const until = ms + seconds * 1_000; ms < until; n += 1) {
        const packet = tapeAt(tape, n);
        ms = Math.max(ms, packet.timestampUs / 1_000);
        ingest.push(packet);
      }
    },
    wait: (seconds: number) => void (ms += seconds * 1_000),
  };
}

interface Box {
  type: string;
  body: Buffer;
}

function boxes(bytes: Buffer): Box[] {
  const found: Box[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return found;
}

describe('fragments', () => {
  test('have offsets that lead to the very bytes of each track', () => {
    const sample = (decodeUs: number, data: number[], key = false) => ({
      ...{ decodeUs, timestampUs: decodeUs, durationUs: 40_000, key, data: Uint8Array.from(data) },
    });
    const bytes = fragment({
      sequence: 7,
      video: [sample(0, [1, 2, 3], true), sample(40_000, [4])],
      audio: [sample(0, [9, 9])],
      audioRate: 48_000,
    });
    const [moof, mdat] = boxes(bytes);
    expect([moof?.type, mdat?.type]).toEqual(['moof', 'mdat']);
    expect([...mdat!.body]).toEqual([1, 2, 3, 4, 9, 9]);
    const trafs = boxes(moof!.body).filter(({ type }) => type === 'traf');
    const offsets = trafs.map(({ body }) =>
      boxes(body)
        .find(({ type }) => type === 'trun')!
        .body.readUInt32BE(8),
    );
    expect(offsets.map((offset) => bytes[offset])).toEqual([1, 9]);
  });

  test('leave no gap between them, whatever is rounded', () => {
    const { fragments, run } = onAir();
    run(5);
    const ends = fragments.map(({ startUs, durationUs }) => startUs + durationUs);
    const gaps = fragments.slice(1).map(({ startUs }, index) => Math.abs(startUs - ends[index]!));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_000);
    expect(fragments.length).toBeGreaterThan(30);
  });

  test('begin with a key frame where they say so', () => {
    const { fragments, run } = onAir();
    run(4);
    const keys = fragments.filter(({ key }) => key);
    expect(keys.length).toBeGreaterThanOrEqual(4);
  });

  test('an initialisation segment describes both tracks', () => {
    const init = initSegment({ video: tape.video, audio: tape.audio });
    expect(boxes(init).map(({ type }) => type)).toEqual(['ftyp', 'moov']);
    const traks = boxes(boxes(init)[1]!.body).filter(({ type }) => type === 'trak');
    expect(traks).toHaveLength(2);
  });
});

describe('a live', () => {
  test('goes on after a publisher was away, without going back in time', () => {
    const live = onAir();
    live.run(3);
    live.ingest.end('lost');
    live.wait(2);
    const again = live.program.open({ via: 'browser', publisher: 'p' });
    again.configure({ video: tape.video, audio: tape.audio });
    for (let n = 0; n < 60; n += 1) again.push(tapeAt(tape, n));
    const starts = live.fragments.map(({ startUs }) => startUs);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    const jump = starts.slice(1).map((start, index) => start - starts[index]!);
    expect(Math.max(...jump)).toBeGreaterThan(1_500_000);
  });

  test('belongs to the last who was let in: the former is ended and heard no more', () => {
    const live = onAir();
    live.run(1);
    const over: string[] = [];
    const first = live.program.open({ via: 'whip', publisher: 'a', over: (reason) => over.push(reason) });
    live.program.open({ via: 'rtmp', publisher: 'b' });
    expect(over).toEqual(['taken_over']);
    const before = live.fragments.length;
    first.configure({ video: tape.video });
    first.push({ ...tapeAt(tape, 0) });
    expect(live.fragments).toHaveLength(before);
  });

  test('takes no more than a camera can send', () => {
    const live = onAir();
    for (let n = 0; n < 3_000; n += 1)
      live.ingest.push({ ...tapeAt(tape, n), timestampUs: 1 + n, decodeUs: 1 + n });
    expect(live.program.dropped()).toBeGreaterThanOrEqual(2_000);
  });

  test('puts times that lead nowhere where the clock is', () => {
    const clock = { nowUs: 50_000_000, endUs: 49_000_000 };
    expect(1e15 + anchorFor(0, 1e15, clock)).toBe(50_000_000);
    expect(anchorFor(7, 49_000_000, clock)).toBe(7);
  });

  test('refuses a size that no phone decodes, and says the codec as its configuration does', () => {
    expect(fitsVideo(tape.video)).toBe(true);
    expect(fitsVideo({ ...tape.video, width: 4_096 })).toBe(false);
    expect(fitsVideo({ ...tape.video, description: Uint8Array.of(1, 2) })).toBe(false);
    expect(exactVideo({ ...tape.video, codec: 'avc1.000000' }).codec).toBe('avc1.42D00B');
  });
});

describe('segments and playlists', () => {
  test('are cut at key frames, with parts that lead through them', () => {
    const { kept, run, program } = onAir();
    run(7);
    expect(kept.length).toBeGreaterThanOrEqual(2);
    for (const segment of kept) {
      expect(segment.parts[0]?.independent).toBe(true);
      expect(segment.durationUs).toBeGreaterThan(1_800_000);
      expect(segment.durationUs).toBeLessThan(3_200_000);
    }
    const list = livePlaylist('high', program.segmenter('high').window());
    expect(list).toContain('#EXT-X-MAP:URI="high/init-1.mp4"');
    expect(list).toContain('#EXT-X-PRELOAD-HINT:TYPE=PART');
    expect(list).toContain('high/seg-0.m4s');
  });

  test('a publisher that comes back in another size makes a discontinuity with a new map', () => {
    const live = onAir();
    live.run(5);
    live.ingest.configure({ video: { ...tape.video, width: 90, height: 160 }, audio: tape.audio });
    live.run(3);
    const list = livePlaylist('high', live.program.segmenter('high').window());
    expect(list).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="high\/init-2\.mp4"/);
  });

  test('what was kept ends, and names each map once', () => {
    const one = { uri: 'a', mapUri: 'm', durationUs: 2_000_000, at: 0, discontinuity: false };
    const list = keptPlaylist([one, { ...one, uri: 'b' }, { ...one, uri: 'c', mapUri: 'n' }]);
    expect(list.match(/EXT-X-MAP/g)).toHaveLength(2);
    expect(list.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(list.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
  });
});

describe('an index', () => {
  const entry = (n: number, at: number): IndexEntry => ({
    n,
    i: 1,
    t: n * 2e6,
    d: 2_000_000,
    at,
    b: 100,
    x: 0,
  });

  test('that was cut short by a crash names what was whole', () => {
    const text = `${JSON.stringify(entry(0, 0))}\n${JSON.stringify(entry(1, 2_000))}\n{"n":2,"i":1,"t":4`;
    expect(parseIndex(text).map(({ n }) => n)).toEqual([0, 1]);
  });

  test('finds a moment of the day in the replay, and the other way round', () => {
    const all = placed([
      { recording: 'later', entries: [entry(0, 100_000), entry(1, 102_000)] },
      { recording: 'first', entries: [entry(0, 10_000), entry(1, 12_000)] },
    ]);
    expect(placeIn(all, 9_000)).toBeUndefined();
    expect(placeIn(all, 13_000)).toEqual({ recording: 'first', offsetMs: 3_000 });
    expect(placeIn(all, 60_000)).toEqual({ recording: 'first', offsetMs: 4_000 });
    expect(placeIn(all, 101_000)).toEqual({ recording: 'later', offsetMs: 5_000 });
    expect(momentOf(all, 5_000)).toBe(101_000);
    expect(
      stretch(all, { fromMs: 2_500, toMs: 4_500 }).map(({ recording, n }) => `${recording} ${n}`),
    ).toEqual(['first 1', 'later 0']);
  });
});

describe('a viewer', () => {
  test('is behind when more than a second is under way, and has caught up when it has arrived', () => {
    const pace = createPace(0);
    for (let n = 0; n < 14; n += 1) pace.sent(100, 100_000, n * 100);
    expect(pace.isBehind()).toBe(true);
    pace.got(1_200, 1_500);
    expect([pace.isBehind(), pace.hasCaughtUp()]).toEqual([false, true]);
  });

  test('begins lower where the line was too narrow of late, and tries better the more seldom the oftener it was', () => {
    expect([0, 1, 2, 8].map((narrow) => createPace(0, narrow).step(1))).toEqual([0, 1, 2, 2]);
    const [once, often] = [createPace(0, 1), createPace(0, 3)];
    expect([once.step(15_001), often.step(15_001)]).toEqual([0, 2]);
    expect(often.step(60_001)).toBe(1);
  });

  test('that stumbles twice in short gets less, and is tried with more after a calm time', () => {
    const pace = createPace(0);
    pace.stumbled(100_000);
    expect(pace.step(100_001)).toBe(0);
    pace.stumbled(103_000);
    expect(pace.step(103_001)).toBe(1);
    expect(pace.step(103_001 + 15_001)).toBe(0);
  });

  test('cannot claim what was never sent, and is lost when nothing arrives any more', () => {
    const pace = createPace(0);
    pace.sent(100, 100_000, 0);
    pace.got(1_000_000, 10);
    expect(pace.isLost(14_000)).toBe(false);
    expect(pace.isLost(15_001)).toBe(true);
  });
});

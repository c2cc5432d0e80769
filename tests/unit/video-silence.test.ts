import { describe, expect, test } from 'vitest';
import { createProgram } from '../../server/video/program.service.ts';
import { placed, type IndexEntry } from '../../server/video/recording.rules.ts';
import { createSilence, SILENCE } from '../../server/video/silence.rules.ts';
import type { Segment } from '../../server/video/segments.rules.ts';
import { readTape, tapeAt } from '../support/video-packets.ts';

const tape = readTape();

/** A live on a clock that goes with what is sent. */
function onAir() {
  let at = 1_000_000;
  const kept: Segment[] = [];
  const program = createProgram({
    live: 'market',
    now: () => at,
    keep: (segment) => void kept.push(segment),
    moved: () => {},
  });
  return {
    program,
    kept,
    /** So many seconds of the tape, with its sound or without. */
    publish(seconds: number, { sound }: { sound: boolean }) {
      const ingest = program.open({ via: 'browser', publisher: 'host' });
      ingest.configure({ video: tape.video, ...(sound ? { audio: tape.audio } : {}) });
      const began = at;
      for (let n = 0; tapeAt(tape, n).timestampUs < seconds * 1_000_000; n += 1) {
        const packet = tapeAt(tape, n);
        at = Math.max(at, began + packet.timestampUs / 1000);
        if (sound || packet.track === 'video') ingest.push(packet);
      }
      ingest.end('over');
    },
  };
}

describe('a host who comes back without a microphone', () => {
  test('changes no track: what is kept goes on with the same beginning’s codecs, pictures and sound in all of it', () => {
    const live = onAir();
    live.publish(6, { sound: true });
    live.publish(6, { sound: false });
    live.publish(6, { sound: true });
    expect(live.kept.length).toBeGreaterThan(6);
    const codecs = new Set(live.kept.map(({ beginning }) => beginning.codecs));
    expect([...codecs]).toEqual([expect.stringMatching(/^avc1\.\w+,mp4a\.40\.2$/)]);
    const inits = new Set(live.kept.map(({ beginning }) => beginning.bytes.toString('hex')));
    expect(inits.size).toBe(1);
  });

  test('offers no sound without pictures while there is none to hear', () => {
    const live = onAir();
    const offered: string[][] = [];
    for (const sound of [false, true]) {
      const ingest = live.program.open({ via: 'browser', publisher: 'host' });
      ingest.configure({ video: tape.video, ...(sound ? { audio: tape.audio } : {}) });
      offered.push(live.program.offered());
    }
    expect(offered).toEqual([['high'], ['high', 'sound']]);
  });
});

describe('silence', () => {
  test('keeps up with the pictures without gap or overlap, and does not fill a break', () => {
    const silence = createSilence(undefined);
    expect(silence.config).toBe(SILENCE);
    const frames = Array.from({ length: 60 }, (_one, n) => silence.upTo(n * 33_333, (n + 1) * 33_333)).flat();
    for (let n = 1; n < frames.length; n += 1) {
      expect(frames[n]!.startUs).toBe(frames[n - 1]!.startUs + frames[n - 1]!.durationUs);
    }
    const end = frames.at(-1)!;
    expect(end.startUs + end.durationUs).toBeGreaterThanOrEqual(60 * 33_333);
    expect(end.startUs).toBeLessThan(60 * 33_333);
    expect(silence.upTo(9_000_000, 9_033_333)[0]!.startUs).toBe(9_000_000);
  });

  test('is what the sound before it was', () => {
    const opus = { codec: 'opus', description: new Uint8Array(19), sampleRate: 48_000, channels: 1 } as const;
    const [frame] = createSilence(opus).upTo(0, 1);
    expect([frame!.durationUs, frame!.data.length]).toEqual([20_000, 3]);
    const mono = { ...SILENCE, channels: 1 };
    expect(createSilence(mono).upTo(0, 1)[0]!.data).not.toEqual(createSilence(undefined).upTo(0, 1)[0]!.data);
  });
});

describe('a replay', () => {
  const entry = (n: number, more: Partial<IndexEntry> = {}): IndexEntry => ({
    ...{ n, i: 1, t: 0, d: 2_000_000, at: n * 2_000, b: 1, x: 0 },
    ...more,
  });
  test('leaves out stretches of sound alone between pictures, and is sound where there is nothing else', () => {
    const mixed = placed([{ recording: 'a', entries: [entry(0), entry(1, { s: 1 }), entry(2)] }]);
    expect(mixed.map(({ n, fromMs }) => [n, fromMs])).toEqual([[0, 0], [2, 2_000]]); // prettier-ignore
    expect(placed([{ recording: 'a', entries: [entry(0, { s: 1 })] }])).toHaveLength(1);
  });
});

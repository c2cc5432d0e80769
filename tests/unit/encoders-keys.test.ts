import { describe, expect, test } from 'vitest';
import { createFeed } from '../../server/video/encoders/feed.rules.ts';
import {
  kindOfAction,
  liveOfPath,
  originsOf,
  secretsIn,
  takesPublishers,
  withToken,
  type Handover,
} from '../../server/video/encoders/handover.rules.ts';
import { handoverForm } from '../../server/video/encoders/handover.schema.ts';
import { keyState, mayTakeOver, type StreamKey } from '../../server/video/encoders/keys.rules.ts';
import type { AudioTrackConfig, Packet, Tracks, VideoTrackConfig } from '../../server/video/ingest.rules.ts';

const AT = new Date('2026-05-01T08:00:00Z');
const later = (ms: number) => new Date(AT.getTime() + ms);

describe('a stream key', () => {
  const claim = { connection: 'a', via: 'rtmp' as const, address: '198.51.100.7', since: AT, heardAt: AT };
  const key: StreamKey = {
    ...{ _id: 'live-1', hash: 'x', hint: 'abcd', madeAt: AT, madeBy: 'h', claim: null, lastFault: null },
    expiresAt: later(1_000_000),
  };

  test.each([
    ['free', null, '203.0.113.1', 0, true],
    ['in use by somebody else', claim, '203.0.113.1', 5_000, false],
    ['in use from the same address', claim, '198.51.100.7', 2_000, false],
    ['silent, and the same encoder comes again', claim, '198.51.100.7', 2_500, true],
    ['left without a word, and somebody else comes', claim, '203.0.113.1', 10_000, true],
  ])('that is %s', (_what, held, address, ms, may) => {
    expect(mayTakeOver(held, address, later(ms))).toBe(may);
  });

  test('has a state', () => {
    expect(keyState(null, AT)).toBe('none');
    expect(keyState(key, AT)).toBe('ready');
    expect(keyState({ ...key, claim }, later(500))).toBe('on_air');
    expect(keyState({ ...key, claim }, later(20_000))).toBe('ready');
    expect(keyState({ ...key, hash: null }, AT)).toBe('revoked');
    expect(keyState(key, later(1_000_000))).toBe('expired');
  });
});

describe('the feed', () => {
  const video: VideoTrackConfig = {
    ...{ codec: 'avc1.42C00D', description: Uint8Array.of(1), width: 320, height: 180 },
  };
  const audio: AudioTrackConfig = {
    ...{ codec: 'mp4a.40.2', description: Uint8Array.of(2), sampleRate: 44_100, channels: 2 },
  };
  const picture = (ms: number, key = false) => ({
    ...{ track: 'video' as const, timestampUs: ms * 1000, key, data: Uint8Array.of(1) },
  });
  const sound = (ms: number) => ({
    ...{ track: 'audio' as const, timestampUs: ms * 1000, key: true, data: Uint8Array.of(1) },
  });

  function recorded() {
    const configured: Tracks[] = [];
    const packets: Packet[] = [];
    const feed = createFeed({
      configure: (tracks) => void configured.push(tracks),
      push: (packet) => void packets.push(packet),
    });
    return { ...feed, configured, packets };
  }

  test('waits for both tracks, and loses nothing meanwhile', () => {
    const { configured, packets, ...feed } = recorded();
    feed.video(video);
    feed.push(picture(0, true));
    feed.push(picture(33));
    expect(configured).toEqual([]);
    feed.audio(audio);
    expect(configured).toEqual([{ video, audio }]);
    expect(packets.map(({ timestampUs }) => timestampUs)).toEqual([0, 33_000]);
  });

  test('goes on with one track when the other has not come for a second', () => {
    const { configured, packets, ...feed } = recorded();
    feed.video(video);
    for (let ms = 0; ms <= 1_000; ms += 100) feed.push(picture(ms, ms === 0));
    expect(configured).toEqual([{ video }]);
    expect(packets).toHaveLength(11);
    feed.audio(audio);
    expect(configured).toHaveLength(2);
  });

  test('begins at a key frame, and again after another configuration', () => {
    const { packets, ...feed } = recorded();
    feed.video(video);
    feed.audio(audio);
    for (const packet of [picture(0), picture(33, true), picture(66)]) feed.push(packet);
    feed.video({ ...video, description: Uint8Array.of(9) });
    for (const packet of [picture(100), picture(133, true)]) feed.push(packet);
    expect(packets.map(({ timestampUs }) => timestampUs)).toEqual([33_000, 66_000, 133_000]);
  });

  test('the same configuration again changes nothing', () => {
    const { configured, ...feed } = recorded();
    feed.video(video);
    feed.audio(audio);
    feed.video({ ...video, description: Uint8Array.of(1) });
    expect(configured).toHaveLength(1);
  });

  test('sound that was rounded to milliseconds is put in step, a jump is kept', () => {
    const { packets, ...feed } = recorded();
    feed.video(video);
    feed.audio(audio);
    const frame = (1024 * 1_000_000) / 44_100;
    for (let index = 0; index < 2_000; index += 1) feed.push(sound(Math.floor((index * frame) / 1000)));
    const steps = packets.slice(1).map(({ timestampUs }, at) => timestampUs - packets[at]!.timestampUs);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(100);
    // And after all that it is where it should be, to a millisecond.
    expect(Math.abs(packets.at(-1)!.timestampUs - 1_999 * frame)).toBeLessThan(1_500);
    feed.push(sound(90_000));
    expect(packets.at(-1)!.timestampUs).toBe(90_000_000);
  });

  test('pictures are as long as the time since the one before, in the order of decoding', () => {
    const { packets, ...feed } = recorded();
    feed.video(video);
    feed.audio(audio);
    feed.push({ ...picture(80, true), decodeUs: 0 });
    feed.push({ ...picture(200), decodeUs: 40_000 });
    feed.push({ ...picture(120), decodeUs: 80_000 });
    expect(packets.map(({ durationUs }) => durationUs)).toEqual([33_333, 40_000, 40_000]);
  });
});

describe('handing over', () => {
  const handover: Handover = {
    ...{ _id: 'live-1', version: 1, play: [], protectPlay: false, by: 'h', at: AT },
    publish: { whip: 'https://media.test/live-1/whip', rtmp: null, token: null, expiresAt: null },
  };

  test('a path names a live by its last part', () => {
    expect(liveOfPath('live/abc-1')).toBe('abc-1');
    expect(liveOfPath('/abc-1/')).toBe('abc-1');
    expect(liveOfPath('live/../..')).toBeUndefined();
    expect(liveOfPath('')).toBeUndefined();
  });

  test('secrets are found in a query', () => {
    expect(secretsIn('?key=a&user=b&token=c')).toEqual(['c', 'a']);
    expect(secretsIn('token=&pass=%20x')).toEqual([' x']);
    expect(secretsIn(`?${'key=a&'.repeat(50)}`)).toHaveLength(8);
  });

  test('actions are publishing, reading, or nothing that we allow', () => {
    expect(
      ['publish', 'on_publish', 'read', 'playback', 'on_play', 'api', 'metrics', 'pprof'].map(kindOfAction),
    ).toEqual([...['publish', 'publish', 'read', 'read', 'read'], ...[undefined, undefined, undefined]]);
  });

  test('publishers are taken until the hour that was set', () => {
    const until = { ...handover, publish: { ...handover.publish, expiresAt: later(1_000) } };
    expect(takesPublishers(handover, AT)).toBe(true);
    expect(takesPublishers(until, later(999))).toBe(true);
    expect(takesPublishers(until, later(1_000))).toBe(false);
    expect(takesPublishers({ ...handover, publish: { ...handover.publish, whip: null } }, AT)).toBe(false);
    expect(takesPublishers(null, AT)).toBe(false);
  });

  test('a token joins what the address has already', () => {
    expect(withToken('https://media.test/a/index.m3u8?x=1', 't.1')).toBe(
      'https://media.test/a/index.m3u8?x=1&token=t.1',
    );
  });

  test('the origins that a page may reach are each named once', () => {
    const play = ['https://a.test/1', 'https://a.test/2', 'wss://b.test:8443/3'];
    expect(originsOf(play.map((url) => ({ type: 'hls' as const, url })))).toEqual([
      'https://a.test',
      'wss://b.test:8443',
    ]);
  });

  test('the form takes what is filled in, and refuses other kinds of addresses', () => {
    const form = handoverForm.parse({
      ...{
        version: '0',
        whip: 'https://media.test/x/whip',
        rtmp: '',
        token: '',
        expiresAt: '2026-05-01T20:00',
      },
      ...{ playType0: 'whep', playUrl0: 'https://media.test/x/whep', playUrl1: '', protectPlay: '1' },
    });
    expect(form).toEqual({
      ...{ version: 0, whip: 'https://media.test/x/whip', rtmp: null, token: null, forgetToken: false },
      ...{ protectPlay: true, expiresAt: new Date('2026-05-01T12:00:00Z') },
      play: [{ type: 'whep', url: 'https://media.test/x/whep' }],
    });
    const bad = handoverForm.safeParse({
      ...{ version: '0', whip: 'javascript:alert(1)', rtmp: 'https://media.test/' },
      ...{ token: 'two words', playUrl0: 'ftp://x/', playUrl3: `https://x.test/${'x'.repeat(600)}` },
    });
    const paths = bad.error?.issues.map(({ path }) => path.join('.')).sort();
    expect(paths).toEqual(['playUrl0', 'playUrl3', 'rtmp', 'token', 'whip']);
  });
});

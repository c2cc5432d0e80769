import type { AudioTrackConfig, Ingest, Packet, Tracks, VideoTrackConfig, Via } from './ingest.rules.ts';
import { createRendition, RENDITIONS, type Fragment, type RenditionName } from './rendition.rules.ts';
import { createSilence } from './silence.rules.ts';
import { createSegmenter, type Segment } from './segments.rules.ts';
import {
  anchorFor,
  exactVideo,
  fitsAudio,
  fitsVideo,
  MAX_PACKET_BYTES,
  MAX_PACKETS_PER_SECOND,
} from './timeline.rules.ts';

/** What our own page sends besides: its pictures a second time, smaller. */
export interface StudioTracks extends Tracks {
  low?: VideoTrackConfig;
}
export type StudioPacket = Omit<Packet, 'track'> & { track: Packet['track'] | 'low' };

export interface StudioIngest extends Omit<Ingest, 'configure' | 'push'> {
  configure(tracks: StudioTracks): void;
  push(packet: StudioPacket): void;
}

export interface Publisher {
  via: Via;
  publisher: string;
  /** Somebody else than the publisher has ended it. */
  over?: (reason: string) => void;
}

/** Everything that can be played from here on: what a late joiner gets at once. */
interface Channel {
  plan: Tracks | undefined;
  rendition: ReturnType<typeof createRendition>;
  segmenter: ReturnType<typeof createSegmenter>;
  sinceKey: Fragment[];
  listeners: Set<(fragment: Fragment) => void>;
  /** Of the last whole segment. */
  bitsPerSecond: number;
}

/** A key frame may be far away, but not without bound: what came before is forgotten with it. */
const MAX_SINCE_KEY = 150;

export type Program = ReturnType<typeof createProgram>;

/** One live as it goes out: whoever publishes it, one timeline, three renditions. */
export function createProgram(deps: {
  live: string;
  /** Wall clock in ms. */
  now: () => number;
  /** Segments of the best rendition, to be kept. */
  keep: (segment: Segment) => void;
  /** Somebody began or ended to publish, a part came: whoever waits looks again. */
  moved: () => void;
}) {
  const { now } = deps;
  const beganAt = now();
  const channels = Object.fromEntries(RENDITIONS.map((name) => [name, newChannel(name)])) as Record<
    RenditionName,
    Channel
  >;
  let publisher: (Publisher & { ask?: () => void }) | undefined;
  let beginnings = 0;
  let endUs = 0;
  /** The last sound that this live had. */
  let voice: AudioTrackConfig | undefined;
  let dropped = 0;
  let heardAt = 0;
  let lastAsk = 0;

  function newChannel(name: RenditionName): Channel {
    const segmenter = createSegmenter((segment) => {
      channel.bitsPerSecond = Math.round((segment.bytes * 8_000_000) / Math.max(1, segment.durationUs));
      if (name === 'high') deps.keep(segment);
    });
    const channel: Channel = {
      plan: undefined,
      segmenter,
      sinceKey: [],
      listeners: new Set(),
      bitsPerSecond: name === 'sound' ? 96_000 : name === 'low' ? 500_000 : 1_500_000,
      rendition: createRendition((fragment) => {
        if (fragment.key || channel.sinceKey.length >= MAX_SINCE_KEY) channel.sinceKey = [];
        if (fragment.key || channel.sinceKey.length > 0) channel.sinceKey.push(fragment);
        segmenter.push(fragment, beganAt + fragment.startUs / 1000);
        for (const listener of channel.listeners) listener(fragment);
        deps.moved();
      }),
    };
    return channel;
  }

  function begin({ video, low, audio }: StudioTracks, isSilent: boolean) {
    beginnings += 1;
    const sound = audio ? { audio } : {};
    const plans: Record<RenditionName, Tracks | undefined> = {
      high: video || audio ? { ...(video ? { video } : {}), ...sound } : undefined,
      low: low ? { video: low, ...sound } : undefined,
      sound: audio && video && !isSilent ? sound : undefined,
    };
    for (const name of RENDITIONS) {
      const channel = channels[name];
      const plan = plans[name];
      // A second stream that comes or goes is nothing to those who watch the first.
      if (plan && sameTracks(plan, channel.plan)) continue;
      channel.plan = plan;
      channel.sinceKey = [];
      if (plan) channel.rendition.begin(beginnings, plan);
      else channel.rendition.stop();
    }
    deps.moved();
  }

  /** @returns bytes that may be published as this live from now on; whoever did before is ended */
  function open(coming: Publisher): StudioIngest {
    publisher?.over?.('taken_over');
    const mine: NonNullable<typeof publisher> = { ...coming };
    publisher = mine;
    let tracks: StudioTracks = {};
    let anchor: number | undefined;
    let silence: ReturnType<typeof createSilence> | undefined;
    let lastUs: Record<string, number> = {};
    let second = 0;
    let packets = 0;

    /** Strangers' numbers: a rate that no camera has, and times that lead nowhere, are left out. */
    function within(packet: StudioPacket): boolean {
      const at = now();
      const thisSecond = Math.floor(at / 1000);
      if (thisSecond !== second) [second, packets] = [thisSecond, 0];
      packets += 1;
      const sane =
        Number.isFinite(packet.timestampUs) && packet.durationUs > 0 && packet.durationUs <= 2_000_000;
      return sane && packets <= MAX_PACKETS_PER_SECOND && packet.data.length <= MAX_PACKET_BYTES;
    }

    return {
      configure(next) {
        if (publisher !== mine) return;
        tracks = {
          ...(next.video && fitsVideo(next.video) ? { video: exactVideo(next.video) } : {}),
          ...(next.low && fitsVideo(next.low) ? { low: exactVideo(next.low) } : {}),
          ...(next.audio && fitsAudio(next.audio) ? { audio: next.audio } : {}),
        };
        lastUs = {};
        voice = tracks.audio ?? voice;
        silence = tracks.video && !tracks.audio ? createSilence(voice) : undefined;
        begin(silence ? { ...tracks, audio: silence.config } : tracks, silence !== undefined);
        mine.ask?.();
      },
      push(packet) {
        if (publisher !== mine || !tracks[packet.track]) return;
        if (!within(packet)) return void (dropped += 1);
        heardAt = now();
        const decoded = packet.decodeUs ?? packet.timestampUs;
        anchor = anchorFor(anchor, decoded, { nowUs: (heardAt - beganAt) * 1000, endUs });
        const decodeUs = decoded + anchor;
        if (decodeUs <= (lastUs[packet.track] ?? -1)) return void (dropped += 1);
        lastUs[packet.track] = decodeUs;
        const timestampUs = Math.max(decodeUs, packet.timestampUs + anchor);
        const { durationUs, key, data } = packet;
        const quiet = packet.track === 'video' ? silence?.upTo(decodeUs, decodeUs + durationUs) : undefined;
        for (const { startUs, ...frame } of quiet ?? []) {
          deliver('audio', { timestampUs: startUs, decodeUs: startUs, key: true, ...frame });
        }
        const soundEnd = quiet?.at(-1);
        endUs = Math.max(endUs, decodeUs + durationUs, soundEnd ? soundEnd.startUs + soundEnd.durationUs : 0);
        deliver(packet.track, { timestampUs, decodeUs, durationUs, key, data });
      },
      onKeyFrameWanted(ask) {
        mine.ask = ask;
      },
      end() {
        if (publisher !== mine) return;
        stop();
      },
    };
  }

  function deliver(track: StudioPacket['track'], sample: Parameters<Channel['rendition']['picture']>[0]) {
    if (track === 'video') channels.high.rendition.picture(sample);
    else if (track === 'low') channels.low.rendition.picture(sample);
    else for (const name of RENDITIONS) channels[name].rendition.sound({ ...sample, key: true });
  }

  function stop() {
    for (const name of RENDITIONS) {
      const channel = channels[name];
      channel.plan = undefined;
      channel.rendition.stop();
      channel.segmenter.close();
      channel.sinceKey = [];
    }
    // Last: what was held back still went out, and nobody is told to begin after they were told that it is off.
    publisher = undefined;
    deps.moved();
  }

  return {
    live: deps.live,
    open,
    offered: (): RenditionName[] => RENDITIONS.filter((name) => channels[name].rendition.beginning),
    beginning: (name: RenditionName) => channels[name].rendition.beginning,
    /** From the last key frame on. */
    sinceKey: (name: RenditionName): readonly Fragment[] => channels[name].sinceKey,
    bitsPerSecond: (name: RenditionName) => channels[name].bitsPerSecond,
    segmenter: (name: RenditionName) => channels[name].segmenter,
    /** @returns a way to listen no more */
    listen(name: RenditionName, listener: (fragment: Fragment) => void) {
      channels[name].listeners.add(listener);
      return () => void channels[name].listeners.delete(listener);
    },
    /** A picture to begin with, for somebody who has none; asked for at most twice a second. */
    wantKey() {
      if (now() - lastAsk < 500) return;
      lastAsk = now();
      publisher?.ask?.();
    },
    onAir: () => publisher !== undefined,
    via: () => publisher?.via,
    heardAt: () => heardAt,
    dropped: () => dropped,
    /** Ends whoever publishes. */
    end(reason: string) {
      const mine = publisher;
      stop();
      mine?.over?.(reason);
    },
  };
}

function sameTracks(a: Tracks, b: Tracks | undefined): boolean {
  if (!b) return false;
  const same = (
    one: { description: Uint8Array } | undefined,
    other: { description: Uint8Array } | undefined,
  ) => one === other || (one && other && Buffer.compare(one.description, other.description) === 0);
  const { width, height } = a.video ?? {};
  return Boolean(
    same(a.video, b.video) &&
    same(a.audio, b.audio) &&
    width === b.video?.width &&
    height === b.video?.height,
  );
}

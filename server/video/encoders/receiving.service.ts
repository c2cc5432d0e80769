import type { Track } from 'node-datachannel';
import type { VideoTrackConfig } from '../ingest.rules.ts';
import { createPictures, OPUS_HEAD, opusLength, type Picture } from './pictures.rules.ts';
import type { Publication } from './publication.service.ts';
import { bitrateLimit, createReception, nack, parseSenderReports, pictureLoss } from './rtcp.rules.ts';
import { createReorder, createUnwrap, isRtcp, parseRtp, type Ordered } from './rtp.rules.ts';
import type { Narrowed } from './sdp.rules.ts';
import { createTimeline } from './timeline.rules.ts';

const TICK_MS = 20;
const REPORT_MS = 500;
/** A key frame is asked for when none has come for so long: segments and late joiners need them. */
const KEY_EVERY_MS = 2_000;
const KEY_PATIENCE_MS = 500;
/** What a live's picture is worth; the sender stays below it and finds out itself what its line carries. */
const BITS_PER_SECOND = 3_500_000;

type Kind = 'video' | 'audio';

interface Source {
  kind: Kind;
  track: Track;
  ssrc: number | undefined;
  unwrap: (sequence: number) => number;
  reorder: ReturnType<typeof createReorder>;
  reception: ReturnType<typeof createReception>;
}

export type Receiving = ReturnType<typeof createReceiving>;

/**
 * What arrives over a WebRTC connection: put in order, with what is lost asked for again (the library asks for nothing
 * by itself), made into pictures and sound for the publication.
 */
export function createReceiving(offer: Narrowed, { own }: { own: number }) {
  const sources: Source[] = [];
  const pictures = createPictures();
  const timeline = createTimeline();
  let publication: Publication | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastKey = 0;
  let lastAsked = -Infinity;
  let lastReport = 0;

  const send = (source: Source, bytes: Uint8Array | undefined) => {
    if (bytes && source.track.isOpen()) source.track.sendMessageBinary(Buffer.from(bytes));
  };

  function askForKey(now: number) {
    const video = sources.find(({ kind }) => kind === 'video');
    if (video?.ssrc === undefined || now - lastAsked < KEY_PATIENCE_MS) return;
    lastAsked = now;
    send(video, pictureLoss(own, video.ssrc));
  }

  function deliverPicture({ timestamp, key, data, config }: Picture, now: number) {
    if (config) publication?.video(config satisfies VideoTrackConfig);
    if (key) lastKey = now;
    const timestampUs = timeline.at('video', timestamp, now);
    publication?.push({ track: 'video', timestampUs, key, data });
  }

  function deliverSound({ packet }: Ordered, now: number) {
    const durationUs = opusLength(packet.payload);
    if (durationUs === undefined) return;
    const timestampUs = timeline.at('audio', packet.timestamp, now);
    publication?.push({ track: 'audio', timestampUs, durationUs, key: true, data: packet.payload });
  }

  function deliver(source: Source, ordered: readonly Ordered[], now: number) {
    for (const one of ordered) {
      if (source.kind === 'audio') deliverSound(one, now);
      else for (const picture of pictures.take(one)) deliverPicture(picture, now);
    }
  }

  function take(source: Source, bytes: Uint8Array) {
    const now = performance.now();
    if (isRtcp(bytes)) {
      for (const report of parseSenderReports(bytes)) {
        if (report.ssrc !== source.ssrc) continue;
        timeline.report(source.kind, report);
        source.reception.report(report, now);
      }
      return;
    }
    // Before the connection is whole, a configuration would be lost with its packet.
    const packet = publication && parseRtp(bytes);
    if (!packet || packet.payloadType !== offer[source.kind] || packet.payload.length === 0) return;
    source.ssrc ??= packet.ssrc;
    if (packet.ssrc !== source.ssrc) return;
    source.reception.packet(source.unwrap(packet.sequence), packet.timestamp, now);
    deliver(source, source.reorder.push(packet, now), now);
  }

  function tick() {
    const now = performance.now();
    const reports = now - lastReport >= REPORT_MS;
    if (reports) lastReport = now;
    for (const source of sources) {
      if (source.ssrc === undefined) continue;
      deliver(source, source.reorder.overdue(now), now);
      const wanted = source.reorder.wanted(now);
      if (wanted.length > 0) send(source, nack(own, source.ssrc, wanted));
      if (reports) send(source, source.reception.write(own, source.ssrc, now));
      if (reports && source.kind === 'video') send(source, bitrateLimit(own, source.ssrc, BITS_PER_SECOND));
    }
    if (pictures.waits() || now - lastKey >= KEY_EVERY_MS) askForKey(now);
  }

  return {
    /** Kept by us: an object of the library that nobody holds is closed when it is collected. */
    add(track: Track) {
      const kind: Kind = track.type() === 'video' ? 'video' : 'audio';
      if (sources.some((source) => source.kind === kind)) return;
      const clockRate = kind === 'video' ? 90_000 : 48_000;
      const source: Source = {
        ...{ kind, track, ssrc: undefined, unwrap: createUnwrap(16) },
        reorder: createReorder(),
        reception: createReception(clockRate),
      };
      sources.push(source);
      track.onMessage((bytes) => take(source, bytes));
    },
    start(to: Publication) {
      publication = to;
      if (offer.audio !== undefined) {
        to.audio({ codec: 'opus', description: OPUS_HEAD, sampleRate: 48_000, channels: 2 });
      }
      to.ingest.onKeyFrameWanted(() => askForKey(performance.now()));
      timer = setInterval(tick, TICK_MS);
    },
    stop() {
      clearInterval(timer);
      publication = undefined;
      for (const { track } of sources) track.close();
      sources.length = 0;
    },
  };
}

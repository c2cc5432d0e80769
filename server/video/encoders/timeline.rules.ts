import type { SenderReport } from './rtcp.rules.ts';
import { createUnwrap } from './rtp.rules.ts';

type Kind = 'video' | 'audio';

const CLOCK_RATE: Record<Kind, number> = { video: 90_000, audio: 48_000 };
/** Sound this much off from its picture is noticed by nobody (ITU-R BT.1359: 45 ms early, 125 ms late). */
const TOLERATED_US = 20_000;

interface Line {
  unwrap: (timestamp: number) => number;
  first: number | undefined;
  /** Media time of the first packet, in µs. */
  startUs: number;
  /** Wall clock of the sender at media time 0, in seconds, by its latest report. */
  origin: number | undefined;
}

/**
 * One time for sound and picture, in microseconds since the first packet. Each track's RTP time begins anywhere; where
 * they meet is first taken from their arrival, then from the sender's reports (RFC 3550, 6.4.1).
 */
export function createTimeline() {
  const line = (): Line => ({ unwrap: createUnwrap(32), first: undefined, startUs: 0, origin: undefined });
  const lines: Record<Kind, Line> = { video: line(), audio: line() };
  let began: number | undefined;

  function align() {
    const { video, audio } = lines;
    if (video.origin === undefined || audio.origin === undefined) return;
    const offUs = Math.round((audio.origin - video.origin) * 1_000_000);
    if (Math.abs(offUs) <= TOLERATED_US) return;
    // The sound moves: a picture that jumped would be cut by players.
    audio.startUs += offUs;
    audio.origin = video.origin;
  }

  const unitsUs = (kind: Kind, units: number) => Math.round((units * 1_000_000) / CLOCK_RATE[kind]);

  return {
    /** @param now arrival in ms, on a clock that does not jump */
    at(kind: Kind, rtpTimestamp: number, now: number): number {
      const track = lines[kind];
      const time = track.unwrap(rtpTimestamp);
      began ??= now;
      if (track.first === undefined) {
        track.first = time;
        track.startUs = Math.round((now - began) * 1000);
      }
      return Math.max(0, track.startUs + unitsUs(kind, time - track.first));
    },
    report(kind: Kind, { ntpSeconds, rtpTimestamp }: SenderReport) {
      const track = lines[kind];
      if (track.first === undefined) return;
      const mediaUs = track.startUs + unitsUs(kind, track.unwrap(rtpTimestamp) - track.first);
      track.origin = ntpSeconds - mediaUs / 1_000_000;
      align();
    },
  };
}

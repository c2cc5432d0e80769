import type { Beginning } from './rendition.rules.ts';
import { PART_TARGET_SECONDS, TARGET_SECONDS, type Segment, type Window } from './segments.rules.ts';

/** Playlists of HTTP Live Streaming (RFC 8216 and draft-pantos-hls-rfc8216bis for low latency). */

/** Low latency: players keep this far behind, in seconds; Apple asks for three parts at least. */
const PART_HOLD_BACK = 3 * PART_TARGET_SECONDS;
/** Parts are named for the latest segments only. */
const SEGMENTS_WITH_PARTS = 3;

const seconds = (us: number) => (us / 1_000_000).toFixed(5);

export interface Variant {
  name: string;
  beginning: Beginning;
  bitsPerSecond: number;
}

export function masterPlaylist(variants: readonly Variant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const { name, beginning, bitsPerSecond } of variants) {
    const size = beginning.width > 0 ? `,RESOLUTION=${beginning.width}x${beginning.height}` : '';
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${bitsPerSecond},CODECS="${beginning.codecs}"${size}`,
      `${name}.m3u8`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** A live's playlist; URIs are relative to it. */
export function livePlaylist(name: string, { segments, discontinuities }: Window): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${TARGET_SECONDS}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${PART_HOLD_BACK.toFixed(1)}`,
    `#EXT-X-PART-INF:PART-TARGET=${PART_TARGET_SECONDS}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuities}`,
  ];
  let map: Beginning | undefined;
  segments.forEach((segment, index) => {
    // One that has no part yet is only announced by the hint below.
    if (!segment.whole && segment.parts.length === 0 && index > 0) return;
    if (segment.discontinuity && index > 0) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.beginning !== map)
      lines.push(`#EXT-X-MAP:URI="${name}/init-${segment.beginning.number}.mp4"`);
    map = segment.beginning;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.at).toISOString()}`);
    if (segments.length - index <= SEGMENTS_WITH_PARTS) lines.push(...partLines(name, segment));
    if (segment.whole)
      lines.push(`#EXTINF:${seconds(segment.durationUs)},`, `${name}/seg-${segment.number}.m4s`);
  });
  const last = segments.at(-1);
  if (last) {
    const [number, part] = last.whole ? [last.number + 1, 0] : [last.number, last.parts.length];
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${name}/part-${number}-${part}.m4s"`);
  }
  return `${lines.join('\n')}\n`;
}

function partLines(name: string, segment: Segment): string[] {
  return segment.parts.map(
    ({ durationUs, independent }, index) =>
      `#EXT-X-PART:DURATION=${seconds(durationUs)},URI="${name}/part-${segment.number}-${index}.m4s"` +
      (independent ? ',INDEPENDENT=YES' : ''),
  );
}

/** A segment that was kept. */
export interface Kept {
  uri: string;
  mapUri: string;
  durationUs: number;
  /** Wall clock of its first picture, in ms. */
  at: number;
  /** The one before does not lead into it. */
  discontinuity: boolean;
}

/** A recording or a stretch of one: everything is there, and nothing comes any more. */
export function keptPlaylist(segments: readonly Kept[]): string {
  const longest = segments.reduce((max, { durationUs }) => Math.max(max, durationUs), 1_000_000);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(longest / 1_000_000)}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MEDIA-SEQUENCE:0',
  ];
  let map = '';
  segments.forEach(({ uri, mapUri, durationUs, at, discontinuity }, index) => {
    const other = mapUri !== map;
    if (index > 0 && (discontinuity || other)) lines.push('#EXT-X-DISCONTINUITY');
    if (other) lines.push(`#EXT-X-MAP:URI="${mapUri}"`);
    map = mapUri;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(at).toISOString()}`);
    lines.push(`#EXTINF:${seconds(durationUs)},`, uri);
  });
  return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`;
}

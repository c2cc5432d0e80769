import type { Program } from './program.service.ts';
import { livePlaylist, masterPlaylist } from './playlist.rules.ts';
import { RENDITIONS, type RenditionName } from './rendition.rules.ts';
import type { Segment } from './segments.rules.ts';

export interface Found {
  status: 200 | 400 | 404;
  type?: string;
  body?: string | Buffer;
  /** Seconds; 0: never. */
  keepSeconds?: number;
}

const NOT_FOUND: Found = { status: 404 };
const PLAYLIST = 'application/vnd.apple.mpegurl';
/** A player that asks for what is not there yet is answered when it is, or after three target durations. */
const PATIENCE_MS = 6_000;

/** Somebody waits until this says true. */
export type Wait = (ready: () => boolean, ms: number) => Promise<boolean>;

/** Answers everything below a live's HLS address. @param path without the live, e.g. `high/seg-3.m4s` */
export async function serveHls(
  program: Program,
  path: string,
  query: URLSearchParams,
  wait: Wait,
): Promise<Found> {
  if (path === 'index.m3u8') {
    if (program.offered().length === 0) return NOT_FOUND;
    return { status: 200, type: PLAYLIST, body: master(program), keepSeconds: 0 };
  }
  const list = /^(high|low|sound)\.m3u8$/.exec(path);
  if (list) return playlist(program, list[1] as RenditionName, query, wait);
  const file = /^(high|low|sound)\/(init|seg|part)-(\d{1,9})(?:-(\d{1,4}))?\.(?:m4s|mp4)$/.exec(path);
  if (!file) return NOT_FOUND;
  const [, name, kind, first, second] = file;
  return piece(program, { name: name as RenditionName, kind: kind!, first: Number(first), second }, wait);
}

function master(program: Program): string {
  return masterPlaylist(
    RENDITIONS.flatMap((name) => {
      const beginning = program.beginning(name);
      return beginning
        ? [{ name, beginning, bitsPerSecond: Math.round(program.bitsPerSecond(name) * 1.3) }]
        : [];
    }),
  );
}

async function playlist(
  program: Program,
  name: RenditionName,
  query: URLSearchParams,
  wait: Wait,
): Promise<Found> {
  const segmenter = program.segmenter(name);
  const asked = query.get('_HLS_msn');
  if (asked !== null) {
    const number = Number(asked);
    const part = Number(query.get('_HLS_part') ?? -1);
    const next = segmenter.next();
    if (!Number.isInteger(number) || !Number.isInteger(part) || number > next.number + 2)
      return { status: 400 };
    await wait(() => isThere(segmenter.next(), number, part), PATIENCE_MS);
  } else {
    // The first list that a player sees names something to play.
    await wait(() => segmenter.window().segments.length > 0, PATIENCE_MS);
  }
  const window = segmenter.window();
  if (window.segments.length === 0) return NOT_FOUND;
  return { status: 200, type: PLAYLIST, body: livePlaylist(name, window), keepSeconds: 0 };
}

/** @param part -1: the whole segment */
function isThere(next: { number: number; part: number }, number: number, part: number): boolean {
  return next.number > number || (part >= 0 && next.number === number && next.part > part);
}

interface Piece {
  name: RenditionName;
  kind: string;
  first: number;
  second: string | undefined;
}

async function piece(program: Program, { name, kind, first, second }: Piece, wait: Wait): Promise<Found> {
  const segmenter = program.segmenter(name);
  const segments = segmenter.kept();
  if (kind === 'init') {
    const beginning =
      segments.find((one) => one.beginning.number === first)?.beginning ?? program.beginning(name);
    return beginning?.number === first ? media(beginning.bytes) : NOT_FOUND;
  }
  const find = () => segmenter.kept().find((one) => one.number === first);
  if (kind === 'seg') {
    const segment = find();
    return segment?.whole ? media(Buffer.concat(segment.parts.map(({ bytes }) => bytes))) : NOT_FOUND;
  }
  const part = Number(second);
  const next = segmenter.next();
  // What was announced is waited for: at most the next part of this segment, or the first of the next one.
  const announced = first === next.number ? part <= next.part : first === next.number + 1 && part === 0;
  if (!find()?.parts[part] && announced) await wait(() => isReady(find(), part), PATIENCE_MS);
  const bytes = find()?.parts[part]?.bytes;
  return bytes ? media(bytes) : NOT_FOUND;
}

const isReady = (segment: Segment | undefined, part: number) =>
  segment !== undefined && (segment.whole || segment.parts.length > part);

const media = (body: Buffer): Found => ({ status: 200, type: 'video/mp4', body, keepSeconds: 60 });

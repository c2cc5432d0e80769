import type { Lang, Localized } from '../platform/lang.ts';
import type { Recordings } from '../video/index.ts';
import { momentOf, placeIn } from '../video/index.ts';
import type { Chapter } from './chapters.rules.ts';
import type { Chapters } from './chapters.service.ts';
import type { Live, Lives } from './live.service.ts';

export type Replays = ReturnType<typeof createReplays>;

export interface ReplayChapter {
  chapter: Chapter;
  /** Milliseconds from the replay's beginning. */
  fromMs: number;
  toMs: number;
}

/** Shorter ones are slips of the finger. */
const SHORTEST_MS = 3_000;
const LINES_AT_MOST = 500;
const CLIPS_MS = 60_000;

interface Clip {
  href: string;
  title: Localized;
}

/** A live watched again: its recording with the chapters and the chat of that time. */
export function createReplays(deps: { recordings: Recordings; chapters: Chapters; lives: Lives }) {
  const { recordings, chapters, lives } = deps;

  let clips: { until: number; found: Promise<Map<string, Clip>> } | undefined;

  /** The latest showing of each product, of the latest lives. */
  async function latestClips(): Promise<Map<string, Clip>> {
    const ended = await lives.ended();
    const kept = await recordings.among(ended.map(({ _id }) => _id));
    const found = new Map<string, Clip>();
    for (const live of ended.filter(({ _id }) => kept.has(_id))) {
      for (const { chapter } of (await read(live)).chapters) {
        const href = `/live/${live._id}/clip/${chapter.seq}`;
        if (!found.has(chapter.sku)) found.set(chapter.sku, { href, title: live.title });
      }
    }
    return found;
  }

  async function read(live: Live) {
    const [all, marked] = await Promise.all([recordings.ofLive(live._id), chapters.of(live._id)]);
    const last = all.at(-1);
    const durationMs = last ? last.fromMs + last.d / 1000 : 0;
    const place = (at: Date | null) => (at ? (placeIn(all, at.getTime())?.offsetMs ?? 0) : durationMs);
    const found = marked
      .map((chapter): ReplayChapter => ({ chapter, fromMs: place(chapter.from), toMs: place(chapter.to) }))
      .filter(({ fromMs, toMs }) => toMs - fromMs >= SHORTEST_MS);
    return { all, durationMs, chapters: found };
  }

  return {
    /** Where one of these products was shown last. Made once a minute for all of them: every product page asks. */
    async clipOf(skus: readonly string[], lang: Lang): Promise<{ href: string; title: string } | undefined> {
      const now = Date.now();
      if (!clips || clips.until < now) {
        const found = latestClips();
        clips = { until: now + CLIPS_MS, found };
        found.catch(() => (clips = undefined));
      }
      const found = await clips.found;
      const clip = skus.map((sku) => found.get(sku)).find((one) => one !== undefined);
      return clip && { href: clip.href, title: clip.title[lang] };
    },

    /** Chapters in their order, and where an instant is; undefined when nothing was kept. */
    async of(live: Live, at?: Date) {
      const { all, durationMs, chapters: found } = await read(live);
      if (all.length === 0) return undefined;
      return { durationMs, chapters: found, startMs: at ? (placeIn(all, at.getTime())?.offsetMs ?? 0) : 0 };
    },

    async chapter(live: Live, seq: number): Promise<ReplayChapter | undefined> {
      return (await read(live)).chapters.find(({ chapter }) => chapter.seq === seq);
    },

    /** What was said while a stretch was seen, each with its place in the replay. */
    async said(live: Live, { from, to }: { from: number; to: number }) {
      const all = await recordings.ofLive(live._id);
      const [first, last] = [momentOf(all, from), momentOf(all, to)];
      if (first === undefined || last === undefined) return [];
      const lines = [];
      for await (const line of lives.said(live._id, { from: new Date(first), to: new Date(last) })) {
        if (lines.length === LINES_AT_MOST) break;
        if (line.hidden) continue;
        lines.push({ line, offsetMs: placeIn(all, line.at.getTime())?.offsetMs ?? from });
      }
      return lines;
    },
  };
}

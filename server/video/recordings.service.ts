import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import {
  INDEX_FILE,
  parseIndex,
  placed,
  placeIn,
  stretch,
  sumOf,
  type IndexEntry,
  type Placed,
} from './recording.rules.ts';
import type { Recording } from './recordings.model.ts';
import type { Grown, RecordingStore } from './recordings.store.ts';

export type Recordings = ReturnType<typeof createRecordings>;

const DAY_MS = 86_400_000;
const GB = 1_000_000_000;
/** A recording that is not heard of for so long has lost its process. */
const FORGOTTEN_MS = 30_000;
/** Of the budget: from here on it is said. */
const WARN_AT = 0.8;
const LISTED = 500;
/** Parsed indexes, and replays put together of them: 2 MB each for ten hours. */
const MOST_KEPT = 16;

/**
 * What was kept of lives, for how long, and where a moment of the day is in it. Files are on the disk of the
 * machine that had the live; playlists are made of their indexes, which any process may ask for.
 */
export function createRecordings(deps: {
  store: RecordingStore;
  clock: Clock;
  log: Log;
  folder: string;
  budgetGb: number;
  keepDays: number;
  /** Where this process is reached by others of the shop. */
  address: () => string;
  /** Reads a recording's index where its files are on another machine. */
  fetchIndex: (recording: Recording) => Promise<string>;
}) {
  const { store, clock, log, folder, address } = deps;
  const disk = diskOf(folder);
  const indexes = new Map<string, { key: string; entries: IndexEntry[] }>();
  const replays = new Map<string, { of: IndexEntry[][]; whole: readonly Placed[] }>();
  let warned = false;

  const folderOf = ({ live, _id }: Pick<Recording, 'live' | '_id'>) => join(folder, live, _id);

  async function readIndexText(recording: Recording): Promise<string> {
    try {
      return await readFile(join(folderOf(recording), INDEX_FILE), 'utf8');
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return '';
      throw error;
    }
  }

  /** Ten hours are a file of 2 MB: read and parsed once as long as it does not change. */
  async function indexOf(recording: Recording): Promise<IndexEntry[]> {
    const isHere = recording.disk === (await disk);
    const key = isHere ? await stampOf(recording) : `${recording.segments}`;
    const known = indexes.get(recording._id);
    if (known?.key === key) return known.entries;
    const entries = parseIndex(await (isHere ? readIndexText(recording) : deps.fetchIndex(recording)));
    // Another machine that did not answer is asked again.
    if (isHere || entries.length > 0) keepLatest(indexes, recording._id, { key, entries });
    return entries;
  }

  async function stampOf(recording: Recording): Promise<string> {
    const found = await stat(join(folderOf(recording), INDEX_FILE)).catch(() => undefined);
    return found ? `${found.size} ${found.mtimeMs}` : '';
  }

  /** Put together once as long as its indexes are the same: for ten hours that is a tenth of a second of work. */
  async function ofLive(live: string): Promise<readonly Placed[]> {
    const runs = await store.ofLives([live]);
    const of = await Promise.all(runs.map(indexOf));
    const known = replays.get(live);
    if (known?.of.length === of.length && of.every((entries, run) => entries === known.of[run])) {
      return known.whole;
    }
    const whole = placed(of.map((entries, run) => ({ recording: runs[run]!._id, entries })));
    keepLatest(replays, live, { of, whole });
    return whole;
  }

  return {
    async begin(live: string): Promise<string> {
      const now = clock.now();
      const recording: Recording = {
        ...{
          _id: newId(),
          live,
          disk: await disk,
          address: address(),
          startedAt: now,
          endedAt: null,
          seenAt: now,
        },
        ...{ durationMs: 0, bytes: 0, segments: 0 },
        keepUntil: new Date(now.getTime() + deps.keepDays * DAY_MS),
        ...{ hold: null, removedAt: null },
      };
      await store.insert(recording);
      return recording._id;
    },
    grow: (id: string, grown: Grown) => store.grow(id, grown, clock.now()),
    end: (id: string, grown: Grown) => store.end(id, grown, clock.now()),

    /** Bytes that may still be written here; a warning is logged long before there are none. */
    async room(): Promise<{ room: number; used: number; budget: number }> {
      const used = await store.bytes(await disk);
      const budget = deps.budgetGb * GB;
      const near = used > budget * WARN_AT;
      if (near && !warned) log.warn({ used, budget }, 'recordings have taken most of their budget');
      warned = near;
      return { room: Math.max(0, budget - used), used, budget };
    },

    ofLive,
    /** Whether anything of a live can be watched. */
    async has(live: string): Promise<boolean> {
      return (await store.ofLives([live])).some(({ segments }) => segments > 0);
    },
    /** Lives of these that can be watched again. */
    async among(lives: readonly string[]): Promise<Set<string>> {
      const found = await store.ofLives(lives);
      return new Set(found.filter(({ segments }) => segments > 0).map(({ live }) => live));
    },
    /** Where an instant is in the replay of a live; undefined when nothing was kept of it. */
    async at(live: string, instant: Date): Promise<{ recording: string; offsetMs: number } | undefined> {
      return placeIn(await ofLive(live), instant.getTime());
    },
    /** A stretch of the replay in whole segments; all of it when no bounds are given. */
    async clip(
      live: string,
      bounds: { fromMs: number; toMs: number } | undefined,
    ): Promise<readonly Placed[]> {
      const all = await ofLive(live);
      return bounds ? stretch(all, bounds) : all;
    },
    byId: (id: string) => store.byId(id),
    /** Whether its files are on this machine's disk. */
    isHere: async ({ disk: of }: Pick<Recording, 'disk'>) => of === (await disk),
    indexText: readIndexText,
    /** The latest of these lives, or of all. */
    latest: (lives?: readonly string[]) => store.latest(LISTED, lives),

    /** @throws AppError `conflict` when it is held (or free) already, or gone */
    async hold(id: string, why: string | null, person: Pick<Person, 'id'>) {
      const hold = why === null ? null : { by: person.id, at: clock.now(), why };
      if (!(await store.hold(id, hold))) throw new AppError('conflict');
    },

    /** Ends in the books what a process that died was recording; what its index names is kept. */
    async recover(): Promise<number> {
      const before = new Date(clock.now().getTime() - FORGOTTEN_MS);
      const found = await store.forgotten(await disk, before);
      for (const recording of found) {
        const entries = parseIndex(await readIndexText(recording));
        const { bytes, durationUs } = sumOf(entries);
        const last = entries.at(-1);
        const end = last ? new Date(last.at + last.d / 1000) : recording.startedAt;
        await store.end(
          recording._id,
          { bytes, durationMs: durationUs / 1000, segments: entries.length },
          end,
        );
      }
      return found.length;
    },

    /** Removes what has been kept long enough. Cut short between the book and the disk, the next turn finishes it. */
    async retire(): Promise<number> {
      const now = clock.now();
      let removed = 0;
      for (const { _id } of await store.due(await disk, now)) if (await store.remove(_id, now)) removed += 1;
      const since = new Date(now.getTime() - 30 * DAY_MS);
      for (const recording of await store.removed(await disk, since)) {
        await rm(folderOf(recording), { recursive: true, force: true });
        indexes.delete(recording._id);
      }
      if (removed > 0) log.info({ removed }, 'recordings were removed after their time');
      return removed;
    },
  };
}

/** Keeps what was read last. */
function keepLatest<T>(kept: Map<string, T>, key: string, value: T) {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
}

/** A name for the disk that outlives the process and its address; all processes that share the folder share it. */
async function diskOf(folder: string): Promise<string> {
  const file = join(folder, 'disk');
  await mkdir(folder, { recursive: true });
  const mine = newId();
  // Whoever is first names it.
  await writeFile(file, mine, { flag: 'wx' }).catch((error: { code?: string }) => {
    if (error.code !== 'EEXIST') throw error;
  });
  for (let turn = 0; turn < 100; turn += 1) {
    const name = await readFile(file, 'utf8');
    if (name !== '') return name;
  }
  throw new Error(`${file} is empty: remove it`);
}

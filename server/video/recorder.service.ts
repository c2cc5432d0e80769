import { mkdir, open, statfs, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../platform/log.ts';
import { entryOf, INDEX_FILE, initFile, segmentFile } from './recording.rules.ts';
import type { Segment } from './segments.rules.ts';

/** A disk this full is left to the database. */
const FREE_BYTES = 512 * 1024 * 1024;
/** Segments that may wait for a slow disk: a minute of them. */
const MAX_WAITING = 30;

export interface Recorder {
  recording: string;
  keep(segment: Segment): void;
  state(): { bytes: number; durationMs: number; segments: number; failing: boolean };
  /** Resolves when everything is on disk. */
  close(): Promise<void>;
}

export type RoomOnDisk = (bytes: number) => boolean;

/** Writes a live's segments to disk as they become whole: first the bytes, then the line that says they are there. */
export function createRecorder(deps: {
  recording: string;
  folder: string;
  /** Whether the budget allows so many bytes more. */
  room: RoomOnDisk;
  log: Log;
}): Recorder {
  const { recording, folder, room, log } = deps;
  const written = { bytes: 0, durationMs: 0, segments: 0 };
  const inits = new Set<number>();
  let index: FileHandle | undefined;
  let waiting = 0;
  let failing = false;
  let torn = false;
  let work: Promise<void> = Promise.resolve();

  async function write(segment: Segment) {
    const bytes = Buffer.concat(segment.parts.map((part) => part.bytes));
    const { bavail, bsize } = await statfs(folder);
    if (!room(bytes.length) || bavail * bsize < FREE_BYTES) throw new NoRoomError();
    if (!inits.has(segment.beginning.number)) {
      await durable(join(folder, initFile(segment.beginning.number)), segment.beginning.bytes);
      inits.add(segment.beginning.number);
    }
    const number = written.segments;
    await durable(join(folder, segmentFile(number)), bytes);
    const entry = entryOf({ ...segment, discontinuity: segment.discontinuity || torn }, number);
    index ??= await open(join(folder, INDEX_FILE), 'a');
    await index.appendFile(`${JSON.stringify(entry)}\n`);
    await index.datasync();
    written.segments += 1;
    written.bytes += bytes.length;
    written.durationMs += entry.d / 1000;
  }

  function failed(error: unknown) {
    torn = true;
    if (!failing) log.error({ err: error, recording }, 'the recording has a gap: nothing can be written');
    failing = true;
  }

  return {
    recording,
    keep(segment) {
      if (segment.parts.length === 0) return;
      if (waiting >= MAX_WAITING) return failed(new Error('the disk is too slow'));
      waiting += 1;
      work = work
        .then(() => mkdir(folder, { recursive: true }))
        .then(() => write(segment))
        .then(
          () => {
            failing = false;
            torn = false;
          },
          (error: unknown) => failed(error),
        )
        .finally(() => void (waiting -= 1));
    },
    state: () => ({ ...written, failing }),
    async close() {
      await work;
      await index?.close();
      index = undefined;
    },
  };
}

class NoRoomError extends Error {
  override message = 'the budget for recordings is used up, or the disk is full';
}

async function durable(path: string, bytes: Uint8Array) {
  await writeFile(path, bytes, { flush: true });
}

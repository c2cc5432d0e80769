import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openEngine,
  type Engine,
  type EngineError,
  type EngineOptions,
} from '../../server/platform/db/engine/index.ts';
import type { Report } from '../support/engine-process.ts';

const JOURNALED = { writeConcern: { w: 1, j: true } } as const;
const FIXTURE = fileURLToPath(new URL('../support/engine-process.ts', import.meta.url));
const LOADER = import.meta.resolve?.('tsx') ?? 'tsx';

let dataDir: string;
let undo: (() => unknown)[];

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'engine-test-'));
  undo = [];
});

afterEach(async () => {
  for (const step of undo.reverse()) await step();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

async function open(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const log = pino({ level: 'silent' });
  const engine = await openEngine({ dataDir, mode: 'own', log, ...options });
  undo.push(() => engine.close());
  return engine;
}

async function connect(uri: string): Promise<Connection> {
  const connection = await mongoose.createConnection(uri).asPromise();
  undo.push(() => connection.close());
  return connection;
}

const numbersOf = (connection: Connection) => connection.collection<{ _id: number }>('numbers');

/** The engine refuses with this code; the test fails if it opens after all. */
async function refusal(options: Partial<EngineOptions>): Promise<EngineError> {
  return open(options).then(
    () => expect.unreachable('it opened'),
    (error: unknown) => error as EngineError,
  );
}

class Other {
  readonly reports: Report[] = [];
  readonly process: ChildProcess;

  constructor(mode: string, first = 0, count = 0) {
    this.process = fork(FIXTURE, [dataDir, mode, String(first), String(count)], {
      execArgv: ['--import', LOADER],
    });
    this.process.on('message', (message: Report) => this.reports.push(message));
    undo.push(() => this.process.kill('SIGKILL'));
  }

  async until(condition: (report: Report) => boolean): Promise<void> {
    while (!this.reports.some(condition)) {
      if (this.process.exitCode !== null) throw new Error(`left: ${JSON.stringify(this.reports.at(-1))}`);
      await sleep(20);
    }
  }

  get acked(): number[] {
    return this.reports.flatMap((report) => ('acked' in report ? [report.acked] : []));
  }
}

function note(): { pid: number; enginePid: number; uri: string } {
  return JSON.parse(fs.readFileSync(path.join(dataDir, 'engine.json'), 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !condition(); i += 1) await sleep(50);
  expect(condition()).toBe(true);
}

describe('the built-in database', { timeout: 20_000 }, () => {
  it('keeps every acknowledged write when the shop is killed, and starts again at once', async () => {
    const shop = new Other('own', 0, 1_000_000);
    await shop.until((report) => 'acked' in report && report.acked >= 100);
    const before = note();
    shop.process.kill('SIGKILL');
    await once(shop.process, 'exit');

    const { uri } = await open();
    expect(note().pid).toBe(process.pid);
    await eventually(() => !isAlive(before.enginePid));
    const kept = new Set(
      (
        await numbersOf(await connect(uri))
          .find()
          .toArray()
      ).map((one) => one._id),
    );
    expect(shop.acked.length).toBeGreaterThan(100);
    expect(shop.acked.filter((n) => !kept.has(n))).toEqual([]);
  });

  it('leaves by itself, with nothing behind it, when the shop is killed', async () => {
    const shop = new Other('own', 0, 1);
    await shop.until((report) => 'done' in report);
    const { enginePid } = note();
    shop.process.kill('SIGKILL');
    await eventually(() => !isAlive(enginePid));
    expect(fs.existsSync(path.join(dataDir, 'engine.json'))).toBe(false);
    expect(fs.readdirSync(path.join(dataDir, 'run'))).toEqual([]);
  });

  it('comes back under a live connection when its process is killed', async () => {
    const { uri } = await open();
    const numbers = numbersOf(await connect(uri));
    for (let n = 0; n < 50; n += 1) await numbers.insertOne({ _id: n }, JOURNALED);
    const killed = note().enginePid;
    process.kill(killed, 'SIGKILL');
    await eventually(() => note().enginePid !== killed);

    for (let n = 50; n < 100; n += 1) {
      // A write may be told "network error" once: whether it was done is then the writer's question.
      await numbers
        .insertOne({ _id: n }, JOURNALED)
        .catch(() => numbers.updateOne({ _id: n }, { $set: {} }, { upsert: true }));
    }
    expect(await numbers.countDocuments()).toBe(100);
    expect(note().uri).toBe(uri);
  });

  it('stays through Ctrl-C, so that the shop can finish first', async () => {
    const { uri } = await open();
    const { enginePid } = note();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(enginePid, signal);
    await numbersOf(await connect(uri)).insertOne({ _id: 1 }, JOURNALED);
    await sleep(300);
    expect(note().enginePid).toBe(enginePid);
    expect(isAlive(enginePid)).toBe(true);
  });

  it('is refused to a second owner, here and in another process', async () => {
    const { uri } = await open();
    const began = performance.now();
    const error = await refusal({});
    expect(performance.now() - began).toBeLessThan(200);
    expect(error).toMatchObject({ code: 'engine_in_use', pid: process.pid });
    expect(error.message).toContain(`process ${process.pid}`);
    expect(error.message).toContain('MONGODB_URI');

    const other = new Other('own');
    await other.until((report) => 'refused' in report);
    expect(other.reports).toEqual([{ refused: `engine_in_use: ${error.message}` }]);
    expect(note().uri).toBe(uri);
  });

  it('goes to one of two that start together', async () => {
    const outcomes = await Promise.allSettled([open(), open()]);
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused.map((one) => (one.reason as EngineError).code)).toEqual(['engine_in_use']);
  });

  it('is joined from another process', async () => {
    const { uri } = await open();
    const guest = new Other('join', 7, 3);
    await guest.until((report) => 'done' in report);
    guest.process.send('close');
    await once(guest.process, 'exit');
    const found = await numbersOf(await connect(uri))
      .find()
      .sort({ _id: 1 })
      .toArray();
    expect(found.map((one) => one._id)).toEqual([7, 8, 9]);
    expect(note().uri).toBe(uri);
  });

  it('cannot be joined where nobody runs it, whatever a stale note says', async () => {
    expect(await refusal({ mode: 'join' })).toMatchObject({ code: 'engine_not_running' });
    const engine = await open();
    const stale = { ...note(), identity: 'somebody with this pid long ago' };
    await engine.close();
    fs.writeFileSync(path.join(dataDir, 'engine.json'), JSON.stringify(stale));
    expect(await refusal({ mode: 'join' })).toMatchObject({ code: 'engine_not_running' });
    await open();
    expect(note()).not.toMatchObject({ identity: stale.identity });
  });

  it('leaves no process and no note when closed, and keeps the data', async () => {
    const engine = await open();
    const { enginePid } = note();
    expect(fs.statSync(path.join(dataDir, 'engine.json')).mode & 0o777).toBe(0o600);
    await Promise.all([engine.close(), engine.close()]);
    expect(isAlive(enginePid)).toBe(false);
    expect(fs.readdirSync(dataDir)).toEqual(['db']);
  });

  it('works in a folder too deep for a socket, with characters that addresses do not like', async () => {
    const root = dataDir;
    undo.push(() => fs.rmSync(root, { recursive: true }));
    dataDir = path.join(root, 'a b%,@', '深'.repeat(40));
    const { uri } = await open();
    const numbers = numbersOf(await connect(uri));
    await numbers.insertOne({ _id: 1 }, JOURNALED);
    expect(await numbers.countDocuments()).toBe(1);
  });

  it('says when it keeps dying', async () => {
    const lost = new Promise<EngineError>((resolve) => void open({ onLost: resolve }));
    await eventually(() => fs.existsSync(path.join(dataDir, 'engine.json')));
    // Gone from under it: nothing can be opened here any more.
    fs.rmSync(path.join(dataDir, 'db'), { recursive: true });
    fs.writeFileSync(path.join(dataDir, 'db'), '');
    process.kill(note().enginePid, 'SIGKILL');
    expect(await lost).toMatchObject({ code: 'engine_lost' });
  });

  it('explains itself where its package is missing', async () => {
    const error = await refusal({ packageName: '@0q/not-installed' });
    expect(error.code).toBe('engine_unsupported');
    expect(error.message).toContain('@0q/not-installed is not installed');
    expect(error.message).toContain('MONGODB_URI');
    expect(fs.existsSync(path.join(dataDir, 'engine.json'))).toBe(false);
  });
});

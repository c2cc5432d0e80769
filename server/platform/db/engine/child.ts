/**
 * The process that holds the engine, so that a crash of native code does not take the shop down. Started
 * by `process.ts`, compiled or from source; it does what it is told over the IPC channel.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeHolder } from './holder.ts';
import { CannotLoadError, loadEngine, type EnginePackage, type OpenEngine } from './load.ts';
import type { FromChild, OpenCommand, ToChild } from './messages.ts';
import { ENGINE_FOLDER_PREFIX } from './places.ts';
import { thisMachine } from './support.ts';

const BUSY_RETRY_MS = 100;
const CLOSE_LIMIT_MS = 10_000;
const REFRESH_LINK_MS = 6 * 60 * 60 * 1000;

let command: OpenCommand | undefined;
let opening: Promise<OpenEngine | undefined> | undefined;
let leaving = false;

// Ctrl-C reaches every process of the terminal at once. The shop must finish what it accepted first and
// needs the database for that, so this process goes only when told, or when the shop is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => void leave());
process.on('message', (message: ToChild) => {
  if (message.type === 'close') void leave();
  else opening ??= start(message);
});

async function start(open: OpenCommand): Promise<OpenEngine | undefined> {
  command = open;
  process.title = 'shanxiang-engine';
  try {
    const engine = await openWhenFree(loadEngine(open.packageName, open.dataDir, thisMachine()), open);
    if (engine) tell({ type: 'ready' });
    return engine;
  } catch (error) {
    const type = error instanceof CannotLoadError ? 'unsupported' : 'failed';
    tell({ type, detail: error instanceof Error ? error.message : String(error) });
    void leave();
    return undefined;
  }
}

/** Right after a shop was killed its engine may still be closing, so a held folder is asked for again. */
async function openWhenFree(engines: EnginePackage, open: OpenCommand): Promise<OpenEngine | undefined> {
  // The package puts its socket below the folder for temporary files; there it would be left to strangers.
  process.env['TMPDIR'] = open.runDir;
  while (!leaving) {
    try {
      const engine = await engines.open(open.dbDir);
      publishSocket(engine.socketPath, open);
      return engine;
    } catch (error) {
      if (!isHeldByAnother(error)) throw error;
      tell({ type: 'busy' });
      await sleep(BUSY_RETRY_MS);
    }
  }
  return undefined;
}

/** The engine's own name for it, from MongoDB's list of error codes; the package offers no code. */
function isHeldByAnother(error: unknown): boolean {
  return error instanceof Error && error.message.includes('DBPathInUse');
}

/**
 * The package names its socket anew at each start. Clients connect through a link that keeps its name: the
 * kernel follows it once per connection, so it costs nothing where the data flows.
 */
function publishSocket(socketPath: string, open: OpenCommand): void {
  const folder = path.basename(path.dirname(socketPath));
  // The lock is ours by now, so whatever else lies here was left by an engine that was killed.
  for (const name of fs.readdirSync(open.runDir)) {
    const isStale = name.startsWith(ENGINE_FOLDER_PREFIX) && name !== folder;
    if (isStale) fs.rmSync(path.join(open.runDir, name), { recursive: true, force: true });
  }
  const temporary = `${open.socket}.new`;
  fs.rmSync(temporary, { force: true });
  fs.symlinkSync(path.join(folder, path.basename(socketPath)), temporary);
  fs.renameSync(temporary, open.socket);
  // Some systems sweep /tmp of what is ten days old, and spare sockets but not links to them.
  setInterval(() => fs.lutimesSync(open.socket, new Date(), new Date()), REFRESH_LINK_MS).unref();
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  // What was acknowledged with a journal survives this, so a close that hangs must not keep the folder.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), CLOSE_LIMIT_MS).unref();
  const engine = await opening;
  if (engine && command) {
    // Before the lock is given back: afterwards these names may belong to the next engine.
    fs.rmSync(command.socket, { force: true });
    removeHolder(command.stateFile, command.ownerPid);
    await engine.close().catch(() => {});
  }
  process.exit(0);
}

function tell(message: FromChild): void {
  // The shop may be gone; `disconnect` tells us so, and a failed send is no news.
  if (process.connected) process.send?.(message, () => {});
}

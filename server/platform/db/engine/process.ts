/** One run of the engine's process: started, ready, and gone. */
import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EngineFailedError, EngineUnsupportedError } from './errors.ts';
import type { FromChild, OpenCommand, ToChild } from './messages.ts';

/** The engine is third-party native code: it gets what it needs to run and none of the shop's secrets. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LD_LIBRARY_PATH', 'XDG_CACHE_HOME'];
const STOP_LIMIT_MS = 5_000;
const STDERR_KEPT = 2_000;

export interface EngineProcess {
  readonly pid: number;
  /** Settles when the process is gone, with how it went: "SIGKILL", "exit code 1". */
  readonly gone: Promise<string>;
  /** Closes the engine and waits until its process is gone; kills it when that takes too long. */
  stop(): Promise<void>;
}

/**
 * Starts a process and resolves once its engine serves. `onBusy` is called each time the folder turns out
 * to be held by somebody else; when it returns an error, the start ends with that. Aborting ends it too.
 */
export async function startEngineProcess(
  command: OpenCommand,
  hooks: { onBusy: () => Error | null; signal: AbortSignal },
): Promise<EngineProcess> {
  const child = forkChild();
  const gone = whenGone(child);
  const stderr = firstWords(child);
  const stop = () => stopChild(child, gone);
  const settled = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromChild) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'busy') rejectIf(reject, hooks.onBusy());
        else reject(asError(message, command.dataDir));
      });
      void gone.then((how) =>
        reject(new EngineFailedError(command.dataDir, [how, stderr()].join(' ').trim())),
      );
      hooks.signal.addEventListener('abort', () => reject(hooks.signal.reason as Error), {
        once: true,
        signal: settled.signal,
      });
      send(child, command);
    });
  } catch (error) {
    await stop();
    throw error;
  } finally {
    // One signal sees every restart; its listeners must not pile up.
    settled.abort();
  }
  return { pid: child.pid as number, gone, stop };
}

/** Beside this file lies the child's entry, compiled or as source; source needs a loader to run. */
function forkChild(): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(fromSource ? './child.ts' : './child.js', import.meta.url);
  const loader = fromSource
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  return fork(fileURLToPath(entry), [], {
    execArgv: loader,
    env: Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function whenGone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    // Emitted for a failed spawn, and then 'exit' may never come; after a start it is a failed kill or send.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
}

/** What the process said on its way up. Later output could quote documents, so it is thrown away. */
function firstWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (text.length < STDERR_KEPT) text += chunk.toString('utf8').slice(0, STDERR_KEPT - text.length);
  });
  return () => text;
}

async function stopChild(child: ChildProcess, gone: Promise<string>): Promise<void> {
  send(child, { type: 'close' });
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await gone;
  clearTimeout(limit);
}

function send(child: ChildProcess, message: ToChild): void {
  // A channel that is closed means a process that is going, and `gone` tells that.
  if (child.connected) child.send(message, () => {});
}

function asError(message: { type: 'unsupported' | 'failed'; detail: string }, dataDir: string): Error {
  return message.type === 'unsupported'
    ? new EngineUnsupportedError(message.detail)
    : new EngineFailedError(dataDir, message.detail);
}

function rejectIf(reject: (error: Error) => void, error: Error | null): void {
  if (error) reject(error);
}

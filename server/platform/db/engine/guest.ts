/** Joins the engine that another process of this machine owns. */
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineNotRunningError } from './errors.ts';
import { readLivingHolder } from './holder.ts';
import type { Engine, EngineOptions } from './types.ts';
import { placesIn, socketOf } from './places.ts';

/** Long enough for an owner to bring its engine back after a crash. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 100;

export async function joinEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, stateFile } = placesIn(options.dataDir);
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const holder = readLivingHolder(stateFile);
    const socket = holder && socketOf(holder.uri);
    if (!holder || !socket) break;
    if (await answers(socket)) {
      options.log.info({ uri: holder.uri, ownerPid: holder.pid }, 'engine joined');
      return { uri: holder.uri, close: async () => {} };
    }
    await sleep(RETRY_MS);
  }
  throw new EngineNotRunningError(dataDir);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

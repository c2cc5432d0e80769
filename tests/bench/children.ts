import { fork, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measured, Order } from './load-generator.ts';
import type { Serving } from './page-server.ts';

const here = import.meta.dirname;

/** A process that answers one message with one message, in order. */
function conversation(child: ChildProcess) {
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnargs.at(-1) ?? 'a child'} ended with ${code}`)),
    );
  });
  ended.catch(() => {});
  const next = <T>() =>
    Promise.race([new Promise<T>((resolve) => child.once('message', (m) => resolve(m as T))), ended]);
  return {
    next,
    ask: <T>(message: object): Promise<T> => {
      const answer = next<T>();
      child.send(message);
      return answer;
    },
  };
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), 12_000);
  await gone;
  clearTimeout(late);
}

export interface Generator {
  /** As many requests as `connections` can make of one address. */
  throughput(order: Omit<Extract<Order, { do: 'throughput' }>, 'do'>): Promise<Measured>;
  /** One request after the other; the ms of each. */
  latencies(url: string, paths: readonly string[]): Promise<number[]>;
}

/** Runs `work` with a load generator in a process of its own, and ends it. */
export async function withGenerator<T>(work: (generator: Generator) => Promise<T>): Promise<T> {
  const child = fork(join(here, 'load-generator.ts'), [], { execArgv: ['--import', 'tsx'] });
  const { next, ask } = conversation(child);
  try {
    await next();
    return await work({
      throughput: (order) => ask({ do: 'throughput', ...order }),
      latencies: (url, paths) => ask({ do: 'latencies', url, paths }),
    });
  } finally {
    await end(child);
  }
}

export interface PageServer {
  url: string;
  /** The processor time the process has used so far, in µs. */
  cpu(): Promise<number>;
  close(): Promise<void>;
}

/** A server in a process of its own. Its log goes to a file, as it would go to a collector. */
export async function startPageServer(what: 'shop' | 'bare', dataDir: string): Promise<PageServer> {
  const log = await open(join(dataDir, `${what}.log`), 'w');
  const child = fork(join(here, 'page-server.ts'), [what], {
    execArgv: ['--import', 'tsx', ...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? [])],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      SESSION_SECRET: 'a secret that only benchmarks know, 32+',
      LOG_LEVEL: 'info',
      PORT: '0',
      HOST: '127.0.0.1',
      TRUST_PROXY: '1',
      ALLOW_TEST_CASHIER: '1',
      DATA_DIR: join(dataDir, what),
    },
    stdio: ['ignore', log.fd, 'inherit', 'ipc'],
  });
  await log.close();
  const { next, ask } = conversation(child);
  const { url } = await next<Serving>();
  return {
    url,
    cpu: async () => (await ask<{ cpu: number }>({ do: 'cpu' })).cpu,
    close: () => end(child),
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Clock } from '../../server/platform/clock.ts';
import { readConfig } from '../../server/platform/config.ts';
import { newId } from '../../server/platform/ids.ts';
import { openShop, type Shop } from '../../server/shop.ts';
import { loadDemo } from '../../seeds/load.ts';

/** A clock that a test can move. */
export function movableClock() {
  let offset = 0;
  const clock: Clock & { forward(ms: number): void } = {
    now: () => new Date(Date.now() + offset),
    forward: (ms) => void (offset += ms),
  };
  return clock;
}

export interface TestShop extends Shop {
  /** The database, for another shop on the same data. */
  uri: string;
}

export interface TestShopOptions {
  /** Put the demonstration shop in (about two seconds). */
  demo?: boolean;
  clock?: Clock;
  env?: Record<string, string>;
  /** The database of another test shop, to be a second process beside it. */
  uri?: string;
}

export const SECRET = 'a secret that only tests know, 32+ long';

/** A whole shop on port 0 with a database of its own on the shared engine. Close it when done. */
export async function openTestShop(options: TestShopOptions = {}): Promise<TestShop> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-shop-'));
  const uri = options.uri ?? inDatabase(inject('engineUri'), `t_${newId().slice(0, 12)}`);
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    MONGODB_URI: uri,
    DATA_DIR: dataDir,
    SESSION_SECRET: SECRET,
    LOG_LEVEL: 'error',
    ...options.env,
  });
  const shop = await openShop(config, {
    ...(options.clock ? { clock: options.clock } : {}),
    prepare: async (ctx) => void (options.demo && (await loadDemo(ctx))),
  });
  return {
    ...shop,
    uri,
    async close() {
      await shop.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same server, another database. */
export function inDatabase(uri: string, name: string): string {
  const [address, query = ''] = uri.split('?');
  return `${address?.replace(/\/$/, '') ?? ''}/${name}?${query}`;
}

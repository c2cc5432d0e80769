import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as pause } from 'node:timers/promises';
import { listQuery } from '../../server/catalog/catalog.schema.ts';
import type { Config } from '../../server/platform/config.ts';
import { openShop, type Shop } from '../../server/shop.ts';
import { makeCatalog } from './catalog-content.ts';
import { hostileMix, realisticMix, type Asked } from './catalog-queries.ts';
import { median, round, spreadOf, type Spread } from './figures.ts';
import { withGenerator } from './children.ts';

const SEED = 20_240_601;
const BATCH = 500;
const ROUNDS = 20;
const HTTP_ROUNDS = 5;
/** After this long without news nothing is read again. */
const QUIET_MS = 32_000;

export interface SearchFigures {
  products: number;
  imported: { seconds: number };
  /** The shelf made from the database, as at every start. */
  refreshed: { seconds: number; longestPauseMs: number; memoryMb: number };
  /**
   * The job of every five seconds: with nothing new soon after the import, with one product changed, and with nothing
   * new once all that is a while ago.
   */
  refresh: { justImportedMs: number; changedMs: number; quietMs: number };
  inServer: {
    realistic: Spread;
    hostile: Spread;
    /** By its median, which a busy machine does not decide. */ slowest: string;
  };
  overHttp: { realistic: Spread; hostile: Spread };
}

/** Puts the products in, starts again on them as after a deploy, and asks. */
export async function benchSearch(config: Config, products: number): Promise<SearchFigures> {
  // Before the import: what is left of that shop must count against this figure and not for it.
  const before = memory();
  const imported = await importCatalog(config, products);
  const watch = watchPauses();
  let shop: Shop | undefined;
  const refreshed = await seconds(async () => void (shop = await openShop(config)));
  const longestPauseMs = watch.stop();
  const after = memory();
  try {
    return {
      products,
      imported: { seconds: imported },
      refreshed: {
        seconds: refreshed,
        longestPauseMs,
        memoryMb: Math.round((after - before) / 1e6),
      },
      ...(await benchQueries(shop!)),
      refresh: await benchUpkeep(shop!),
    };
  } finally {
    await shop!.close();
  }
}

/** @returns seconds */
async function importCatalog(config: Config, count: number): Promise<number> {
  const shop = await openShop(config);
  try {
    return await seconds(() => addAll(shop, count));
  } finally {
    await shop.close();
  }
}

async function addAll({ ctx }: Shop, count: number) {
  const { cooperatives, products } = makeCatalog(count, SEED);
  for (const cooperative of cooperatives) await ctx.cooperatives.add(cooperative);
  for (let start = 0; start < products.length; start += BATCH) {
    await ctx.catalog.add(products.slice(start, start + BATCH));
  }
}

async function benchUpkeep({ ctx }: Shop) {
  const timed = async (work: () => Promise<unknown>) => round((await seconds(work)) * 1000, 1);
  const justImportedMs = await timed(() => ctx.catalog.refresh());
  const [first] = ctx.catalog.list(listQuery.parse({ limit: 1 })).items;
  const coops = (await ctx.cooperatives.list()).map(({ _id }) => _id);
  const changedMs = await timed(() => ctx.catalog.changeImage(first!.slug, coops, first!.image));
  const until = performance.now() + QUIET_MS;
  while (performance.now() < until) await ctx.catalog.refresh().then(() => pause(1_000));
  const quiet: number[] = [];
  for (let turn = 0; turn < 9; turn += 1) quiet.push(await timed(() => ctx.catalog.refresh()));
  return { justImportedMs, changedMs, quietMs: median(quiet) };
}

async function benchQueries({ ctx, url }: Shop) {
  const ask = (asked: Asked) => ctx.catalog.list(listQuery.parse(asked));
  const realistic = realisticMix(deepPages(ask));
  const hostile = hostileMix();
  const timed = [...realistic, ...hostile].map((asked) => ({
    query: listQuery.parse(asked),
    asked,
    times: [] as number[],
  }));
  const samples = { realistic: [] as number[], hostile: [] as number[] };
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    for (const [at, one] of timed.entries()) {
      const ms = timeOf(() => ctx.catalog.list(one.query));
      one.times.push(ms);
      samples[at < realistic.length ? 'realistic' : 'hostile'].push(ms);
      // A query must not look good because the one before it paid for its garbage.
      if (at % 16 === 0) await new Promise(setImmediate);
    }
  }
  const slowest = timed
    .map(({ asked, times }) => ({ asked, ms: median(times) }))
    .toSorted((a, b) => b.ms - a.ms)[0]!;
  const address = url.replace('localhost', '127.0.0.1');
  const http = (mix: readonly Asked[]) =>
    withGenerator((generator) =>
      generator.latencies(address, Array.from({ length: HTTP_ROUNDS }, () => mix.map(pathOf)).flat()),
    );
  return {
    inServer: {
      realistic: spreadOf(samples.realistic),
      hostile: spreadOf(samples.hostile),
      slowest: `${JSON.stringify(slowest.asked).slice(0, 80)} ${round(slowest.ms)} ms`,
    },
    overHttp: { realistic: spreadOf(await http(realistic)), hostile: spreadOf(await http(hostile)) },
  };
}

/** Cursors far down lists and results. */
function deepPages(ask: (asked: Asked) => { items: { slug: string }[]; nextCursor: string | null }): Asked[] {
  const starts: Asked[] = [{}, { sort: 'price_asc' }, { q: 'honey' }, { category: 'tea', sort: 'newest' }];
  return starts.map((start) => {
    let place: Asked = { ...start, limit: '60' };
    for (let page = 0; page < 150; page += 1) {
      const { nextCursor } = ask(place);
      if (nextCursor === null) break;
      place = { ...start, limit: '60', cursor: nextCursor };
    }
    return place;
  });
}

function pathOf(asked: Asked): string {
  return `/api/products?${new URLSearchParams(asked).toString()}`;
}

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return round((performance.now() - start) / 1000, 3);
}

/** The longest time for which the event loop did not come round, in ms. */
function watchPauses() {
  let longest = 0;
  let last = performance.now();
  let watching = true;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      watching = false;
      return round(longest, 1);
    },
  };
}

/** Bytes in use, the index's typed arrays included. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

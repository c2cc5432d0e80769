/**
 * Measures the till on the embedded engine, all in one run so that the ratios mean something. What a ratio is made of
 * is measured in turns, and the middle one counts: a machine that others use as well is not as fast in every second.
 *
 * - bare documents: documents of an order's shape and size in `insertMany` of 500, journaled, with no index but the
 *   one on `_id`: what the engine takes at the most. Beside it, what it takes of tiny ones.
 * - the till: orders through the service, each acknowledged in the journal.
 * - one write per step: the same orders, checks, indexes and durability, without batches (`naive-till.ts`).
 * - the whole stack: one process serves, another one taps on a thousand sockets; by turns, and by the clock.
 *
 * Prints a table and one line of JSON.
 *
 *     npm run bench:till
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDemo } from '../../seeds/load.ts';
import { createContext, type Context } from '../../server/context.ts';
import { readConfig } from '../../server/platform/config.ts';
import { newCode, newId } from '../../server/platform/ids.ts';
import { ROOT } from '../../server/platform/root.ts';
import { startShopProcess } from '../support/shop-process.ts';
import { median, round, spreadOf, table, type Spread } from './figures.ts';
import { createNaiveTill } from './naive-till.ts';

const LIVE = 'huangshaping-market';
const SECONDS = 4;
const ROUNDS = 3;
const SHOPPERS = 1_000;
/** Taps a second, all shoppers together. */
const TAPS = 2_200;
const PLENTY = 900_000;

interface Rate extends Spread {
  perSecond: number;
}

const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-till-'));
const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error' });
const ctx = await createContext(config);
try {
  await loadDemo(ctx);
  const sku = (await ctx.lives.byId(LIVE)).rail[0] ?? '';
  await receive(ctx, sku, PLENTY);
  const { order } = await place(ctx, sku);

  const naivePlace = await createNaiveTill(ctx, { ...order }, PLENTY);
  const bare: number[] = [];
  const till: Rate[] = [];
  const naive: Rate[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await bareDocuments(ctx, 'bare', () => ({ ...order, buyer: newId(), clickId: newId() })));
    till.push(await closedLoop(500, () => place(ctx, sku)));
    await quiet(ctx);
    naive.push(await closedLoop(500, () => naivePlace(1)));
  }
  const tiny = await bareDocuments(ctx, 'tiny', tinyDocument);
  const batched: Record<number, Rate> = { 500: middle(till) };
  for (const buyers of [1, 50, 2_000]) {
    batched[buyers] = await closedLoop(buyers, () => place(ctx, sku));
    await quiet(ctx);
  }
  const naiveRates = { 1: await closedLoop(1, () => naivePlace(1)), 500: middle(naive) };
  const scarce = await scarcity(ctx);
  const sockets = await throughSockets(sku);
  const differences = await ctx.orders.audit();

  const limit = { bare: median(bare), tiny };
  const ratios = {
    ofBareDocuments: round(batched[500]!.perSecond / limit.bare),
    timesNaive: round(batched[500]!.perSecond / naiveRates[500].perSecond),
  };
  const measured = { limit, batched, naive: naiveRates, sockets, scarce, ratios };
  process.stdout.write(`${report(measured)}\n`);
  process.stdout.write(
    `audit: ${differences.length === 0 ? 'everything agrees' : JSON.stringify(differences)}\n`,
  );
  process.stdout.write(`${JSON.stringify({ ...measured, rounds: { bare, till, naive }, differences })}\n`);
} finally {
  await ctx.dispose();
  await rm(dataDir, { recursive: true, force: true });
}

function middle(rates: Rate[]): Rate {
  return rates.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(rates.length / 2)]!;
}

/** What orders leave to be done is done, and is not in the next measurement. */
async function quiet(shop: Context) {
  await shop.orders.idle();
  await shop.bus.idle();
  await shop.orderMails.idle();
  await shop.evidence.idle();
}

async function receive(shop: Context, sku: string, qty: number) {
  const sellable = (await shop.catalog.sellables([sku])).get(sku);
  const year = new Date().getUTCFullYear();
  await shop.stock.receive(
    {
      sku,
      code: `BENCH-${newCode().slice(0, 8)}`,
      qty,
      madeOn: `${year}-01-01`,
      bestBefore: `${year + 5}-01-01`,
    },
    { id: 'bench', cooperatives: [sellable?.product.cooperative ?? ''] },
  );
}

async function bareDocuments(shop: Context, name: string, document: () => object): Promise<number> {
  const collection = shop.db.collection(name);
  let count = 0;
  const began = performance.now();
  while (performance.now() - began < (SECONDS * 1000) / 2) {
    const docs = Array.from({ length: 500 }, () => ({ ...document(), _id: newId() }));
    await collection.insertMany(docs as never[], { ordered: false });
    count += docs.length;
  }
  return Math.round(count / ((performance.now() - began) / 1000));
}

function tinyDocument() {
  return { buyer: newId(), clickId: newId(), state: 'awaiting_payment', qty: 1, at: new Date() };
}

function place(shop: Context, sku: string) {
  const id = newId();
  const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
  return shop.orders.place({ clickId: newId(), liveId: LIVE, lines: [{ sku, qty: 1 }] }, buyer);
}

/** So many buyers, each asking again as soon as it has its answer. */
async function closedLoop(buyers: number, act: () => Promise<unknown>): Promise<Rate> {
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: buyers }, async () => {
      while (performance.now() < until) {
        const start = performance.now();
        await act();
        latencies.push(performance.now() - start);
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  return { perSecond: Math.round(latencies.length / took), ...spreadOf(latencies) };
}

/** A hundred pieces and ten thousand who ask for them. */
async function scarcity(shop: Context) {
  const sku = (await shop.lives.byId(LIVE)).rail[1] ?? '';
  for (;;) {
    const left = (await shop.stock.availability([sku])).get(sku) ?? 0;
    if (left === 100) break;
    const id = newId();
    const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
    const lines = [{ sku, qty: Math.min(99, left - 100) }];
    await shop.orders.place({ clickId: newId(), liveId: LIVE, lines }, buyer);
  }
  const began = performance.now();
  const answers = await Promise.allSettled(Array.from({ length: 10_000 }, () => place(shop, sku)));
  const ms = Math.round(performance.now() - began);
  return { askers: 10_000, sold: answers.filter(({ status }) => status === 'fulfilled').length, ms };
}

/** The whole stack: another process serves, a third one taps. */
async function throughSockets(sku: string): Promise<{ flatOut: Tapped; paced: Tapped }> {
  const shop = await startShopProcess({ DATA_DIR: dataDir, ENGINE_JOIN: '1', LOG_LEVEL: 'error' });
  try {
    const load = join(ROOT, 'tests/bench/till-load.ts');
    const output = await run([load, shop.url, LIVE, sku, ...[SHOPPERS, SECONDS, TAPS].map(String)]);
    const { flatOut, paced } = JSON.parse(output) as Record<'flatOut' | 'paced', Taps>;
    return { flatOut: tapped(flatOut), paced: tapped(paced) };
  } finally {
    await shop.stop();
  }
}

interface Taps {
  took: number;
  latencies: number[];
  outcomes: Record<string, number>;
}

type Tapped = Rate & Pick<Taps, 'outcomes'>;

function tapped({ took, latencies, outcomes }: Taps): Tapped {
  return { perSecond: Math.round((outcomes['ok'] ?? 0) / took), ...spreadOf(latencies), outcomes };
}

function run(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`the load ended with ${code}`)),
    );
  });
}

interface Report {
  limit: { bare: number; tiny: number };
  batched: Record<number, Rate>;
  naive: Record<number, Rate>;
  sockets: { flatOut: Rate; paced: Rate };
  scarce: { askers: number; sold: number; ms: number };
  ratios: { ofBareDocuments: number; timesNaive: number };
}

function report({ limit, batched, naive, sockets, scarce, ratios }: Report): string {
  const row = (name: string, { perSecond, p50, p99, max }: Rate) => [name, perSecond, p50, p99, max];
  const rows = [
    ["bare documents of an order's size, insertMany of 500", limit.bare, '', '', ''],
    ['bare tiny documents, insertMany of 500', limit.tiny, '', '', ''],
    ...Object.entries(batched).map(([buyers, rate]) => row(`till, ${buyers} buyers`, rate)),
    ...Object.entries(naive).map(([buyers, rate]) => row(`one write per step, ${buyers} buyers`, rate)),
    row(`whole stack, ${SHOPPERS} sockets, each as soon as it is answered`, sockets.flatOut),
    row(`whole stack, ${SHOPPERS} sockets, ${TAPS} taps a second`, sockets.paced),
  ];
  return [
    table(['journaled', 'per second', 'p50 ms', 'p99 ms', 'max ms'], rows),
    '',
    `till at 500 buyers: ${ratios.ofBareDocuments} of the bare documents, ${ratios.timesNaive} times one write per step`,
    `${scarce.askers} askers for 100 pieces: ${scarce.sold} orders, in ${scarce.ms} ms`,
  ].join('\n');
}

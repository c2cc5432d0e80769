/**
 * Measures the till on the embedded engine, all in one run so that the ratios mean something: what the engine takes in
 * bare documents, the batched till, one write per step and order, and the whole stack through sockets. Prints a table
 * and one line of JSON.
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
import { round, spreadOf, table, type Spread } from './figures.ts';
import { createNaiveTill } from './naive-till.ts';

const LIVE = 'huangshaping-market';
const SECONDS = 4;
const SHOPPERS = 1_000;
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

  const bare = await bareDocuments(ctx);
  const batched: Record<number, Rate> = {};
  for (const buyers of [1, 50, 500, 2_000]) batched[buyers] = await closedLoop(buyers, () => place(ctx, sku));
  const naive = createNaiveTill(ctx.db, sku);
  await naive.stockUp(PLENTY);
  const naiveRates: Record<number, Rate> = {};
  for (const buyers of [1, 500]) naiveRates[buyers] = await closedLoop(buyers, () => naive.place(1));
  const scarce = await scarcity(ctx);
  const sockets = await throughSockets(sku);
  const differences = await ctx.orders.audit();

  const at500 = batched[500]!.perSecond;
  const ratios = {
    ofBareDocuments: round(at500 / bare),
    timesNaive: round(at500 / naiveRates[500]!.perSecond),
  };
  process.stdout.write(`${report({ bare, batched, naiveRates, sockets, scarce, ratios })}\n`);
  process.stdout.write(
    `audit: ${differences.length === 0 ? 'everything agrees' : JSON.stringify(differences)}\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bare, batched, naive: naiveRates, sockets, scarce, ratios, differences })}\n`,
  );
} finally {
  await ctx.dispose();
  await rm(dataDir, { recursive: true, force: true });
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

/** The physical limit here: documents of an order's size, 500 at a time, journaled. */
async function bareDocuments(shop: Context): Promise<number> {
  const collection = shop.db.collection('bare');
  const [sample] = await shop.db.collection('orders').find().limit(1).toArray();
  const model = sample ?? orderLike();
  let count = 0;
  const began = performance.now();
  while (performance.now() - began < SECONDS * 1000) {
    const docs = Array.from({ length: 500 }, () => ({ ...model, _id: newId() }));
    await collection.insertMany(docs as never[], { ordered: false });
    count += docs.length;
  }
  return Math.round(count / ((performance.now() - began) / 1000));
}

/** The facts' own yardstick: a small document. */
function orderLike() {
  return { buyer: newId(), clickId: newId(), state: 'awaiting_payment', qty: 1, at: new Date() };
}

async function place(shop: Context, sku: string) {
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
async function throughSockets(sku: string) {
  const shop = await startShopProcess({ DATA_DIR: dataDir, ENGINE_JOIN: '1', LOG_LEVEL: 'error' });
  try {
    const output = await run([
      join(ROOT, 'tests/bench/till-load.ts'),
      shop.url,
      LIVE,
      sku,
      String(SHOPPERS),
      String(SECONDS),
    ]);
    const { took, latencies, outcomes } = JSON.parse(output) as {
      took: number;
      latencies: number[];
      outcomes: Record<string, number>;
    };
    return { perSecond: Math.round((outcomes['ok'] ?? 0) / took), ...spreadOf(latencies), outcomes };
  } finally {
    await shop.stop();
  }
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
  bare: number;
  batched: Record<number, Rate>;
  naiveRates: Record<number, Rate>;
  sockets: Rate;
  scarce: { askers: number; sold: number; ms: number };
  ratios: { ofBareDocuments: number; timesNaive: number };
}

function report({ bare, batched, naiveRates, sockets, scarce, ratios }: Report): string {
  const row = (name: string, { perSecond, p50, p99, max }: Rate) => [name, perSecond, p50, p99, max];
  const rows = [
    ['bare documents, insertMany of 500', bare, '', '', ''],
    ...Object.entries(batched).map(([buyers, rate]) => row(`till, ${buyers} buyers`, rate)),
    ...Object.entries(naiveRates).map(([buyers, rate]) => row(`one write per step, ${buyers} buyers`, rate)),
    row(`whole stack, ${SHOPPERS} sockets`, sockets),
  ];
  return [
    table(['journaled', 'per second', 'p50 ms', 'p99 ms', 'max ms'], rows),
    '',
    `till at 500 buyers: ${ratios.ofBareDocuments} of the bare documents, ${ratios.timesNaive} times one write per step`,
    `${scarce.askers} askers for 100 pieces: ${scarce.sold} orders, in ${scarce.ms} ms`,
  ].join('\n');
}

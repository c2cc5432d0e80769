/**
 * How long it takes to check a code with a million units on the embedded engine, as the shop answers it:
 *
 *     npm run bench:trace            a million units, 800 checks of each kind
 *     npm run bench:trace -- 50000   fewer, for a quick look
 *
 * Prints a table and one line of JSON. Server time is what a request takes from its first byte to its last on a line
 * that is kept open, one at a time: nothing is hidden behind other requests.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDemo } from '../../seeds/load.ts';
import { readConfig } from '../../server/platform/config.ts';
import { openShop } from '../../server/shop.ts';
import { gtin14, linkOf } from '../../server/trace/index.ts';

const UNITS = Number(process.argv[2] ?? 1_000_000);
const CHECKS = 800;
const PER_RUN = 50_000;

let asked = 0;

const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-bench-trace-'));
const config = readConfig({
  NODE_ENV: 'test',
  PORT: '0',
  HOST: '127.0.0.1',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'error',
});
const shop = await openShop(config, { prepare: async (ctx) => void (await loadDemo(ctx)) });

try {
  const { ctx } = shop;
  const started = Date.now();
  const lots = await bigLots();
  const serials: { serial: string; lot: string; gtin: string; bestBefore: string }[] = [];
  for (const { lot, gtin, runs } of lots) {
    for (const qty of runs) {
      const commandId = `bench-${lot.code}-${serials.length}`;
      const run = await ctx.units.commission({ lot: lot._id, qty, commandId, by: 'bench' });
      let at = 0;
      for (const serial of await ctx.units.serialsOf(run.id)) {
        at += 1;
        if (at % Math.ceil(UNITS / CHECKS) === 1) {
          serials.push({ serial, lot: lot.code, gtin, bestBefore: lot.bestBefore });
        }
      }
    }
  }
  const seconds = (Date.now() - started) / 1000;

  const link = await ctx.signing.linker('');
  const paths: Record<string, (of: (typeof serials)[number]) => string> = {
    'service: typed code': ({ serial }) => serial,
    'JSON: typed code': ({ serial }) => `/api/trace/${serial}`,
    'page: signed link': (of) => link(of),
    'page: unsigned link': (of) => linkOf('', of),
  };
  const figures: Record<string, { medianMs: number; p95Ms: number; p99Ms: number; checks: number }> = {};
  for (const [name, pathOf] of Object.entries(paths)) {
    const direct = name.startsWith('service');
    const times: number[] = [];
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const of of shuffled(serials).slice(0, CHECKS)) {
      const begun = performance.now();
      if (direct) await ctx.traceCards.byCode(pathOf(of));
      else await ask(shop.url.replace('localhost', '127.0.0.1') + pathOf(of), agent);
      times.push(performance.now() - begun);
    }
    agent.destroy();
    figures[name] = sum(times.slice(100));
  }
  report({ units: await countAll(), madeIn: `${seconds.toFixed(1)} s`, figures });
} finally {
  await shop.close();
  await rm(dataDir, { recursive: true, force: true });
}

/** Lots big enough for so many units, received as a member would. */
async function bigLots() {
  const { ctx } = shop;
  const coops = await ctx.cooperatives.list();
  const product = await ctx.catalog.product('chengbu-honey');
  const [variant] = product.variants;
  const by = { id: 'bench', cooperatives: coops.map(({ _id }) => _id) };
  const found = [];
  for (let rest = UNITS; rest > 0; rest -= 500_000) {
    const qty = Math.min(500_000, rest);
    const code = `BENCH-${found.length}`;
    const madeOn = '2026-06-01';
    const lot = await ctx.stock.receive(
      { sku: variant!.sku, code, qty, madeOn, bestBefore: '2028-06-01' },
      by,
    );
    const runs = Array.from({ length: Math.ceil(qty / PER_RUN) }, (_item, at) =>
      Math.min(PER_RUN, qty - at * PER_RUN),
    );
    found.push({ lot, gtin: gtin14(variant!.gtin), runs });
  }
  return found;
}

async function countAll(): Promise<number> {
  return (await shop.ctx.units.sums()).reduce((all, { units }) => all + units, 0);
}

/** Addresses differ, as they do: nobody's look is refused for coming too often. */
function ask(url: string, agent: Agent): Promise<void> {
  asked += 1;
  const localAddress = `127.0.${1 + (Math.floor(asked / 100) % 200)}.1`;
  return new Promise((resolve, reject) => {
    get(url, { agent, localAddress, headers: { 'accept-encoding': 'identity' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode} for ${url}`));
      response.resume();
      response.on('end', resolve);
    }).on('error', reject);
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, by: Math.random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item);
}

function sum(times: number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => Number(sorted[Math.floor(sorted.length * part)]!.toFixed(2));
  return { medianMs: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), checks: sorted.length };
}

function report(result: { units: number; madeIn: string; figures: Record<string, ReturnType<typeof sum>> }) {
  process.stdout.write(`${result.units.toLocaleString('en')} units, made in ${result.madeIn}\n\n`);
  process.stdout.write('| check | median ms | p95 | p99 |\n|---|---|---|---|\n');
  for (const [name, { medianMs, p95Ms, p99Ms }] of Object.entries(result.figures)) {
    process.stdout.write(`| ${name} | ${medianMs} | ${p95Ms} | ${p99Ms} |\n`);
  }
  process.stdout.write(`\n${JSON.stringify(result)}\n`);
}

/**
 * Measures the live room against bare Socket.IO with the same message, in one run: people who come, the way of a pin
 * to all of them, and the same while they talk and send likes. Prints a table and one line of JSON. Linux only.
 *
 *     npm run bench:room [-- --viewers 5000]
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../server/platform/root.ts';
import { startShopProcess } from '../support/shop-process.ts';
import { round, table, type Spread } from './figures.ts';
import type { RoomLoad } from './room-load.ts';

const LIVE = 'huangshaping-market';
const SKUS = ['HNY-500', 'MTO-600', 'DKT-100'];

interface Fanout extends Spread {
  deliveriesPerSecond: number;
  cpuPerDeliveryUs: number;
}
interface Figures {
  joinsPerSecond: number;
  cpuPerJoinUs: number;
  kbPerViewer: number;
  quiet: Fanout;
  busy?: Fanout;
}

const { values } = parseArgs({ options: { viewers: { type: 'string', default: '5000' } } });
const viewers = Number(values.viewers);
const common = { live: LIVE, skus: SKUS, viewers, pins: 40, messagesPerSecond: 1_000, likesPerSecond: 5_000 };

const bare = await againstBare();
const room = await againstShop();
const ratios = {
  pinP50: round(room.quiet.p50 / bare.quiet.p50),
  pinP99: round(room.quiet.p99 / bare.quiet.p99),
  joins: round(room.joinsPerSecond / bare.joinsPerSecond),
};
process.stdout.write(`${report()}\n${JSON.stringify({ viewers, bare, room, ratios })}\n`);

async function againstBare(): Promise<Figures> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'tests/bench/bare-room.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data: Buffer) => resolve(data.toString())),
    );
    const url = line.replace('open at ', '').trim();
    return await runLoad({ ...common, url, sessions: false, busySeconds: 0, pid: child.pid! });
  } finally {
    child.kill();
  }
}

async function againstShop(): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-room-'));
  const shop = await startShopProcess(
    { DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    process.env['BENCH_NODE_ARGS']?.split(' '),
  );
  try {
    return await runLoad({ ...common, url: shop.url, sessions: true, busySeconds: 10, pid: shop.child.pid! });
  } finally {
    await shop.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function runLoad(load: RoomLoad): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(ROOT, 'tests/bench/room-load.ts'), JSON.stringify(load)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(output) as Figures) : reject(new Error(`the load ended with ${code}`)),
    );
  });
}

function report(): string {
  const row = (name: string, { p50, p99, max, deliveriesPerSecond, cpuPerDeliveryUs }: Fanout) => [
    name,
    p50,
    p99,
    max,
    deliveriesPerSecond,
    cpuPerDeliveryUs,
  ];
  const comers = ([name, figures]: readonly [string, Figures]) => [
    name,
    figures.joinsPerSecond,
    figures.cpuPerJoinUs,
    figures.kbPerViewer,
  ];
  const rows = [row('bare Socket.IO', bare.quiet), row('the room', room.quiet)];
  if (room.busy) rows.push(row('the room, 1,000 messages and 5,000 likes a second', room.busy));
  return [
    table([`a pin to ${viewers} viewers`, 'p50 ms', 'p99 ms', 'max ms', 'deliveries/s', 'µs CPU each'], rows),
    '',
    table(
      ['people who come', 'joins/s', 'µs CPU each', 'kB each'],
      [comers(['bare Socket.IO', bare]), comers(['the room', room])],
    ),
    '',
    `the room to bare Socket.IO: p50 ${ratios.pinP50}, p99 ${ratios.pinP99} times; joins ${ratios.joins}`,
  ].join('\n');
}

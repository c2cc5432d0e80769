/**
 * Lets a live go on for long and looks whether anything grows or drifts: a synthetic encoder sends pictures and sound
 * at their real rate to a shop of its own, so many viewers take them over raw WebSockets, one of them far too slowly,
 * and the encoder is dropped now and then. Prints a row a minute, a summary and one line of JSON. What the shop holds
 * on to is looked at each minute after its garbage was collected; resident memory is what the kernel has given.
 *
 *     npm run bench:live -- --minutes 60 --viewers 50 [--drop 10] [--warm 10]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startShopProcess } from '../support/shop-process.ts';
import { round, spreadOf, table } from './figures.ts';
import { createEncoder, freePort, keyFor } from './live-encoder.ts';
import { childOf, inspect, megabytes, slopePerHour } from './live-memory.ts';
import { createCrowd } from './live-viewers.ts';

const LIVE = 'huangshaping-market';
const MINUTE_MS = 60_000;
const MEMORY_EVERY_MS = 5_000;
/** A megabyte an hour and a second of drift: what a day of ten hours can bear. */
const MOST_MB_PER_HOUR = 1;
const MOST_DRIFT_MS = 1_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    viewers: { type: 'string', default: '50' },
    /** Minutes from one drop of the encoder to the next; 0: never. */
    drop: { type: 'string', default: '10' },
    /** Minutes that are not counted into the slope: caches fill, code is compiled. */
    warm: { type: 'string' },
  },
});
const minutes = number(values.minutes, 'minutes');
const viewers = number(values.viewers, 'viewers');
const dropEvery = number(values.drop, 'drop');
const warm = values.warm === undefined ? Math.min(10, minutes / 3) : number(values.warm, 'warm');

/** Resident memory. */
interface Sample {
  minute: number;
  mainMb: number;
  busMb: number;
}

const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-live-'));
const [rtmpPort, inspectPort] = [await freePort(), await freePort()];
const shop = await startShopProcess({ DATA_DIR: dataDir, RTMP_PORT: String(rtmpPort), LOG_LEVEL: 'warn' }, [
  `--inspect=127.0.0.1:${inspectPort}`,
]);
let stopping = false;
process.once('SIGINT', () => (stopping = true));
try {
  const key = await keyFor(shop.url, LIVE);
  const encoder = await createEncoder(rtmpPort, key);
  const crowd = await createCrowd(shop.url, LIVE, viewers);
  const busPid = await childOf(shop.child.pid ?? 0, 'shanxiang-video');
  const inspector = await inspect(inspectPort);
  const began = performance.now();
  const samples: Sample[] = [];
  const used: { minute: number; mb: number }[] = [];
  const rows: (string | number)[][] = [];
  process.stdout.write(
    `minute  used MB  main MB  bus MB  viewers  drift ms  gap p99 ms  longest gap ms  MB out\n`,
  );

  for (let minute = 1; minute <= minutes && !stopping; minute += 1) {
    const until = began + minute * MINUTE_MS;
    if (dropEvery > 0 && minute % dropEvery === 0) await encoder.drop();
    while (performance.now() < until && !stopping) {
      const [mainMb, busMb] = await Promise.all([megabytes(shop.child.pid ?? 0), megabytes(busPid)]);
      samples.push({ minute: (performance.now() - began) / MINUTE_MS, mainMb, busMb });
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, Math.min(MEMORY_EVERY_MS, until - performance.now()))),
      );
    }
    const { mainMb, busMb } = samples.at(-1)!;
    const usedMb = await inspector.megabytesUsed();
    used.push({ minute, mb: usedMb });
    const seen = crowd.minute();
    const row = [
      minute,
      usedMb,
      mainMb,
      busMb,
      seen.watching,
      seen.driftMs,
      seen.gaps.p99,
      seen.gaps.max,
      seen.megabytes,
    ];
    rows.push(row);
    process.stdout.write(`${row.join('  ')}\n`);
  }

  const counted = leastOfEachMinute(samples.filter(({ minute }) => minute >= warm));
  const slope = (of: (sample: Sample) => number) =>
    round(slopePerHour(counted.map((sample) => ({ minute: sample.minute, mb: of(sample) }))));
  const total = crowd.total();
  const result = {
    ...{ minutes: rows.length, viewers, warmMinutes: round(warm) },
    usedMbPerHour: round(slopePerHour(used.filter(({ minute }) => minute >= warm))),
    mainMbPerHour: slope(({ mainMb }) => mainMb),
    busMbPerHour: slope(({ busMb }) => busMb),
    ...{ usedMb: used.at(-1)?.mb, mainMb: counted.at(-1)?.mainMb, busMb: counted.at(-1)?.busMb },
    ...{ largestDriftMs: total.driftMs, drops: encoder.drops(), refusedReturns: encoder.refused() },
    ...{ viewerReconnects: total.reconnects, recovery: spreadOf(crowd.recoveries()) },
    ...{
      gaps: total.gaps,
      slow: total.slow,
      megabytesOut: total.megabytes,
      megabytesIn: encoder.megabytes(),
    },
  };
  const verdicts = [
    ['memory of the bus, resident', `${result.busMbPerHour} MB/h`, result.busMbPerHour <= MOST_MB_PER_HOUR],
    ['memory the shop holds on to', `${result.usedMbPerHour} MB/h`, result.usedMbPerHour <= MOST_MB_PER_HOUR],
    ['drift of picture and clock', `${result.largestDriftMs} ms`, result.largestDriftMs <= MOST_DRIFT_MS],
  ] as const;
  process.stdout.write(
    `\n${table(
      ['', 'measured', 'within the aim'],
      verdicts.map(([name, value, good]) => [name, value, good ? 'yes' : 'NO']),
    )}\n`,
  );
  process.stdout.write(
    `\n${encoder.drops()} drops of the encoder, viewers had pictures again after p50 ${result.recovery.p50} ms, max ${result.recovery.max} ms; ` +
      `the slow viewer: ${total.slow}\n`,
  );
  process.stdout.write(`${JSON.stringify({ result, rows, samples: samples.map(rounded) })}\n`);
  inspector.close();
  crowd.close();
  encoder.stop();
} finally {
  await shop.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** What is left after the garbage is gone: between two collections memory only says how long ago the last one was. */
function leastOfEachMinute(list: readonly Sample[]): Sample[] {
  const byMinute = new Map<number, Sample>();
  for (const { minute, mainMb, busMb } of list) {
    const whole = Math.floor(minute);
    const least = byMinute.get(whole) ?? { minute: whole, mainMb: Infinity, busMb: Infinity };
    byMinute.set(whole, {
      minute: whole,
      mainMb: Math.min(least.mainMb, mainMb),
      busMb: Math.min(least.busMb, busMb),
    });
  }
  return [...byMinute.values()];
}

function rounded({ minute, mainMb, busMb }: Sample) {
  return [round(minute), mainMb, busMb];
}

function number(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number`);
  return value;
}

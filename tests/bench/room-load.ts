/**
 * The people of `bench:room`, in a process of its own: they come, a host pins again and again, and, if it is asked
 * for, some of them talk and send likes all the while. Prints one line of JSON.
 *
 *     tsx tests/bench/room-load.ts '{"url": ..., "live": ..., ...}'
 */
import { Client } from '../support/client.ts';
import { spreadOf } from './figures.ts';
import { processorMs, residentMb } from './process.ts';
import { arrive, type Viewer } from './room-viewer.ts';

export interface RoomLoad {
  url: string;
  live: string;
  skus: string[];
  viewers: number;
  pins: number;
  /** Whether these are people with a session, as the shop's room has them. */
  sessions: boolean;
  /** Seconds of chat and likes, with a pin a second; 0 for none. */
  busySeconds: number;
  messagesPerSecond: number;
  likesPerSecond: number;
  /** The process that is measured. */
  pid: number;
}

const load = JSON.parse(process.argv[2] ?? '') as RoomLoad;
const COMING_AT_ONCE = 200;

/** A thumb taps some times in a second, and the browser sends them together. */
const LIKES_AT_ONCE = 5;

/** Longer than a room waits before it tells its number again. */
const SILENCE_MS = 1_500;

/** When the pin that is under way was tapped, and who has not heard of it yet. */
const pin = { sku: '', at: 0, missing: 0, times: [] as number[], done: () => {} };
let deliveries = 0;

function heard(packet: string) {
  deliveries += 1;
  if (!packet.startsWith('42["live:pinned"') || !packet.includes(`"${pin.sku}"`)) return;
  pin.times.push(performance.now() - pin.at);
  pin.missing -= 1;
  if (pin.missing === 0) pin.done();
}

const cookies = await sessionsOf(load.sessions ? load.viewers : 0);
const before = { memory: residentMb(load.pid), cpu: processorMs(load.pid) };
const joining = performance.now();
const viewers = await comeAll();
const joinSeconds = (performance.now() - joining) / 1000;
const memory = residentMb(load.pid);
const joinCpu = processorMs(load.pid) - before.cpu;

const host = await arriveHost();
await pinTimes(3, () => {}); // warm
await silence();
const quiet = await measure(() => pinTimes(load.pins, () => {}));
const busy = load.busySeconds > 0 ? await measure(busyRoom) : undefined;

process.stdout.write(
  `${JSON.stringify({
    joinsPerSecond: Math.round(load.viewers / joinSeconds),
    cpuPerJoinUs: Math.round((joinCpu * 1000) / load.viewers),
    kbPerViewer: Math.round(((memory - before.memory) * 1024) / load.viewers),
    quiet,
    busy,
  })}\n`,
);
process.exit(0);

async function sessionsOf(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let start = 0; start < count; start += COMING_AT_ONCE) {
    const some = Array.from({ length: Math.min(COMING_AT_ONCE, count - start) }, async () => {
      const client = new Client(load.url);
      await (await client.get(`/live/${load.live}`)).arrayBuffer();
      return client.cookieHeader;
    });
    all.push(...(await Promise.all(some)));
  }
  return all;
}

async function comeAll(): Promise<Viewer[]> {
  const all: Viewer[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: COMING_AT_ONCE }, async () => {
      while (next < load.viewers) {
        const viewer = await arrive({ url: load.url, cookie: cookies[next++], heard });
        const answer = await viewer.ask('live:join', { liveId: load.live });
        if (!answer.ok) throw new Error(JSON.stringify(answer));
        all.push(viewer);
      }
    }),
  );
  return all;
}

/** What came of so many who came has been told. */
async function silence(): Promise<void> {
  for (let told = -1; told !== deliveries;) {
    told = deliveries;
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  }
}

async function arriveHost(): Promise<Viewer> {
  if (!load.sessions) return arrive({ url: load.url, heard: () => {} });
  const client = new Client(load.url);
  await client.logIn('host@demo.test');
  return arrive({ url: load.url, cookie: client.cookieHeader, heard: () => {} });
}

/** Pins `count` times, each when everybody has heard of the one before. */
async function pinTimes(count: number, after: () => Promise<void> | void): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const everybody = new Promise<void>((resolve) => (pin.done = resolve));
    // Always another product than the last one, or there would be no news.
    pin.sku = load.skus[(load.skus.indexOf(pin.sku) + 1) % load.skus.length]!;
    Object.assign(pin, { missing: viewers.length, times: [], at: performance.now() });
    const answer = await host.ask('host:pin', { liveId: load.live, sku: pin.sku });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    await inTime(everybody, () => `${pin.missing} of ${viewers.length} have not heard of a pin`);
    times.push(...pin.times);
    await after();
  }
  return times;
}

async function inTime(work: Promise<void>, what: () => string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(what())), 30_000);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function measure(work: () => Promise<number[]>) {
  const cpu = processorMs(load.pid);
  const heardBefore = deliveries;
  const start = performance.now();
  const times = await work();
  const seconds = (performance.now() - start) / 1000;
  const count = deliveries - heardBefore;
  return {
    ...spreadOf(times),
    deliveriesPerSecond: Math.round(count / seconds),
    cpuPerDeliveryUs: Number((((processorMs(load.pid) - cpu) * 1000) / count).toFixed(1)),
  };
}

/** Everybody talks and sends likes in turn, evenly over time, and the host pins once a second. */
async function busyRoom(): Promise<number[]> {
  const start = performance.now();
  const counts = { said: 0, liked: 0, refused: 0 };
  let waiting = 0;
  let speaker = 0;
  const act = (event: string, input: object) => {
    waiting += 1;
    void viewers[speaker++ % viewers.length]!.ask(event, { liveId: load.live, ...input }).then(({ ok }) => {
      waiting -= 1;
      if (!ok) counts.refused += 1;
    });
  };
  const timer = setInterval(() => {
    const seconds = (performance.now() - start) / 1000;
    for (; counts.said < seconds * load.messagesPerSecond; counts.said += 1) {
      act('chat:send', { text: `第${counts.said}句，这个蜜甜不甜？` });
    }
    for (; counts.liked < seconds * load.likesPerSecond; counts.liked += LIKES_AT_ONCE) {
      act('live:like', { count: LIKES_AT_ONCE });
    }
  }, 5);
  const times = await pinTimes(load.busySeconds, () => new Promise((resolve) => setTimeout(resolve, 1_000)));
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(
    `in ${seconds.toFixed(1)} s: ${counts.said} messages, ${counts.liked} likes, ${counts.refused} refused, ${waiting} unanswered\n`,
  );
  return times;
}

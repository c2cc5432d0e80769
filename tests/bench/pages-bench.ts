import { startPageServer, withGenerator, type Generator, type PageServer } from './children.ts';
import { median, round } from './figures.ts';

const CONNECTIONS = 64;
const ROUNDS = 5;
const SECONDS = 1;
const MAX_REQUESTS = 40_000;

const COMPRESSED = { 'accept-encoding': 'gzip, br', accept: 'text/html' };

/** What is asked of whom; the first is what the others are compared with. */
const TARGETS = [
  { name: 'bare Express', server: 'bare', path: '/', headers: {} },
  { name: 'list page, cached', server: 'shop', path: '/products', headers: COMPRESSED },
  { name: 'home page, cached', server: 'shop', path: '/', headers: COMPRESSED },
  { name: 'product page, cached', server: 'shop', path: '/products/chengbu-honey', headers: COMPRESSED },
  { name: 'style sheet or picture', server: 'shop', path: '/img/brand/hero.svg', headers: COMPRESSED },
  { name: 'list as JSON, not cached', server: 'shop', path: '/api/products?limit=24', headers: {} },
] as const;

export interface PageFigures {
  name: string;
  perSecond: number;
  /** Requests per second next to bare Express in the same round; the median of the rounds. */
  ratio: number;
  /** Processor time of the server per request: what a busy machine says more reliably than requests per second. */
  cpuMicros: number;
  bytes: number;
}

export async function benchPages(dataDir: string): Promise<PageFigures[]> {
  const bare = await startPageServer('bare', dataDir);
  const shop = await startPageServer('shop', dataDir);
  try {
    return await withGenerator((generator) => measureAll(generator, { bare, shop }));
  } finally {
    await Promise.all([bare.close(), shop.close()]);
  }
}

async function measureAll(
  generator: Generator,
  servers: Record<'bare' | 'shop', PageServer>,
): Promise<PageFigures[]> {
  const rounds = TARGETS.map(
    () => [] as { perSecond: number; ratio: number; cpuMicros: number; bytes: number }[],
  );
  // The first round warms up and does not count.
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    let bare = 0;
    for (const [at, target] of TARGETS.entries()) {
      const measured = await measure(generator, servers[target.server], target);
      if (at === 0) bare = measured.perSecond;
      if (turn > 0) rounds[at]!.push({ ...measured, ratio: measured.perSecond / bare });
    }
  }
  return TARGETS.map(({ name }, at) => ({
    name,
    perSecond: Math.round(median(rounds[at]!.map(({ perSecond }) => perSecond))),
    ratio: round(median(rounds[at]!.map(({ ratio }) => ratio))),
    cpuMicros: Math.round(median(rounds[at]!.map(({ cpuMicros }) => cpuMicros))),
    bytes: rounds[at]![0]!.bytes,
  }));
}

async function measure(generator: Generator, server: PageServer, target: (typeof TARGETS)[number]) {
  const before = await server.cpu();
  const { requests, seconds, others, bytes } = await generator.throughput({
    url: server.url,
    path: target.path,
    headers: target.headers,
    connections: CONNECTIONS,
    seconds: SECONDS,
    maxRequests: MAX_REQUESTS,
  });
  const cpu = (await server.cpu()) - before;
  if (Object.keys(others).length > 0) throw new Error(`${target.name}: ${JSON.stringify(others)}`);
  return { perSecond: requests / seconds, cpuMicros: cpu / requests, bytes };
}

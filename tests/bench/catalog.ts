/**
 * Measures the catalog on the embedded engine: the search with twenty thousand products, and how many pages a second
 * leave the shop next to a bare Express handler. Prints a table and one line of JSON.
 *
 *     npm run bench:catalog [-- search | pages]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/platform/config.ts';
import { table, type Spread } from './figures.ts';
import { benchPages, type PageFigures } from './pages-bench.ts';
import { benchSearch, type SearchFigures } from './search-bench.ts';

const PRODUCTS = 20_000;

const only = process.argv[2];
const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-bench-'));
try {
  const search =
    only === 'pages' ? undefined : await benchSearch(searchConfig(join(dataDir, 'search')), PRODUCTS);
  if (search) process.stdout.write(`${searchTable(search)}\n\n`);
  const pages = only === 'search' ? undefined : await benchPages(dataDir);
  if (pages) process.stdout.write(`${pagesTable(pages)}\n\n`);
  process.stdout.write(`${JSON.stringify({ search, pages })}\n`);
} finally {
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}

function searchConfig(folder: string) {
  return readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, LOG_LEVEL: 'error', TRUST_PROXY: '1' });
}

function searchTable(figures: SearchFigures): string {
  const { imported, refreshed, refresh } = figures;
  const spread = (name: string, { count, p50, p99, max }: Spread) => [name, count, p50, p99, max];
  return [
    `${figures.products} products: put in ${imported.seconds} s; started on them in ${refreshed.seconds} s ` +
      `(longest pause ${refreshed.longestPauseMs} ms, ${refreshed.memoryMb} MB)`,
    `refresh: ${refresh.justImportedMs} ms soon after the import, ${refresh.changedMs} ms with one product changed, ` +
      `${refresh.quietMs} ms when all is quiet`,
    '',
    table(
      ['catalog queries', 'n', 'p50 ms', 'p99 ms', 'max ms'],
      [
        spread('in the server, realistic', figures.inServer.realistic),
        spread('in the server, hostile', figures.inServer.hostile),
        spread('over HTTP, realistic', figures.overHttp.realistic),
        spread('over HTTP, hostile', figures.overHttp.hostile),
      ],
    ),
    `slowest query, median of its turns: ${figures.inServer.slowest}`,
  ].join('\n');
}

function pagesTable(figures: readonly PageFigures[]): string {
  return table(
    ['64 connections', 'requests/s', 'of bare Express', 'CPU µs', 'bytes'],
    figures.map(({ name, perSecond, ratio, cpuMicros, bytes }) => [name, perSecond, ratio, cpuMicros, bytes]),
  );
}

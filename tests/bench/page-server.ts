/**
 * A process that serves: the shop with its demonstration catalog, or a bare Express handler to compare it with.
 * It says where, tells its processor time when asked, and closes when it is let go.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { loadDemo } from '../../seeds/load.ts';
import { readConfig } from '../../server/platform/config.ts';
import { openShop } from '../../server/shop.ts';

export interface Serving {
  url: string;
}

const { url, close } = process.argv[2] === 'shop' ? await shop() : await bare();

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.once('disconnect', () => void close().then(() => process.exit(0)));
process.send?.({ url } satisfies Serving);

async function shop() {
  const opened = await openShop(readConfig(process.env), {
    prepare: async (ctx) => void (await loadDemo(ctx)),
  });
  return { url: opened.url.replace('localhost', '127.0.0.1'), close: () => opened.close() };
}

async function bare() {
  const app = express();
  app.get('/', (_req, res) => void res.send('a short string'));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

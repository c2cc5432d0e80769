import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { createContext, type Context, type Overrides } from './context.ts';
import { createApp } from './http.ts';
import { allJobs } from './jobs.ts';
import type { Config } from './platform/config.ts';
import { createHttpServer } from './platform/http/index.ts';
import { createRealtime, videoSockets, type Realtime } from './realtime.ts';

export interface Shop {
  ctx: Context;
  app: Express;
  /** The address to reach it at on this machine. */
  url: string;
  /** Stops taking work, finishes what was accepted, lets go of everything. */
  close(): Promise<void>;
}

/** The whole shop, listening. `prepare` runs before anybody is let in. */
export async function openShop(
  config: Config,
  overrides: Overrides & { prepare?: (ctx: Context) => Promise<void> } = {},
): Promise<Shop> {
  const ctx = await createContext(config, overrides);
  await overrides.prepare?.(ctx);

  // The pages show how many people are in a room; the rooms need the server that serves the pages.
  let realtime: Realtime | undefined;
  const app = createApp(ctx, (live) => realtime?.viewers(live) ?? 0);
  const server = createHttpServer(app);
  realtime = await createRealtime(ctx, server);
  videoSockets(ctx, server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  if (!config.publicUrl) ctx.reachedAt.url = `http://localhost:${port}`;
  ctx.reachableAt(loopback(server.address() as AddressInfo));
  await ctx.video.open();
  ctx.jobs.start(allJobs(ctx));

  let closing: Promise<void> | undefined;
  return {
    ctx,
    app,
    url: `http://localhost:${port}`,
    close() {
      closing ??= (async () => {
        const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeIdleConnections();
        await ctx.jobs.stop();
        await ctx.orders.idle();
        await ctx.video.close();
        await realtime.close();
        server.closeIdleConnections();
        await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
        server.closeAllConnections();
        await ctx.dispose();
      })();
      return closing;
    },
  };
}

/** Where this very process is reached from this machine: never by a name that leads through a proxy. */
function loopback({ address, port }: AddressInfo): string {
  if (address === '::' || address === '0.0.0.0') return `http://localhost:${port}`;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Server as HttpServer } from 'node:http';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { isCrossSite } from '../http/index.ts';
import type { Log } from '../log.ts';

/** How long closing waits for the HTTP server, in ms. */
const HTTP_LINGER_MS = 500;

export type SocketServer = Server;

export interface SocketServerOptions {
  server: HttpServer;
  publicUrl: string | undefined;
  redisUrl: string | undefined;
  log: Log;
}

/** The largest message anybody has a reason to send us, in bytes. */
const MAX_INBOUND = 16 * 1024;

/** A reader that is this far behind (bytes) is cut off; it comes back and gets a snapshot. */
const MAX_BACKLOG = 1024 * 1024;

const BACKLOG_CHECK_MS = 1_000;

/**
 * The Socket.IO server. With REDIS_URL, rooms reach across processes; without, each process has its own.
 *
 * @returns the server, whether it is one of several, what was said last to a room, and a way to stop it
 */
export async function createSocketServer(options: SocketServerOptions) {
  const redis = options.redisUrl ? await connectRedis(options.redisUrl, options.log) : undefined;
  const io = new Server(options.server, {
    serveClient: false,
    // Other WebSockets live on the same server; whoever opens the shop hangs up on what nobody takes.
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_INBOUND,
    // Fan-out costs per frame: compressing each one would cost eight times as much.
    perMessageDeflate: false,
    pingInterval: 20_000,
    pingTimeout: 20_000,
    ...(redis ? { adapter: createAdapter(redis) } : {}),
    allowRequest: (req, decide) => {
      const refused = isCrossSite(req, options.publicUrl);
      decide(refused ? 'cross_site' : null, !refused);
    },
  });
  const watch = setInterval(() => cutOffSlowReaders(io, options.log), BACKLOG_CHECK_MS);
  watch.unref();
  return {
    io,
    clustered: redis !== undefined,
    newsOf: redis ? () => undefined : createNews(io),
    async close() {
      clearInterval(watch);
      // It also waits for the HTTP server, which is closed by its owner and cannot tell that it is while connections
      // that it has given away live on in another process.
      await Promise.race([io.close(), new Promise((resolve) => setTimeout(resolve, HTTP_LINGER_MS))]);
      redis?.destroy();
    },
  };
}

/**
 * Stands for the last thing that was said to a room: another one as soon as something is. Undefined for a room that
 * nobody is in, and where other processes speak to it as well.
 */
export type NewsOf = (room: string) => object | undefined;

function createNews(io: Server): NewsOf {
  const { adapter } = io.of('/');
  const last = new WeakMap<Set<string>, object>();
  const broadcast = adapter.broadcast.bind(adapter);
  adapter.broadcast = (packet, options) => {
    for (const room of options.rooms) {
      const members = adapter.rooms.get(room);
      if (members) last.set(members, {});
    }
    broadcast(packet, options);
  };
  return (room) => {
    const members = adapter.rooms.get(room);
    if (!members) return undefined;
    const known = last.get(members) ?? {};
    last.set(members, known);
    return known;
  };
}

async function connectRedis(url: string, log: Log) {
  const client = createClient({ url });
  client.on('error', (err: unknown) => log.error({ err }, 'redis connection error'));
  await client.connect();
  return client;
}

/** What waits for a reader: packets that engine.io holds back, and bytes that the kernel has not taken yet. */
interface Waiting {
  writeBuffer: readonly { data?: unknown; options?: { wsPreEncodedFrame?: unknown } }[];
  transport: { socket?: { bufferedAmount: number; terminate(): void } };
}

/** Bytes that wait for this reader; counts no further than it must. */
function backlogOf({ writeBuffer, transport }: Waiting): number {
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) {
    if (bytes > MAX_BACKLOG) break;
    if (typeof data === 'string') bytes += data.length;
  }
  return bytes;
}

/**
 * Socket.IO has no limit of its own on what it keeps for a reader that does not read. Closing politely would wait
 * until everything is sent, which is what does not happen.
 */
function cutOffSlowReaders(io: Server, log: Log) {
  for (const socket of io.of('/').sockets.values()) {
    const conn = socket.conn as unknown as Waiting;
    const backlog = backlogOf(conn);
    if (backlog <= MAX_BACKLOG) continue;
    log.info({ backlog }, 'cut off a slow reader');
    socket.conn.close(true);
    conn.transport.socket?.terminate();
  }
}

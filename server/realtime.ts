import type { NextFunction, Request, Response } from 'express';
import type { Session } from 'express-session';
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'socket.io';
import { personOf, type Person } from './accounts/index.ts';
import type { Context } from './context.ts';
import { createRooms, liveSockets, offerSockets } from './live/index.ts';
import { orderSockets, personRoom } from './orders/index.ts';
import { langFromCookies } from './platform/http/index.ts';
import type { Lang } from './platform/lang.ts';
import { answering, createSocketServer } from './platform/realtime/index.ts';

type ShopSocket = Socket & { data: { person: Person | undefined; lang: Lang } };

const sessionRoom = (id: string) => `session:${id}`;

/** The Socket.IO server: its handshake and every domain's sockets. */
export async function createRealtime(ctx: Context, server: HttpServer) {
  const { config, log, bus } = ctx;
  const sockets = await createSocketServer({
    server,
    publicUrl: config.publicUrl,
    redisUrl: config.redisUrl,
    log,
  });
  const { io } = sockets;

  // The same session as on the pages. A socket never starts one: it could not set the cookie.
  io.engine.use((req: Request, res: Response, next: NextFunction) => {
    const { _query: query } = req as Request & { _query?: Record<string, unknown> };
    if (query?.['sid'] === undefined) ctx.sessions.middleware(req, res, next);
    else next();
  });

  io.use((socket: ShopSocket, next) => {
    const { session, sessionID } = socket.request as unknown as { session: Session; sessionID: string };
    personOf(ctx.accounts, session)
      .then(async (person) => {
        socket.data.lang = langFromCookies(socket.handshake.headers.cookie);
        socket.data.person = person && { ...person, lang: socket.data.lang };
        await socket.join(sessionRoom(sessionID));
        for (const id of person?.ids ?? []) await socket.join(personRoom(id));
        next();
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'handshake failed');
        next(new Error('unavailable'));
      });
  });

  const answers = answering({ translator: ctx.translator, log });
  const rooms = createRooms({ ...ctx, io, clustered: sockets.clustered });
  const orders = orderSockets({ ...ctx, io, answering: answers });
  const live = liveSockets({ ...ctx, io, rooms, answering: answers });
  const offers = offerSockets({ ...ctx, io, answering: answers });

  io.on('connection', (socket: ShopSocket) => {
    ctx.metrics.sockets.inc();
    socket.on('disconnect', () => ctx.metrics.sockets.dec());
    orders.connect(socket);
    live.connect(socket);
    offers.connect(socket);
  });

  // Whoever signs out is gone from every room at once.
  bus.on('account.signedOut', ({ sessionId }) => io.in(sessionRoom(sessionId)).disconnectSockets(true));

  return {
    viewers: rooms.viewers,
    async close() {
      rooms.close();
      orders.close();
      offers.close();
      await sockets.close();
    },
  };
}

export type Realtime = Awaited<ReturnType<typeof createRealtime>>;

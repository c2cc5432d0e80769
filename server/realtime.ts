import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'socket.io';
import { mustBeSignedIn, personOf, type Person } from './accounts/index.ts';
import type { Context } from './context.ts';
import { figureSockets } from './figures/index.ts';
import { drawSockets } from './draws/index.ts';
import {
  banSockets,
  chatSockets,
  captionSockets,
  couponDropSockets,
  createDoor,
  createRooms,
  deskSockets,
  liveSockets,
  mayPublish,
  offerSockets,
  watchingSockets,
} from './live/index.ts';
import { orderSockets, personRoom } from './orders/index.ts';
import { AppError } from './platform/errors.ts';
import { langFromCookies } from './platform/http/index.ts';
import type { Lang } from './platform/lang.ts';
import { answering, createSocketServer } from './platform/realtime/index.ts';
import { videoUpgrades } from './video/index.ts';

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
  const { io, newsOf } = sockets;

  /** The same session as on the pages. A socket never starts one: it could not set the cookie. */
  async function greet(socket: ShopSocket) {
    const { cookie } = socket.handshake.headers;
    const session = await ctx.sessions.read(cookie);
    const person = session && (await personOf(ctx.accounts, session));
    socket.data.lang = langFromCookies(cookie);
    socket.data.person = person && { ...person, lang: socket.data.lang };
    if (session) await socket.join([sessionRoom(session.id), ...(person?.ids ?? []).map(personRoom)]);
  }

  io.use((socket: ShopSocket, next) => {
    greet(socket).then(
      () => next(),
      (error: unknown) => {
        log.error({ err: error }, 'handshake failed');
        next(new Error('unavailable'));
      },
    );
  });

  const answers = answering({ translator: ctx.translator, log });
  const rooms = createRooms({ ...ctx, io, clustered: sockets.clustered });
  const orders = orderSockets({ ...ctx, io, answering: answers });
  liveSockets({ ...ctx, io, rooms, newsOf, answering: answers });
  const chat = chatSockets({ ...ctx, io, answering: answers });
  const table = deskSockets({ ...ctx, io, answering: answers });
  const offers = offerSockets({ ...ctx, io, answering: answers });

  const door = createDoor(ctx);
  const draws = drawSockets({
    ...{ ...ctx, io, door, answering: answers, byPurchase: config.drawByPurchase === '1' },
  });
  const drops = couponDropSockets({ ...ctx, io, door, answering: answers });
  const figures = figureSockets({ ...ctx, io, rooms, answering: answers });
  captionSockets({ ...ctx, io, answering: answers });
  const putting = banSockets({ ...ctx, io, rooms, clustered: sockets.clustered });
  const watching = watchingSockets({ ...ctx, rooms });

  io.on('connection', (socket: ShopSocket) => {
    ctx.metrics.sockets.inc();
    socket.on('disconnect', () => ctx.metrics.sockets.dec());
    answers.attend(socket);
  });

  // Whoever signs out is gone from every room at once.
  bus.on('account.signedOut', ({ sessionId }) => io.in(sessionRoom(sessionId)).disconnectSockets(true));

  return {
    viewers: rooms.viewers,
    async close() {
      rooms.close();
      orders.close();
      offers.close();
      chat.close();
      table.close();
      draws.close();
      drops.close();
      figures.close();
      watching.close();
      putting.close();
      await sockets.close();
    },
  };
}

/** Viewers' and hosts' pictures: a WebSocket of their own, taken in before it is handed over. */
export function videoSockets(ctx: Context, server: HttpServer) {
  const take = videoUpgrades({
    ...ctx,
    publicUrl: ctx.config.publicUrl,
    stateOf: ctx.liveState,
    async publisherOf(id, session) {
      const person = mustBeSignedIn(await personOf(ctx.accounts, session));
      const live = await ctx.lives.byId(id);
      if (!mayPublish(live, person)) throw new AppError('forbidden');
      if (live.state === 'ended') throw new AppError('live_not_running');
      return person.id;
    },
  });
  server.on('upgrade', (req, socket, head) => {
    if (!take(req, socket, head) && !req.url?.startsWith('/socket.io/')) socket.destroy();
  });
}

export type Realtime = Awaited<ReturnType<typeof createRealtime>>;

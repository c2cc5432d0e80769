import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import { offerRef, openOfferCommand, type Offers } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Answering } from '../platform/realtime/index.ts';
import { mustDo } from './live.policy.ts';
import type { Lives } from './live.service.ts';
import { presentOffer } from './live.view.ts';
import { liveRoom } from './room.sockets.ts';

export interface OfferSocketDeps {
  io: Server;
  lives: Lives;
  offers: Offers;
  bus: Bus;
  log: Log;
  answering: Answering;
}

type OfferSocket = Socket & { data: { person: Person | undefined } };

const TICK_MS = 250;

/** Flash offers in the room: opened and closed by the host, told at once; what is left goes out on a tick. */
export function offerSockets({ io, lives, offers, bus, log, answering }: OfferSocketDeps) {
  const touched = new Set<string>();

  const stopListening = [
    bus.on('offer.opened', async ({ offer: id, live }) => {
      const offer = await offers.byId(id);
      if (offer) io.to(liveRoom(live)).emit('offer:opened', { liveId: live, offer: presentOffer(offer) });
    }),
    bus.on('offer.closed', ({ offer, live, reason }) => {
      io.to(liveRoom(live)).emit('offer:closed', { liveId: live, offerId: offer, reason });
    }),
    bus.on('offer.taken', ({ live }) => void touched.add(live)),
    bus.on('live.moved', ({ live, state }) => (state === 'ended' ? offers.closeAllIn(live) : undefined)),
  ];

  async function tick() {
    const ids = [...touched];
    touched.clear();
    for (const id of ids) {
      const open = (await offers.openIn(id)).map(presentOffer);
      const news = open.map((offer) => ({ id: offer.id, left: offer.left }));
      if (news.length > 0) io.to(liveRoom(id)).emit('offer:pulse', { liveId: id, offers: news });
    }
  }

  const timer = setInterval(() => {
    tick().catch((err: unknown) => log.error({ err }, 'offers could not be told'));
  }, TICK_MS);
  timer.unref();

  async function host(liveId: string, { data }: OfferSocket) {
    const person = mustBeSomebody(data.person);
    const live = await lives.byId(liveId);
    mustDo(live, person, 'stock');
    return { live, person };
  }

  answering.on('host:offer:open', openOfferCommand, async (command, socket: OfferSocket) => {
    const { live, person } = await host(command.liveId, socket);
    if (live.state !== 'live') throw new AppError('live_not_running');
    if (!live.rail.includes(command.sku)) throw new AppError('not_found');
    return { offer: presentOffer(await offers.open(command, person.id)) };
  });
  answering.on('host:offer:close', offerRef, async ({ liveId, offerId }, socket: OfferSocket) => {
    await host(liveId, socket);
    await offers.close(liveId, offerId);
    return {};
  });

  return {
    close() {
      clearInterval(timer);
      for (const stop of stopListening) stop();
    },
  };
}

import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Answering, NewsOf } from '../platform/realtime/index.ts';
import { createShared } from '../platform/shared.ts';
import type { LiveSnapshot } from './live.events.ts';
import { isOfHouse, mustBeOfHouse } from './live.policy.ts';
import type { Devices } from './device.service.ts';
import type { Bans } from './bans.service.ts';
import { likeCommand, liveRef, pinCommand, unpinCommand } from './live.schema.ts';
import type { Live, Lives } from './live.service.ts';
import { presentChat, presentSnapshot } from './live.view.ts';
import { isCrowd } from './room.rules.ts';
import type { Rails } from './room.service.ts';
import { liveRoom, type Rooms } from './room.sockets.ts';
import { hostRoom } from './till-roll.sockets.ts';

export interface LiveSocketDeps {
  io: Server;
  lives: Lives;
  rooms: Rooms;
  rails: Rails;
  bans: Bans;
  devices: Devices;
  newsOf: NewsOf;
  answering: Answering;
}

type LiveSocket = Socket & { data: { person: Person | undefined; lang: Lang } };

/** Whom a room counts: a person with however many windows, or a line without a session. */
const nameOf = ({ id, data }: LiveSocket) => data.person?.id ?? `socket:${id}`;

/** The least time between two readings of the same snapshot, for when a thousand people come at once. */
const SNAPSHOT_MS = 25;

/** How long a reading is good for a crowd to which nothing was said since: what nobody tells it of may change, too. */
const FRESH_MS = 500;
const MOST_KEPT = 200;

export function liveSockets(deps: LiveSocketDeps) {
  const { lives, rooms, answering } = deps;
  const hearts = createCounter({ windowMs: 1_000, max: 60 });
  const arrivals = createArrivals(deps);
  const joined = new WeakMap<Socket, Set<string>>();

  function enter(socket: LiveSocket, doc: Live) {
    // Gone while the room was being read: nobody would ever take them out again.
    if (!socket.connected) return;
    let lately = joined.get(socket);
    if (!lately) {
      lately = new Set();
      joined.set(socket, lately);
      // On `disconnect` the rooms are gone already, and so would be the count.
      socket.on('disconnecting', () => joined.get(socket)?.forEach((id) => leave(socket, id)));
    }
    if (lately.has(doc._id)) return;
    lately.add(doc._id);
    const { person } = socket.data;
    const as = person && isOfHouse(doc, person) ? 'house' : 'viewer';
    rooms.enter(doc._id, nameOf(socket), { live: doc, as });
  }

  function leave(socket: LiveSocket, id: string) {
    if (joined.get(socket)?.delete(id)) rooms.leave(id, nameOf(socket));
  }

  answering.on('live:join', liveRef, async ({ liveId }, socket: LiveSocket) => {
    const { person, lang } = socket.data;
    // First into the room, then the reading: what happens between the two comes as news and is not lost.
    await socket.join(liveRoom(liveId));
    const arrival = await arrivals.of(liveId, lang);
    try {
      // Also after the room: of a ban in this very moment either this hears, or whoever looks for people to put out.
      await deps.bans.letIn(arrival.doc, { person, device: deps.devices.of(socket.handshake) });
    } catch (refused) {
      leave(socket, liveId);
      await socket.leave(liveRoom(liveId));
      throw refused;
    }
    enter(socket, arrival.doc);
    return { live: { ...arrival.live, viewers: rooms.viewers(liveId) }, chat: arrival.chat };
  });

  answering.on('live:leave', liveRef, async ({ liveId }, socket: LiveSocket) => {
    leave(socket, liveId);
    await socket.leave(liveRoom(liveId));
    return {};
  });

  answering.on('live:like', likeCommand, async ({ liveId, count }, socket: LiveSocket) => {
    hearts.take(nameOf(socket), count);
    await lives.like(liveId, count);
    return {};
  });

  answerHosts(deps);
}

function answerHosts({ lives, rooms, answering }: LiveSocketDeps) {
  const hostOf = ({ data }: LiveSocket) => mustBeSomebody(data.person);

  answering.on('host:join', liveRef, async ({ liveId }, socket: LiveSocket) => {
    mustBeOfHouse(await lives.byId(liveId), hostOf(socket));
    await socket.join(hostRoom(liveId));
    return rooms.tillRoll(liveId);
  });
  answering.on('host:start', liveRef, async ({ liveId }, socket: LiveSocket) => {
    await lives.start(liveId, hostOf(socket));
    return {};
  });
  answering.on('host:stop', liveRef, async ({ liveId }, socket: LiveSocket) => {
    await lives.stop(liveId, hostOf(socket));
    return {};
  });
  answering.on('host:pin', pinCommand, async ({ liveId, sku, lotId, version }, socket: LiveSocket) => {
    await lives.pin(liveId, { sku, lot: lotId, version }, hostOf(socket));
    return {};
  });
  answering.on('host:unpin', unpinCommand, async ({ liveId, version }, socket: LiveSocket) => {
    await lives.unpin(liveId, hostOf(socket), version);
    return {};
  });
}

interface Arrival {
  doc: Live;
  live: LiveSnapshot;
  chat: ReturnType<typeof presentChat>[];
}

/**
 * The snapshot for joiners: many who come at once share a reading. Into a crowd one from before somebody came is as good,
 * as long as the room has heard nothing since: what has changed meanwhile is still to be told, and they will hear it.
 */
function createArrivals({ lives, rails, rooms, newsOf }: LiveSocketDeps) {
  const shared = createShared<Arrival>({ gapMs: SNAPSHOT_MS });
  const latest = new Map<string, { arrival: Arrival; news: object | undefined; at: number }>();

  async function read(id: string, lang: Lang): Promise<Arrival> {
    const doc = await lives.byId(id);
    const [rail, chat, offers] = await Promise.all([
      rails.of(doc, lang),
      lives.latestChat(id),
      rails.offers(id),
    ]);
    return {
      doc,
      live: presentSnapshot(doc, { rail, offers, viewers: rooms.viewers(id) }, lang),
      chat: chat.map(({ _id, ...message }) => presentChat({ id: _id, ...message })),
    };
  }

  return {
    async of(id: string, lang: Lang): Promise<Arrival> {
      const key = `${id} ${lang}`;
      const known = latest.get(key);
      const news = isCrowd(rooms.viewers(id)) ? newsOf(liveRoom(id)) : undefined;
      if (known && news && known.news === news && Date.now() - known.at < FRESH_MS) return known.arrival;
      return shared.of(key, async () => {
        const before = { news: newsOf(liveRoom(id)), at: Date.now() };
        const arrival = await read(id, lang);
        if (latest.size > MOST_KEPT) latest.clear();
        latest.set(key, { arrival, ...before });
        return arrival;
      });
    },
  };
}

import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Answering } from '../platform/realtime/index.ts';
import { createShared } from '../platform/shared.ts';
import type { LiveSnapshot } from './live.events.ts';
import { mustBeOfHouse } from './live.policy.ts';
import { deviceOf, type Devices } from './device.service.ts';
import type { Bans } from './bans.service.ts';
import { likeCommand, liveRef, pinCommand, unpinCommand } from './live.schema.ts';
import type { Live, Lives } from './live.service.ts';
import { presentChat, presentSnapshot } from './live.view.ts';
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
  answering: Answering;
}

interface Data {
  person: Person | undefined;
  lang: Lang;
}

/** The least time between two readings of the same snapshot, for when a thousand people come at once. */
const SNAPSHOT_MS = 25;

export function liveSockets(deps: LiveSocketDeps) {
  const { lives, rooms, answering } = deps;
  const hearts = createCounter({ windowMs: 1_000, max: 60 });
  const arrivals = createArrivals(deps);

  return {
    connect(socket: Socket & { data: Data }) {
      const { data } = socket;
      const joined = new Set<string>();
      const key = data.person?.id ?? `socket:${socket.id}`;

      function leave(id: string) {
        if (joined.delete(id)) rooms.leave(id, key);
      }

      answering.on(socket, 'live:join', liveRef, async ({ liveId }) => {
        // First into the room, then the reading: what happens between the two comes as news and is not lost.
        await socket.join(liveRoom(liveId));
        const arrival = await arrivals.of(liveId, data.lang);
        try {
          // Also after the room: of a ban in this very moment either this hears, or whoever looks for people to put out.
          const device = deviceOf(deps.devices, socket.handshake.headers.cookie);
          await deps.bans.letIn(arrival.doc, { person: data.person, device });
        } catch (refused) {
          leave(liveId);
          await socket.leave(liveRoom(liveId));
          throw refused;
        }
        if (!joined.has(liveId)) {
          joined.add(liveId);
          await rooms.enter(liveId, key, arrival.doc);
        }
        return { live: { ...arrival.live, viewers: rooms.viewers(liveId) }, chat: arrival.chat };
      });

      answering.on(socket, 'live:leave', liveRef, async ({ liveId }) => {
        leave(liveId);
        await socket.leave(liveRoom(liveId));
        return {};
      });

      // On `disconnect` the rooms are gone already, and so would be the count.
      socket.on('disconnecting', () => [...joined].forEach(leave));

      answering.on(socket, 'live:like', likeCommand, async ({ liveId, count }) => {
        hearts.take(key, count);
        await lives.like(liveId, count);
        return {};
      });

      connectHost(deps, socket);
    },
  };
}

function connectHost({ lives, rooms, answering }: LiveSocketDeps, socket: Socket & { data: Data }) {
  const person = () => mustBeSomebody(socket.data.person);

  answering.on(socket, 'host:join', liveRef, async ({ liveId }) => {
    mustBeOfHouse(await lives.byId(liveId), person());
    await socket.join(hostRoom(liveId));
    return rooms.tillRoll(liveId);
  });
  answering.on(socket, 'host:start', liveRef, async ({ liveId }) => {
    await lives.start(liveId, person());
    return {};
  });
  answering.on(socket, 'host:stop', liveRef, async ({ liveId }) => {
    await lives.stop(liveId, person());
    return {};
  });
  answering.on(socket, 'host:pin', pinCommand, async ({ liveId, sku, lotId, version }) => {
    await lives.pin(liveId, { sku, lot: lotId, version }, person());
    return {};
  });
  answering.on(socket, 'host:unpin', unpinCommand, async ({ liveId, version }) => {
    await lives.unpin(liveId, person(), version);
    return {};
  });
}

interface Arrival {
  doc: Live;
  live: LiveSnapshot;
  chat: ReturnType<typeof presentChat>[];
}

/** The snapshot for joiners: many who come at once share a reading. */
function createArrivals({ lives, rails, rooms }: LiveSocketDeps) {
  const shared = createShared<Arrival>({ gapMs: SNAPSHOT_MS });

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
    of: (id: string, lang: Lang): Promise<Arrival> => shared.of(`${id} ${lang}`, () => read(id, lang)),
  };
}

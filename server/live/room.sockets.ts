import type { Server } from 'socket.io';
import type { Bus } from '../platform/bus.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { Orders } from '../orders/index.ts';
import type { ChatMessage } from './live.events.ts';
import type { Live, Lives } from './live.service.ts';
import { presentChat, presentToasts } from './live.view.ts';
import { createRoom, nextPulse, nextShips, readable, toldOn, type Room } from './room.rules.ts';
import type { Rails } from './room.service.ts';
import { createTillRolls, hostRoom } from './till-roll.sockets.ts';

export const liveRoom = (id: string) => `live:${id}`;

/** Four pulses a second, as the contract says. */
const TICK_MS = 250;

/** How often a room is compared with the database: heals what a lost message between processes left wrong. */
const REFRESH_MS = 2_000;

/** Sixty lines a second, thirty for a crowd: more than anybody reads. The console gets them all. */
const CHAT_PER_TICK = 15;

/** Toasts are for the eye: more than this in one tick are not read by anybody. */
const TOASTS_PER_TICK = 12;

export interface RoomDeps {
  io: Server;
  clustered: boolean;
  lives: Lives;
  rails: Rails;
  orders: Orders;
  bus: Bus;
  log: Log;
}

export type Rooms = ReturnType<typeof createRooms>;

/**
 * The rooms of this process. Whatever can be summed (viewers, likes, stock) goes out on the room's tick; messages
 * and toasts wait for the tick and go out together. Nothing true lives here: a room is made again from the database.
 */
export function createRooms(deps: RoomDeps) {
  const { io, lives, bus, log } = deps;
  const node = newId();
  const rooms = new Map<string, Room>();
  const chat = new Map<string, ChatMessage[]>();
  const toasts = new Map<string, ReturnType<typeof presentToasts>>();
  const rolls = createTillRolls(deps);
  const movedSkus = new Set<string>();

  function roomOf(id: string): Room {
    let room = rooms.get(id);
    if (!room) {
      room = createRoom(id);
      rooms.set(id, room);
    }
    return room;
  }

  /** Brings a room up to date with what the database says, and tells it what it missed. */
  function align(room: Room, live: Live) {
    room.rail = live.rail;
    room.likes = live.likes;
    room.stockMoved = true;
    tellEdited(room, live.edits ?? 0);
    const seq = live.pinSeq ?? 0;
    // A reading that a pin has overtaken says what lay on the table before.
    if (seq >= room.pinSeq && (live.pinned?.sku ?? null) !== room.pinned) tellPinned(room, live.pinned, seq);
  }

  function tellPinned(room: Room, pinned: Live['pinned'], seq: number) {
    room.pinned = pinned?.sku ?? null;
    room.pinSeq = seq;
    const here = io.local.to(liveRoom(room.id));
    if (pinned) {
      here.emit('live:pinned', { liveId: room.id, sku: pinned.sku, at: pinned.at.toISOString() });
    } else here.emit('live:unpinned', { liveId: room.id });
  }

  function tellEdited(room: Room, edits: number) {
    const known = room.edits;
    if (known !== undefined && known >= edits) return;
    room.edits = edits;
    if (known === undefined) return;
    const here = io.local.to([liveRoom(room.id), hostRoom(room.id)]);
    here.emit('live:edited', { liveId: room.id, edits });
  }

  async function refresh(id: string) {
    const room = rooms.get(id);
    if (!room) return;
    if (room.presence.isEmpty()) {
      rooms.delete(id);
      return;
    }
    align(room, await lives.byId(id));
    await lives.raisePeak(id, room.presence.count(Date.now()));
  }

  const stopListening = [
    bus.on('live.moved', ({ live, state, at }) => {
      const news = { liveId: live, [state === 'live' ? 'startedAt' : 'endedAt']: at.toISOString() };
      if (state !== 'scheduled') {
        io.to([liveRoom(live), hostRoom(live)]).emit(state === 'live' ? 'live:started' : 'live:ended', news);
      }
    }),
    bus.on('live.pinned', ({ live, pinned, seq }) => {
      others('room:look', live);
      const room = rooms.get(live);
      if (room && seq > room.pinSeq) tellPinned(room, pinned, seq);
    }),
    bus.on('live.edited', ({ live }) => {
      others('room:look', live._id);
      const room = rooms.get(live._id);
      if (room) align(room, live);
    }),
    bus.on('live.liked', ({ likes }) => {
      for (const [live, count] of likes) {
        const room = rooms.get(live);
        if (room) room.likes += count;
      }
    }),
    bus.on('live.chatted', ({ messages }) => {
      for (const message of messages) {
        const waiting = chat.get(message.live);
        if (waiting) waiting.push(presentChat(message));
        else chat.set(message.live, [presentChat(message)]);
      }
    }),
    bus.on('stock.changed', ({ skus }) => {
      for (const sku of skus) movedSkus.add(sku);
      others('room:stock', skus);
    }),
    bus.on('order.placed', (fact) => {
      if (!fact.live) return;
      const waiting = toasts.get(fact.live) ?? [];
      if (waiting.length < TOASTS_PER_TICK) toasts.set(fact.live, [...waiting, ...presentToasts(fact)]);
    }),
  ];

  async function lookAgain(id: string) {
    const room = rooms.get(id);
    if (room) align(room, await lives.byId(id));
  }

  /** To the other processes of the cluster; lost when one is away, which `refresh` heals. */
  function others(event: string, ...values: unknown[]) {
    if (deps.clustered) io.serverSideEmit(event, ...values);
  }

  io.on('room:look', (id: string) => void lookAgain(id).catch(report));
  io.on('room:stock', (skus: string[]) => skus.forEach((sku) => movedSkus.add(sku)));
  io.on('room:people', (from: string, id: string, people: string[]) => {
    rooms.get(id)?.presence.learn(from, people, Date.now());
  });

  function report(err: unknown) {
    log.error({ err }, 'the room could not be refreshed');
  }

  let ticks = 0;

  async function tick() {
    ticks += 1;
    const now = Date.now();
    const isDue = (id: string) => toldOn(ticks, rooms.get(id)?.presence.count(now) ?? 0);
    flush(
      chat,
      (id) => isDue(id).said,
      (id, messages) => {
        const shown = readable(messages, CHAT_PER_TICK);
        io.to(liveRoom(id)).except(hostRoom(id)).emit('chat:posted', { liveId: id, messages: shown });
        io.to(hostRoom(id)).emit('chat:posted', { liveId: id, messages });
      },
    );
    flush(
      toasts,
      (id) => isDue(id).said,
      (id, orders) => io.to(liveRoom(id)).emit('order:toast', { liveId: id, orders }),
    );
    await pulse(
      [...rooms.values()].filter(({ id }) => isDue(id).sums),
      now,
    );
  }

  async function pulse(due: Room[], now: number) {
    for (const room of rooms.values()) {
      if (room.rail.some((sku) => movedSkus.has(sku))) room.stockMoved = true;
    }
    movedSkus.clear();
    const looking = new Set(due.filter(({ stockMoved }) => stockMoved));
    // What moves while it is being read is told on the next tick.
    for (const room of looking) room.stockMoved = false;
    const skus = new Set([...looking].flatMap(({ rail }) => rail));
    const standing = skus.size > 0 ? await deps.rails.standing([...skus]) : undefined;
    for (const room of due) {
      const seen = looking.has(room) ? standing : undefined;
      const here = io.local.to([liveRoom(room.id), hostRoom(room.id)]);
      const news = nextPulse(room, seen?.available, now);
      if (news) here.emit('live:pulse', news);
      const ships = seen ? nextShips(room, seen.ships) : [];
      if (ships.length > 0) here.emit('live:ships', { liveId: room.id, ships });
    }
  }

  const loops = [
    loop(tick, TICK_MS),
    loop(rolls.tell, TICK_MS),
    loop(async () => {
      for (const [id, room] of rooms) others('room:people', node, id, room.presence.here());
      await Promise.all([...rooms.keys()].map(refresh));
    }, REFRESH_MS),
  ];

  /** Runs again and again, each time when the last run has ended. */
  function loop(work: () => Promise<void>, everyMs: number) {
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    const turn = () => {
      timer = setTimeout(() => {
        void work()
          .catch(report)
          .finally(() => stopped || turn());
      }, everyMs);
      timer.unref();
    };
    turn();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }

  return {
    enter(id: string, person: string, { live, as }: { live: Live; as: 'viewer' | 'house' }) {
      const room = roomOf(id);
      if (room.rail.length === 0) {
        room.pinned = live.pinned?.sku ?? null;
        room.pinSeq = live.pinSeq ?? 0;
        align(room, live);
      }
      room.presence.enter(person, as);
    },
    leave(id: string, person: string) {
      rooms.get(id)?.presence.leave(person);
    },
    /** Everybody in the rooms of this process, by live; whoever has no session is `socket:<id>`. */
    people: () => [...rooms.values()].map(({ id, presence }) => [id, presence.here()] as const),
    viewers: (id: string) => rooms.get(id)?.presence.count(Date.now()) ?? 0,
    /** What a console that opens sees of the till. */
    tillRoll: rolls.open,
    close() {
      for (const stop of [...loops, ...stopListening, rolls.close]) stop();
    },
  };
}

function flush<T>(
  waiting: Map<string, T>,
  isDue: (id: string) => boolean,
  send: (id: string, value: T) => void,
) {
  for (const [id, value] of waiting) {
    if (!isDue(id)) continue;
    waiting.delete(id);
    send(id, value);
  }
}

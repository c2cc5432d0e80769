import type { Server, Socket } from 'socket.io';
import type { Person } from '../accounts/index.ts';
import { hostRoom, type Rooms } from '../live/index.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Log } from '../platform/log.ts';
import type { Answering } from '../platform/realtime/index.ts';
import { cameCommand, tapCommand } from './figures.schema.ts';
import type { Figures } from './figures.service.ts';

export interface FigureSocketDeps {
  io: Server;
  rooms: Rooms;
  figures: Figures;
  log: Log;
  answering: Answering;
}

type FigureSocket = Socket & { data: { person: Person | undefined } };

/** How often the people in the rooms of this process are counted: what a crash can lose of a minute's peak. */
const LOOK_MS = 10_000;
const TELL_MS = 5_000;

export function figureSockets({ io, rooms, figures, log, answering }: FigureSocketDeps) {
  const taps = createCounter({ windowMs: 10_000, max: 60 });

  async function look() {
    for (const [live, people] of rooms.people()) await figures.seen(live, people);
  }

  /** Read once for all consoles of a live, and only where one is open. */
  async function tell() {
    for (const [live] of rooms.people()) {
      if (!io.sockets.adapter.rooms.has(hostRoom(live))) continue;
      io.local.to(hostRoom(live)).emit('host:figures', { liveId: live, ...(await figures.standing(live)) });
    }
  }

  const report = (err: unknown) => log.error({ err }, 'the figures of a live could not be kept up');
  const timers = [
    setInterval(() => void look().catch(report), LOOK_MS),
    setInterval(() => void tell().catch(report), TELL_MS),
  ];
  for (const timer of timers) timer.unref();

  answering.on('live:came', cameCommand, async ({ liveId, from }, { data }: FigureSocket) => {
    if (data.person) await figures.came(liveId, from, data.person);
    return {};
  });

  answering.on('live:tap', tapCommand, async ({ liveId, sku, what }, { data }: FigureSocket) => {
    if (!data.person) return {};
    taps.take(data.person.id);
    await figures.tapped(liveId, { sku, what }, data.person);
    return {};
  });

  return {
    close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

import type { Server, Socket } from 'socket.io';
import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Log } from '../platform/log.ts';
import type { Bans } from './bans.service.ts';
import type { Devices } from './device.service.ts';
import type { Lives } from './live.service.ts';
import { liveRoom, type Rooms } from './room.sockets.ts';

export interface BanSocketDeps {
  io: Server;
  clustered: boolean;
  lives: Lives;
  rooms: Rooms;
  bans: Bans;
  devices: Devices;
  bus: Bus;
  log: Log;
}

/** Another process may have written the ban, and no message may have come of it: the database is asked. */
const LOOK_MS = 2_000;

/** Puts banned people out of the rooms of this process: told why, and their line closed. */
export function banSockets(deps: BanSocketDeps) {
  const { io, bans } = deps;

  async function look() {
    const ids = deps.rooms.people().map(([id]) => id);
    if (ids.length === 0) return;
    const lives = await Promise.all(ids.map((id) => deps.lives.byId(id)));
    const running = lives.filter(({ state }) => state !== 'ended');
    const latest = await bans.latest(running);
    if (latest.length === 0) return;
    for (const live of running) {
      for (const id of io.sockets.adapter.rooms.get(liveRoom(live._id)) ?? []) {
        const socket = io.sockets.sockets.get(id) as (Socket & { data: Data }) | undefined;
        if (!socket) continue;
        const device = deps.devices.of(socket.handshake);
        if (bans.hits(latest, live, { person: socket.data.person, device })) putOut(socket, live._id);
      }
    }
  }

  const report = (err: unknown) => deps.log.error({ err }, 'banned people could not be put out');
  const stop = deps.bus.on('person.banned', ({ host }) => {
    if (deps.clustered) io.serverSideEmit('room:bans', host);
    return look();
  });
  io.on('room:bans', () => void look().catch(report));

  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const turn = () => {
    timer = setTimeout(
      () =>
        void look()
          .catch(report)
          .finally(() => closed || turn()),
      LOOK_MS,
    );
    timer.unref();
  };
  turn();

  return {
    close() {
      closed = true;
      clearTimeout(timer);
      stop();
    },
  };
}

/** @throws AppError `put_out`: nothing of a room is for whoever was put out of it */
export type Door = (liveId: string, socket: Socket & { data: Data }) => Promise<void>;

export function createDoor({
  lives,
  bans,
  devices,
}: Pick<BanSocketDeps, 'lives' | 'bans' | 'devices'>): Door {
  return async (liveId, socket) => {
    const device = devices.of(socket.handshake);
    await bans.letIn(await lives.byId(liveId), { person: socket.data.person, device });
  };
}

interface Data {
  person: Person | undefined;
}

function putOut(socket: Socket, liveId: string) {
  socket.emit('live:closed', { liveId, reason: 'put_out' });
  socket.disconnect(true);
}

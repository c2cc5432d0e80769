import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Answering } from '../platform/realtime/index.ts';
import type { Devices } from './device.service.ts';
import { sayCommand } from './live.schema.ts';
import { presentChat } from './live.view.ts';
import { reportCommand } from './moderation.schema.ts';
import type { Moderation } from './moderation.service.ts';
import type { ChatReports } from './chat-reports.service.ts';
import { liveRoom } from './room.sockets.ts';

export interface ChatSocketDeps {
  io: Server;
  moderation: Moderation;
  chatReports: ChatReports;
  devices: Devices;
  bus: Bus;
  answering: Answering;
}

type ChatSocket = Socket & { data: { person: Person | undefined } };

/** Speaking in a room, and reporting what others say. */
export function chatSockets(deps: ChatSocketDeps) {
  const { io, answering } = deps;
  const talk = createCounter({ windowMs: 10_000, max: 12 });
  const complaints = createCounter({ windowMs: 60_000, max: 20 });

  const stopListening = deps.bus.on('chat.hidden', ({ live, ids }) => {
    io.to(liveRoom(live)).emit('chat:removed', { liveId: live, ids });
  });

  answering.on('chat:send', sayCommand, async (said, { data, handshake }: ChatSocket) => {
    const person = mustBeSomebody(data.person);
    talk.take(person.id);
    const { message, held } = await deps.moderation.say(said, {
      person,
      device: deps.devices.of(handshake),
    });
    const { _id, ...rest } = message;
    return { message: presentChat({ id: _id, ...rest }), ...(held ? { held: true } : {}) };
  });
  answering.on('chat:report', reportCommand, async (command, { data }: ChatSocket) => {
    const person = mustBeSomebody(data.person);
    complaints.take(person.id);
    await deps.chatReports.report(command, person);
    return {};
  });

  return { close: () => stopListening() };
}

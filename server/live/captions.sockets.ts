import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Answering } from '../platform/realtime/index.ts';
import { captionCommand } from './captions.schema.ts';
import { mustRun } from './live.policy.ts';
import type { Lives } from './live.service.ts';
import { liveRoom } from './room.sockets.ts';

export interface CaptionSocketDeps {
  io: Server;
  lives: Lives;
  clock: Clock;
  answering: Answering;
}

/** Subtitles in the room: told at once and kept nowhere; what was said is in the recording. */
export function captionSockets({ io, lives, clock, answering }: CaptionSocketDeps) {
  const lines = createCounter({ windowMs: 10_000, max: 40 });
  return {
    connect(socket: Socket & { data: { person: Person | undefined } }) {
      answering.on(socket, 'host:caption', captionCommand, async ({ liveId, text }) => {
        const person = mustBeSomebody(socket.data.person);
        lines.take(person.id);
        const live = await lives.byId(liveId);
        mustRun(live, person);
        if (live.state !== 'live') throw new AppError('live_not_running');
        io.to(liveRoom(liveId)).emit('caption:said', { liveId, text, at: clock.now().toISOString() });
        return {};
      });
    },
  };
}

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

type CaptionSocket = Socket & { data: { person: Person | undefined } };

/** Subtitles in the room: told at once and kept nowhere; what was said is in the recording. */
export function captionSockets({ io, lives, clock, answering }: CaptionSocketDeps) {
  const lines = createCounter({ windowMs: 10_000, max: 40 });
  answering.on('host:caption', captionCommand, async ({ liveId, text }, socket: CaptionSocket) => {
    const person = mustBeSomebody(socket.data.person);
    lines.take(person.id);
    const live = await lives.byId(liveId);
    mustRun(live, person);
    if (live.state !== 'live') throw new AppError('live_not_running');
    io.to(liveRoom(liveId)).emit('caption:said', { liveId, text, at: clock.now().toISOString() });
    return {};
  });
}

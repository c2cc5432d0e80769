import type { Log } from '../platform/log.ts';
import type { Rooms } from './room.sockets.ts';
import type { Lives } from './live.service.ts';
import { SLOT_MS, type Watching } from './watching.service.ts';

/** Counts, slot by slot, who is in the rooms of this process; only while a live runs. */
export function watchingSockets(deps: { rooms: Rooms; lives: Lives; watching: Watching; log: Log }) {
  const { rooms, lives, watching, log } = deps;

  async function look() {
    for (const [live, people] of rooms.people()) {
      const known = people.filter((person) => !person.startsWith('socket:'));
      if (known.length === 0) continue;
      if ((await lives.byId(live)).state === 'live') await watching.seen(live, known);
    }
  }

  const timer = setInterval(() => {
    look().catch((err: unknown) => log.error({ err }, 'who is watching could not be counted'));
  }, SLOT_MS / 2);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

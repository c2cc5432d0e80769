import type { Server } from 'socket.io';
import type { Orders } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { HostSums } from './live.events.ts';
import { presentHostOrder, presentHostSums } from './live.view.ts';

export const hostRoom = (id: string) => `host:${id}`;

/** Orders that a console shows. */
const LATEST = 30;

/**
 * The sums of a long day take a while to add up: no more than a twentieth of the time goes into that. Up to so many
 * milliseconds nobody minds.
 */
const REST = 19;
const CHEAP_MS = 20;

export interface TillRollDeps {
  io: Server;
  clustered: boolean;
  orders: Pick<Orders, 'ofLive' | 'sumsOfLive'>;
  bus: Bus;
}

export type TillRolls = ReturnType<typeof createTillRolls>;

/**
 * What a live's consoles see of its till: the latest orders, and the sums of all of them. Read once for all consoles
 * of this process, and only where there is one.
 */
export function createTillRolls({ io, clustered, orders, bus }: TillRollDeps) {
  /** Lives in which something happened since the last turn: here, and anywhere. */
  const touched = new Set<string>();
  const moved = new Set<string>();
  /** Sums as they were added up last, and until when they have to do (ms, `performance.now`). */
  const sums = new Map<string, { value: Promise<HostSums>; until: number }>();
  /** Lives whose consoles were told sums that are not of this moment. */
  const owed = new Set<string>();

  const touch = ({ live }: { live: string | null }) => void (live && touched.add(live));
  const stopListening = [bus.on('order.placed', touch), bus.on('order.moved', touch)];
  io.on('roll:moved', (ids: string[]) => ids.forEach((id) => moved.add(id)));

  const isWatched = (id: string) => io.sockets.adapter.rooms.has(hostRoom(id));
  const isResting = (id: string) => performance.now() < (sums.get(id)?.until ?? 0);

  function sumsOf(id: string): Promise<HostSums> {
    const known = sums.get(id);
    if (known && isResting(id)) return known.value;
    const began = performance.now();
    const entry = { value: orders.sumsOfLive(id).then(presentHostSums), until: Infinity };
    sums.set(id, entry);
    entry.value.then(
      () => {
        const now = performance.now();
        const tookMs = now - began;
        entry.until = tookMs < CHEAP_MS ? now : now + tookMs * REST;
      },
      () => sums.delete(id),
    );
    return entry.value;
  }

  async function view(id: string) {
    const [latest, told] = await Promise.all([orders.ofLive(id, LATEST), sumsOf(id)]);
    return { orders: latest.map(presentHostOrder), sums: told };
  }

  async function tellOne(id: string) {
    if (isResting(id)) owed.add(id);
    else owed.delete(id);
    io.local.to(hostRoom(id)).emit('host:orders', { liveId: id, ...(await view(id)) });
  }

  return {
    /** What a console sees that opens. */
    async open(id: string) {
      if (isResting(id)) owed.add(id);
      return view(id);
    },

    /** Tells the consoles of this process what has happened since the last turn. */
    async tell() {
      if (clustered && touched.size > 0) io.serverSideEmit('roll:moved', [...touched]);
      for (const id of touched) moved.add(id);
      touched.clear();
      const due = [...owed].filter((id) => !isResting(id));
      const news = new Set([...moved, ...due].filter(isWatched));
      moved.clear();
      for (const id of [...sums.keys(), ...owed]) {
        if (isWatched(id) || isResting(id)) continue;
        sums.delete(id);
        owed.delete(id);
      }
      await Promise.all([...news].map(tellOne));
    },

    close() {
      for (const stop of stopListening) stop();
    },
  };
}

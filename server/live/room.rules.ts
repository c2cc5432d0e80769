import { createPresence, type Presence } from './presence.rules.ts';

/** What has been said to a room, and what is waiting to be. */
export interface Room {
  id: string;
  presence: Presence;
  rail: readonly string[];
  /** How many changes of title, cover and rail it was told of; undefined: of none yet, and it had them all. */
  edits: number | undefined;
  pinned: string | null;
  /** How many times something was laid on the table or taken off it, when `pinned` was so. */
  pinSeq: number;
  likes: number;
  /** `viewersAt`: when their number was told, ms since the epoch. */
  told: {
    viewers: number;
    viewersAt: number;
    likes: number;
    stock: Map<string, number>;
    ships: Map<string, string>;
  };
  /** The stock of some product may be another one now. */
  stockMoved: boolean;
}

export function createRoom(id: string): Room {
  return {
    id,
    presence: createPresence(),
    rail: [],
    edits: undefined,
    pinned: null,
    pinSeq: 0,
    likes: 0,
    told: { viewers: -1, viewersAt: 0, likes: -1, stock: new Map(), ships: new Map() },
    stockMoved: true,
  };
}

/** From so many viewers on their number is told once in so many milliseconds. */
const FULL_ROOM = 100;
const FULL_ROOM_MS = 1_000;

export interface Pulse {
  liveId: string;
  viewers: number;
  likes: number;
  stock: { sku: string; available: number }[];
}

/** What to tell the room now; undefined when it knows everything already. Remembers what it tells. */
export function nextPulse(
  room: Room,
  available: ReadonlyMap<string, number> | undefined,
  now: number,
): Pulse | undefined {
  const counted = room.presence.count(now);
  const viewers = isWorthTelling(room, counted, now) ? counted : room.told.viewers;
  const stock = room.rail.flatMap((sku) => {
    const pieces = available?.get(sku);
    return pieces === undefined || pieces === room.told.stock.get(sku) ? [] : { sku, available: pieces };
  });
  if (viewers === room.told.viewers && room.likes === room.told.likes && stock.length === 0) return undefined;
  if (viewers !== room.told.viewers) room.told.viewersAt = now;
  room.told.viewers = viewers;
  room.told.likes = room.likes;
  for (const { sku, available: pieces } of stock) room.told.stock.set(sku, pieces);
  return { liveId: room.id, viewers, likes: room.likes, stock };
}

/** In a full room somebody comes or goes all the time: telling everybody of each would cost more than their coming. */
function isWorthTelling({ told }: Room, viewers: number, now: number): boolean {
  return viewers < FULL_ROOM || now - told.viewersAt >= FULL_ROOM_MS;
}

/** From so many viewers on a frame to all of them takes so long that a pin should wait for one at the most. */
const CROWD = 1_000;

export const isCrowd = (viewers: number) => viewers >= CROWD;

/**
 * What a room is told on a tick: of what was said (chat, toasts) and of what is summed (the pulse) on every one, but a
 * crowd on every second one, by turns.
 */
export function toldOn(tick: number, viewers: number): { said: boolean; sums: boolean } {
  if (!isCrowd(viewers)) return { said: true, sums: true };
  return { said: tick % 2 === 0, sums: tick % 2 === 1 };
}

/** The promises about sending that the room does not know yet. Remembers what it tells. */
export function nextShips<P extends { by: string; presale: boolean }>(
  room: Room,
  promises: ReadonlyMap<string, P>,
): { sku: string; by: string; presale: boolean }[] {
  return room.rail.flatMap((sku) => {
    const promise = promises.get(sku);
    if (!promise) return [];
    const { by, presale } = promise;
    const now = `${by} ${presale}`;
    const before = room.told.ships.get(sku);
    room.told.ships.set(sku, now);
    return before === now ? [] : [{ sku, by, presale }];
  });
}

/**
 * What of a flood of chat a viewer is shown: everything that the house says, and of the others as much as can be read,
 * evenly over time. Nobody reads a thousand lines a second, and sending them would push out what matters.
 */
export function readable<T extends { role: string }>(messages: readonly T[], most: number): T[] {
  const others = messages.filter(({ role }) => role === 'viewer').length;
  if (others <= most) return [...messages];
  let place = 0;
  return messages.filter(({ role }) => {
    if (role !== 'viewer') return true;
    place += 1;
    return Math.floor((place * most) / others) > Math.floor(((place - 1) * most) / others);
  });
}

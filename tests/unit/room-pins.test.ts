import type { Server } from 'socket.io';
import { expect, test } from 'vitest';
import type { Live } from '../../server/live/live.service.ts';
import { createRooms, type RoomDeps } from '../../server/live/room.sockets.ts';
import { createBus } from '../../server/platform/bus.ts';
import { createLog } from '../../server/platform/log.ts';

const LIVE = 'market';

function liveWith(sku: string, pinSeq: number): Live {
  const pinned = { sku, lot: null, at: new Date(pinSeq) };
  return { _id: LIVE, rail: ['A', 'B'], likes: 0, pinned, pinSeq } as unknown as Live;
}

test('a reading that a pin has overtaken does not put the last product back on the table', async () => {
  const told: string[] = [];
  const heard = new Map<string, (value: unknown) => void>();
  const emit = (event: string, news: { sku?: string }) => {
    if (event === 'live:pinned') told.push(news.sku ?? '');
  };
  const io = {
    ...{ local: { to: () => ({ emit }) }, sockets: { adapter: { rooms: new Map() } } },
    on: (event: string, listener: (value: unknown) => void) => heard.set(event, listener),
  } as unknown as Server;
  const log = createLog('silent');
  const bus = createBus(log);
  let read = liveWith('A', 1);
  const lives = { byId: async () => read, raisePeak: async () => undefined };
  const rooms = createRooms({ io, clustered: false, lives, bus, log } as unknown as RoomDeps);
  rooms.enter(LIVE, 'li', { live: read, as: 'viewer' });

  bus.tell('live.pinned', { live: LIVE, pinned: { sku: 'B', lot: null, at: new Date(2) }, seq: 2 });
  heard.get('room:look')!(LIVE); // what it reads is from before the pin
  await new Promise(setImmediate);
  expect(told).toEqual(['B']);

  read = liveWith('A', 3); // pinned by another process
  heard.get('room:look')!(LIVE);
  await new Promise(setImmediate);
  expect(told).toEqual(['B', 'A']);
  rooms.close();
});

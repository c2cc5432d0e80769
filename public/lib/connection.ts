import { io, type Socket } from 'socket.io-client';
import type { DrawClientEvents, DrawServerEvents } from '../../server/draws/draws.events.ts';
import type { FigureClientEvents, FigureServerEvents } from '../../server/figures/figures.events.ts';
import type { CaptionClientEvents, CaptionServerEvents } from '../../server/live/captions.events.ts';
import type { ConsoleClientEvents, ConsoleServerEvents } from '../../server/live/console.events.ts';
import type { DropClientEvents, DropServerEvents } from '../../server/live/coupon-drops.events.ts';
import type { LiveClientEvents, LiveServerEvents } from '../../server/live/live.events.ts';
import type { OrderClientEvents, OrderServerEvents } from '../../server/orders/orders.events.ts';

type ServerEvents = LiveServerEvents &
  OrderServerEvents &
  DrawServerEvents &
  DropServerEvents &
  CaptionServerEvents &
  FigureServerEvents &
  ConsoleServerEvents;
type ClientEvents = LiveClientEvents &
  OrderClientEvents &
  DrawClientEvents &
  DropClientEvents &
  CaptionClientEvents &
  FigureClientEvents &
  ConsoleClientEvents;
export type ShopSocket = Socket<ServerEvents, ClientEvents>;

export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'offline';

/** How long a phone that wakes up waits for an answer before it believes that its line is dead. */
const PROBE_MS = 1_500;

export interface Line {
  socket: ShopSocket;
  /** Listens for news. What comes while a snapshot is under way is told after it, which may be the older of the two. */
  on: ShopSocket['on'];
}

/**
 * A line to the shop that comes back by itself. `arrive` runs at every (re)connection and when the phone wakes:
 * it joins again and gets a snapshot, so that nothing depends on what was missed.
 */
export function connect(options: {
  arrive: (socket: ShopSocket) => Promise<void>;
  show: (state: ConnectionState) => void;
}): Line {
  let latest = 0;
  let arriving = false;
  const late: (() => void)[] = [];
  const socket: ShopSocket = io({
    transports: ['websocket', 'polling'],
    reconnectionDelay: 300,
    reconnectionDelayMax: 4_000,
    randomizationFactor: 0.6,
  });

  async function arrive() {
    const mine = ++latest;
    arriving = true;
    try {
      await options.arrive(socket);
      options.show('connected');
    } finally {
      // One that hangs on a dead line holds nothing back once a later one is under way.
      if (mine === latest) {
        arriving = false;
        for (const tell of late.splice(0)) tell();
      }
    }
  }

  const lost = () => options.show(navigator.onLine ? 'lost' : 'offline');
  const arriveOrRetry = () =>
    void arrive().catch(() => {
      lost();
      setTimeout(() => socket.disconnect().connect(), 1_000);
    });

  socket.on('connect', arriveOrRetry);
  socket.on('disconnect', (reason) => {
    lost();
    // The server ended it on purpose (signed in elsewhere, cut off for being slow): come back with a new session.
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 500);
  });
  socket.on('connect_error', lost);
  window.addEventListener('offline', lost);
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', () => document.hidden || wake());

  /** The phone is back from somewhere: its line may be gone, or only look alive. */
  function wake() {
    if (!socket.connected) {
      socket.connect();
      return;
    }
    const timeout = new Promise<never>((_resolve, reject) =>
      setTimeout(() => reject(new Error('no answer')), PROBE_MS),
    );
    Promise.race([arrive(), timeout]).catch(() => socket.disconnect().connect());
  }

  const on = (event: string, listener: (news: unknown) => void) =>
    socket.on(
      event as never,
      ((news: unknown) => {
        if (arriving) late.push(() => listener(news));
        else listener(news);
      }) as never,
    );
  return { socket, on: on as ShopSocket['on'] };
}

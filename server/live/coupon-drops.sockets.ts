import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import type { Pocket } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Log } from '../platform/log.ts';
import type { Media } from '../platform/media/index.ts';
import type { Answering } from '../platform/realtime/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Door } from './bans.sockets.ts';
import { dropCouponCommand, dropLiveRef, dropRef } from './coupon-drops.schema.ts';
import type { CouponDrops } from './coupon-drops.service.ts';
import { presentChoice, presentDrop, presentPocketCoupon } from './coupon-drops.view.ts';
import { liveRoom } from './room.sockets.ts';
import { hostRoom } from './till-roll.sockets.ts';

export interface DropSocketDeps {
  io: Server;
  couponDrops: CouponDrops;
  pocket: Pocket;
  door: Door;
  translator: Translator;
  media: Media;
  bus: Bus;
  log: Log;
  answering: Answering;
}

type DropSocket = Socket & { data: { person: Person | undefined } };

const TICK_MS = 250;

/** Coupons falling in the room: told at once, what is left on a tick. */
export function couponDropSockets(deps: DropSocketDeps) {
  const { io, couponDrops: drops, bus, log, answering } = deps;
  const taps = createCounter({ windowMs: 10_000, max: 20 });
  const touched = new Set<string>();

  const shown = async (live: string) => (await drops.openIn(live)).map((one) => presentDrop(one, deps));

  async function pocketOf(liveId: string, person: Person) {
    const held = await deps.pocket.of(person);
    const covered = await drops.covered(liveId, held);
    return held.flatMap((coupon, index) =>
      covered[index]!.length > 0 ? presentPocketCoupon(coupon, covered[index]!, deps) : [],
    );
  }

  const stopListening = [
    bus.on('coupon.dropped', async ({ drop: id, live }) => {
      const drop = (await shown(live)).find((one) => one.id === id);
      if (drop) io.to([liveRoom(live), hostRoom(live)]).emit('coupon:dropped', { liveId: live, drop });
    }),
    bus.on('coupon.dropClosed', ({ drop, live, reason }) => {
      io.to([liveRoom(live), hostRoom(live)]).emit('coupon:closed', { liveId: live, dropId: drop, reason });
    }),
    bus.on('coupon.taken', ({ live }) => void touched.add(live)),
    bus.on('live.moved', ({ live, state }) => (state === 'ended' ? drops.closeAllIn(live) : undefined)),
  ];

  async function tick() {
    const lives = [...touched];
    touched.clear();
    for (const live of lives) {
      const news = (await drops.openIn(live)).map(({ drop, left }) => ({ id: drop._id, left }));
      if (news.length > 0) {
        io.to([liveRoom(live), hostRoom(live)]).emit('coupon:left', { liveId: live, drops: news });
      }
    }
  }

  const timer = setInterval(() => {
    tick().catch((err: unknown) => log.error({ err }, 'coupons could not be told'));
  }, TICK_MS);
  timer.unref();

  answering.on('coupon:look', dropLiveRef, async ({ liveId }, { data }: DropSocket) => {
    const open = await shown(liveId);
    if (!data.person) return { drops: open, taken: [], pocket: [] };
    const ids = open.map(({ id }) => id);
    const [taken, pocket] = await Promise.all([
      drops.takenOf(ids, data.person),
      pocketOf(liveId, data.person),
    ]);
    return { drops: open, taken, pocket };
  });
  answering.on('coupon:take', dropRef, async ({ liveId, dropId }, socket: DropSocket) => {
    const person = mustBeSomebody(socket.data.person);
    taps.take(person.id);
    await deps.door(liveId, socket);
    await drops.take(liveId, dropId, person);
    return { pocket: await pocketOf(liveId, person) };
  });

  answering.on('host:coupon:choices', dropLiveRef, async ({ liveId }, { data }: DropSocket) => {
    const choices = await drops.choices(liveId, mustBeSomebody(data.person));
    return { choices: choices.map((coupon) => presentChoice(coupon, deps)) };
  });
  answering.on('host:coupon:drop', dropCouponCommand, async (command, { data }: DropSocket) => {
    const drop = await drops.drop(command, mustBeSomebody(data.person));
    const open = await shown(command.liveId);
    return { drop: open.find(({ id }) => id === drop._id) };
  });
  answering.on('host:coupon:close', dropRef, async ({ liveId, dropId }, { data }: DropSocket) => {
    await drops.close(liveId, dropId, mustBeSomebody(data.person));
    return {};
  });

  return {
    close() {
      clearInterval(timer);
      for (const stop of stopListening) stop();
    },
  };
}

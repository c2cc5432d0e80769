import { z } from 'zod';
import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, mustHaveRole, type Person } from '../accounts/index.ts';
import { slug, type Cooperatives } from '../cooperatives/index.ts';
import type { Bus } from '../platform/bus.ts';
import { AppError } from '../platform/errors.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Answering } from '../platform/realtime/index.ts';
import type { OrderFact } from './orders.facts.ts';
import { placeInLiveCommand, waitCommand } from './orders.schema.ts';
import type { Orders } from './orders.service.ts';
import type { Pocket } from './pocket.service.ts';
import { presentReceipt } from './orders.view.ts';

export interface OrderSocketDeps {
  io: Server;
  orders: Orders;
  cooperatives: Cooperatives;
  pocket: Pocket;
  bus: Bus;
  answering: Answering;
}

type OrderSocket = Socket & { data: { person: Person | undefined } };

/** The room of everything that is for one person only. */
export const personRoom = (id: string) => `person:${id}`;
const deskRoom = (cooperativeId: string) => `desk:${cooperativeId}`;

const DESK_TICK_MS = 500;

export function orderSockets(deps: OrderSocketDeps) {
  const { io, orders, cooperatives, bus, answering } = deps;
  const taps = createCounter({ windowMs: 10_000, max: 30 });
  const touchedDesks = new Set<string>();

  bus.on('order.placed', touchDesks);
  bus.on('wait.offered', (fact) => {
    const { buyer, order, sku, live } = fact;
    touchDesks(fact);
    io.to(personRoom(buyer)).emit('wait:offered', {
      code: order,
      sku,
      liveId: live,
      payUrl: `/orders/${order}`,
    });
  });
  bus.on('order.moved', (fact) => {
    touchDesks(fact);
    io.to(personRoom(fact.buyer)).emit('order:updated', { code: fact.code, state: fact.to });
  });

  for (const fact of ['parcel.packed', 'parcel.unpacked', 'parcel.shipped', 'parcel.delivered'] as const) {
    bus.on(fact, ({ order, buyer, cooperative, state }) => {
      touchedDesks.add(cooperative);
      io.to(personRoom(buyer)).emit('order:updated', { code: order, state });
    });
  }
  bus.on('lot.changed', ({ cooperative }) => void touchedDesks.add(cooperative));

  function touchDesks({ cooperatives: ids }: OrderFact) {
    for (const id of ids) touchedDesks.add(id);
  }

  const tick = setInterval(() => {
    for (const id of touchedDesks) io.to(deskRoom(id)).emit('desk:changed', { cooperative: id });
    touchedDesks.clear();
  }, DESK_TICK_MS);
  tick.unref();

  answering.on('order:place', placeInLiveCommand, async (input, { data }: OrderSocket) => {
    const buyer = mustBeSomebody(data.person);
    taps.take(buyer.id);
    const { clickId, liveId, sku, qty, offerId, coupon } = input;
    const terms = coupon ? await deps.pocket.terms(coupon, buyer, liveId) : undefined;
    const { order } = await orders.place(
      { clickId, liveId, lines: [{ sku, qty, ...(offerId ? { offerId } : {}) }] },
      buyer,
      terms,
    );
    return { order: presentReceipt(order) };
  });

  answering.on('wait:join', waitCommand, async ({ sku, qty, liveId: live }, { data }: OrderSocket) => {
    const person = mustBeSomebody(data.person);
    taps.take(person.id);
    return { ahead: await orders.joinLine({ sku, qty, live: live ?? null }, person) };
  });
  answering.on('wait:leave', waitCommand, async ({ sku }, { data }: OrderSocket) => {
    await orders.leaveLine(sku, mustBeSomebody(data.person));
    return {};
  });

  const deskRef = z.strictObject({ cooperative: slug });
  answering.on('desk:join', deskRef, async ({ cooperative }, socket: OrderSocket) => {
    const desks = await cooperatives.ofPerson(mustHaveRole(socket.data.person, 'coop'));
    const desk = desks.find((coop) => coop.slug === cooperative);
    if (!desk) throw new AppError('not_found');
    await socket.join(deskRoom(desk._id));
    return {};
  });

  return {
    close: () => clearInterval(tick),
  };
}

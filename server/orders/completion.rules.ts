import type { OrderDoc } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';
import { leftToPack, parcelsSay } from './packing.rules.ts';

/** States of an order that has arrived; one of which a part was refunded stays where it is until then. */
export const ARRIVED = ['delivered', 'partly_refunded'] as const satisfies OrderState[];
/** States in which a parcel may be on its way. */
export const UNDER_WAY = ['packing', 'shipped', 'partly_refunded'] as const satisfies OrderState[];

type Arriving = Pick<OrderDoc, 'state' | 'lines' | 'parcels' | 'refunds'>;

/** Parcels that have been on their way since `before` at the latest, and of whose arrival nobody has told. */
export function silentParcels({ parcels }: Pick<Arriving, 'parcels'>, before: Date): string[] {
  return parcels
    .filter(({ state, shippedAt }) => state === 'shipped' && shippedAt !== null && shippedAt <= before)
    .map(({ code }) => code);
}

/**
 * Whether an order is done: everything that was to be sent has arrived by `before`, and no money is on its way back. An
 * order whose buyer asks for a refund waits for the answer.
 */
export function isDone(order: Arriving, before: Date): boolean {
  if (!(ARRIVED as readonly OrderState[]).includes(order.state)) return false;
  if (order.refunds.some(({ state }) => state === 'asked')) return false;
  if (order.lines.some((_line, place) => leftToPack(order, place) > 0)) return false;
  if (parcelsSay(order) !== 'delivered') return false;
  return order.parcels.every(({ deliveredAt }) => deliveredAt !== null && deliveredAt <= before);
}

import type { OrderDoc } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';

export interface OrderFact {
  code: string;
  buyer: string;
  buyerName: string;
  live: string | null;
  cooperatives: string[];
  lines: { sku: string; qty: number }[];
  totalFen: number;
}

/** What has become of one box of an order. */
export interface ParcelFact {
  order: string;
  parcel: string;
  cooperative: string;
  buyer: string;
  /** The order's state after it. */
  state: OrderState;
}

declare module '../platform/bus.ts' {
  interface Facts {
    /** A cooperative promises something else about sending. */
    'dispatch.changed': { cooperative: string };
    /** A cooperative charges something else for sending. */
    'shipping.changed': { cooperative: string };
    'parcel.packed': ParcelFact;
    /** Opened again before it left. */
    'parcel.unpacked': ParcelFact;
    /** Handed to a carrier, or its number was corrected. */
    'parcel.shipped': ParcelFact;
    'parcel.delivered': ParcelFact;
    /** An order holds its pieces and awaits payment; its buyer is being told. */
    'order.placed': OrderFact & {
      /** Whether there may be an address to write to: one was given, or the buyer has an account. */
      isReachable: boolean;
      /** As it is in the journal, so that nobody has to read hundreds a second again. */
      order: Readonly<OrderDoc>;
    };
    /** Pieces came back, and the next in line has an order with a short hold. */
    'wait.offered': OrderFact & { order: string; sku: string };
    'offer.opened': { offer: string; live: string };
    /** The number of pieces that an offer has left is another one now. */
    'offer.taken': { offer: string; live: string };
    'offer.closed': { offer: string; live: string; reason: string };
    /** An order has left one state for another. */
    'order.moved': OrderFact & { from: OrderState; to: OrderState };
  }
}

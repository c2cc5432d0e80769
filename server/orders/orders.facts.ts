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

declare module '../platform/bus.ts' {
  interface Facts {
    /** An order holds its pieces and awaits payment; its buyer is being told. */
    'order.placed': OrderFact;
    'offer.opened': { offer: string; live: string };
    /** The number of pieces that an offer has left is another one now. */
    'offer.taken': { offer: string; live: string };
    'offer.closed': { offer: string; live: string; reason: string };
    /** An order has left one state for another. */
    'order.moved': OrderFact & { from: OrderState; to: OrderState };
  }
}

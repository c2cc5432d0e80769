import type { SalesStore, SoldOrder } from './sales.store.ts';

export type Sales = ReturnType<typeof createSales>;

/** One order as figures see it. Money in fen. */
export interface Sale {
  /** Stands for the buyer, so that people can be counted; not to be shown. */
  buyer: string;
  at: Date;
  /** Whether its money arrived, whatever went back later. */
  paid: boolean;
  totalFen: number;
  paidFen: number;
  refundedFen: number;
  lines: { sku: string; cooperative: string; qty: number; goodsFen: number; returned: number }[];
}

/** What was sold in a live, from the orders themselves: no counter beside them that could drift away. */
export function createSales({ store }: { store: SalesStore }) {
  return {
    async *ofLive(live: string): AsyncGenerator<Sale> {
      for await (const order of store.ofLive(live)) yield saleOf(order);
    },
  };
}

function saleOf({ buyer, createdAt, lines, payment, refunds, totalFen }: SoldOrder): Sale {
  const returned = new Map<number, number>();
  for (const refund of refunds ?? []) {
    if (refund.state === 'failed') continue;
    for (const { line, qty } of refund.items ?? []) returned.set(line, (returned.get(line) ?? 0) + qty);
  }
  return {
    buyer,
    at: createdAt,
    paid: payment.paidAt !== null,
    totalFen,
    paidFen: payment.paidFen,
    refundedFen: payment.refundedFen,
    lines: lines.map(({ sku, cooperative, qty, priceFen, discountFen }, place) => ({
      ...{ sku, cooperative, qty, returned: returned.get(place) ?? 0 },
      goodsFen: priceFen * qty - (discountFen ?? 0),
    })),
  };
}

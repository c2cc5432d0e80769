import type { Database } from '../platform/db/index.ts';
import { orderModels, type OrderDoc } from './orders.model.ts';

export type SalesStore = ReturnType<typeof createSalesStore>;

/** What the figures of a live need of an order, and nothing of who bought it but a key to count people by. */
export type SoldOrder = Pick<
  OrderDoc,
  '_id' | 'buyer' | 'state' | 'createdAt' | 'lines' | 'payment' | 'refunds' | 'totalFen'
>;

export function createSalesStore(db: Database) {
  const { orders } = orderModels(db);
  return {
    /** Read as it comes: a long live has more orders than should be in memory at once. */
    ofLive: (live: string): AsyncIterable<SoldOrder> =>
      orders
        .find({ live, state: { $ne: 'opening' } })
        .select({
          ...{ buyer: 1, state: 1, createdAt: 1, totalFen: 1, payment: 1 },
          ...{ 'lines.sku': 1, 'lines.qty': 1, 'lines.priceFen': 1, 'lines.discountFen': 1 },
          ...{ 'lines.cooperative': 1, 'refunds.items': 1, 'refunds.state': 1 },
        })
        .lean<SoldOrder[]>()
        .cursor({ batchSize: 1_000 }) as AsyncIterable<SoldOrder>,
  };
}

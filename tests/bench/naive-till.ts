import type { Database } from '../../server/platform/db/index.ts';
import { newCode, newId } from '../../server/platform/ids.ts';

/**
 * Ordering as it is usually written, for comparison only: one journaled write for each step and each order. The same
 * promises: price from the server, stock never below zero, a line in the ledger.
 */
export function createNaiveTill(db: Database, sku: string) {
  const orders = db.collection('naive_orders');
  const movements = db.collection('naive_movements');
  const lots = db.collection<{ _id: string; available: number; held: number; sku: string; seq: number }>(
    'naive_lots',
  );
  return {
    async stockUp(pieces: number) {
      await orders.createIndex({ buyer: 1, clickId: 1 }, { unique: true });
      await lots.insertOne({ _id: sku, sku, available: pieces, held: 0, seq: 0 });
    },

    async place(qty: number): Promise<string | undefined> {
      const code = newCode();
      const at = new Date();
      const lines = [{ sku, qty, priceFen: 3900, name: { 'zh-CN': '城步中蜂蜜', en: 'Honey' }, lots: [] }];
      const price = await db.collection('products').findOne({ 'variants.sku': sku });
      if (!price) return undefined;
      await orders.insertOne({
        _id: code as never,
        buyer: newId(),
        clickId: newId(),
        state: 'opening',
        lines,
        createdAt: at,
      });
      const lot = await lots.findOneAndUpdate(
        { _id: sku, available: { $gte: qty } },
        { $inc: { available: -qty, held: qty, seq: 1 } },
        { returnDocument: 'after' },
      );
      if (!lot) {
        await orders.deleteOne({ _id: code as never });
        return undefined;
      }
      await movements.insertOne({ lot: sku, seq: lot.seq, kind: 'held', qty, ref: code, at });
      await orders.updateOne(
        { _id: code as never, state: 'opening' },
        { $set: { state: 'awaiting_payment', 'lines.0.lots': [{ lot: sku, qty }] } },
      );
      return code;
    },
  };
}

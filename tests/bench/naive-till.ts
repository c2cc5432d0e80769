import type { Context } from '../../server/context.ts';
import { newCode, newId } from '../../server/platform/ids.ts';

interface Document extends Record<string, unknown> {
  _id: string;
}

interface Lot {
  _id: string;
  sku: string;
  state: 'open';
  available: number;
  held: number;
  seq: number;
}

/**
 * Ordering as it is usually written, for comparison only: the same checks and the same order, kept under the same
 * indexes and just as durable, but each order for itself and each step a write of its own.
 *
 * @param model an order that the till has made
 */
export async function createNaiveTill(shop: Context, model: Document, pieces: number) {
  const { db } = shop;
  const orders = db.collection<Document>('naive_orders');
  const movements = db.collection<Document>('naive_movements');
  const lots = db.collection<Lot>('naive_lots');
  const sku = (model['lines'] as { sku: string }[])[0]!.sku;
  const live = model['live'] as string;

  await sameIndexes('orders', 'naive_orders');
  await sameIndexes('movements', 'naive_movements');
  await lots.insertOne({ _id: 'lot', sku, state: 'open', available: pieces, held: 0, seq: 0 });

  async function sameIndexes(from: string, to: string) {
    await db.createCollection(to);
    for (const { key, name, v: _version, ...options } of await db.collection(from).indexes()) {
      if (name !== '_id_') await db.collection(to).createIndex(key, { ...options, name: name! });
    }
  }

  return async function place(qty: number): Promise<string | undefined> {
    const code = newCode();
    const click = { buyer: newId(), clickId: newId() };

    // What has to be known: the same questions that the till asks.
    const [sale, address, again, product, lot, promised] = await Promise.all([
      db.collection<Document>('lives').findOne({ _id: live, state: 'live', rail: sku }),
      db.collection('addresses').find({ person: click.buyer }).toArray(),
      orders.findOne(click),
      db.collection('products').findOne({ 'variants.sku': sku }),
      lots.findOne({ sku, state: 'open', available: { $gte: qty } }),
      db.collection('waits').findOne({ sku, state: 'waiting' }),
    ]);
    if (!sale || address.length > 0 || again || !product || !lot || promised) return undefined;

    const lines = (model['lines'] as object[]).map((line) => ({ ...line, qty, lots: [] }));
    const at = new Date();
    await orders.insertOne({
      ...{ ...model, ...click, _id: code, state: 'opening', lines, history: [] },
      ...{ batch: code, createdAt: at, expiresAt: new Date(at.getTime() + 600_000) },
    });
    const after = await lots.findOneAndUpdate(
      { _id: 'lot', state: 'open', available: { $gte: qty } },
      { $inc: { available: -qty, held: qty, seq: 1 } },
      { returnDocument: 'after' },
    );
    if (!after) {
      await orders.deleteOne({ _id: code });
      return undefined;
    }
    const { seq, available } = after;
    await movements.insertOne({
      ...{ _id: `lot:${seq}`, lot: 'lot', sku, cooperative: product['cooperative'] as string },
      ...{ seq, at, kind: 'held', qty, ref: code, by: 'till', why: 'order', available },
    });
    await orders.updateOne(
      { _id: code, state: 'opening' },
      {
        $set: { state: 'awaiting_payment', 'lines.0.lots': [{ lot: 'lot', qty }] },
        $push: {
          history: { at, from: 'opening', to: 'awaiting_payment', by: 'till', why: 'placed' },
        } as never,
      },
    );
    return code;
  };
}

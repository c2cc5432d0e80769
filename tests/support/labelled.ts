import { newId } from '../../server/platform/ids.ts';
import { localDay } from '../../server/platform/views/index.ts';
import type { Lot } from '../../server/stock/index.ts';
import { addDays } from '../../server/stock/index.ts';
import type { TestShop } from './shop.ts';

let lots = 0;

/** Somebody who keeps every shelf. */
export async function keeper(shop: TestShop) {
  const coops = await shop.ctx.cooperatives.list();
  return { id: 'keeper', cooperatives: coops.map(({ _id }) => _id) };
}

/** A lot of its own for a test, the first to be sold of its SKU. */
export async function freshLot(shop: TestShop, sku: string, qty: number): Promise<Lot> {
  lots += 1;
  const today = localDay(shop.ctx.clock.now());
  const code = `T${newId().slice(0, 6).toUpperCase()}-${lots}`;
  // First to expire is first to be sold: before what other tests have left over.
  const dates = { madeOn: addDays(today, -20), bestBefore: addDays(today, 200 - lots) };
  await shop.ctx.stock.receive({ sku, code, qty, ...dates }, await keeper(shop));
  return (await shop.ctx.stock.byCode(code))!;
}

/** The same with a code for every piece. */
export async function labelledLot(shop: TestShop, sku: string, qty: number) {
  const lot = await freshLot(shop, sku, qty);
  const run = await shop.ctx.units.commission({ lot: lot._id, qty, commandId: newId(), by: 'keeper' });
  return { lot, run, serials: [...(await shop.ctx.units.serialsOf(run.id))] };
}

/** The link as it is printed. */
export async function linkFor(shop: TestShop, lot: Lot, serial: string, origin = shop.url): Promise<string> {
  const { variant } = (await shop.ctx.catalog.sellables([lot.sku])).get(lot.sku)!;
  const link = await shop.ctx.signing.linker(origin);
  return link({ gtin: variant.gtin.padStart(14, '0'), lot: lot.code, serial, bestBefore: lot.bestBefore });
}

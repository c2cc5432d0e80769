import type { Context } from '../server/context.ts';
import { placeUri } from '../server/trace/index.ts';
import { growers } from './content/growers.ts';

const DAY_MS = 24 * 3_600_000;

/** Codes given out for the first lot of each of these, so that there is something to look up. */
const CODES_PER_LOT = 12;

/** Whose fields the lots are from, what was done with them, and codes for some of their pieces. */
export async function addRoads(ctx: Context, memberId: string): Promise<void> {
  for (const { product: slug, form, road } of growers) {
    const product = await ctx.catalog.product(slug);
    const [coop] = await ctx.cooperatives.byIds([product.cooperative]);
    const grower = await ctx.growers.add(product.cooperative, form, { by: memberId, picture: null });
    const skus = new Map(product.variants.map(({ sku, gtin }) => [sku, gtin]));
    const lots = (await ctx.stock.allLots()).filter(({ sku }) => skus.has(sku));
    for (const lot of lots) {
      await ctx.units.setGrowers(lot._id, [grower]);
      for (const [at, { step, days, note, picture }] of road.entries()) {
        const pieces = [{ gtin: skus.get(lot.sku)!, lot: lot.code, qty: lot.received }];
        await ctx.events.recordByHand(lot._id, `demo-${step}-${at}`, {
          ...{ step, note, pieces, by: memberId },
          at: new Date(Date.parse(`${lot.madeOn}T08:00:00+08:00`) + days * DAY_MS),
          place: placeUri(coop!.slug),
          pictures: picture ? [picture] : [],
        });
      }
    }
    const [first] = lots;
    if (first) {
      await ctx.units.commission({
        lot: first._id,
        qty: CODES_PER_LOT,
        commandId: 'demo-codes',
        by: memberId,
      });
    }
  }
  await rawHoney(ctx, memberId);
  await cartonOfHoney(ctx, memberId);
  await ctx.roads.idle();
  await ctx.roots.publish();
}

/** Jars in a carton, ready to be scanned to an order, and one whose label was spoiled. */
async function cartonOfHoney(ctx: Context, memberId: string) {
  const honey = await ctx.catalog.product('chengbu-honey');
  const lot = (await ctx.stock.allLots()).findLast(({ sku }) => sku === honey.variants[1]?.sku);
  if (!lot) return;
  const command = { lot: lot._id, qty: CODES_PER_LOT, commandId: 'demo-carton-codes', by: memberId };
  const codes = [...(await ctx.units.serialsOf((await ctx.units.commission(command)).id))];
  const member = { id: memberId, cooperatives: [honey.cooperative] };
  const sscc = await ctx.cartons.start(lot.code, 'demo-carton', member);
  for (const code of codes.slice(0, CODES_PER_LOT / 2)) await ctx.cartons.put(sscc, code, member);
  await ctx.cartons.close(sscc, member);
  const spoiled = { act: 'void', code: codes.at(-1)!, why: '标签印糊了（label smudged）' } as const;
  await ctx.withdrawals.withdraw(lot.code, spoiled, member);
}

/** From combs to jars: what went in, and what came out. */
async function rawHoney(ctx: Context, memberId: string) {
  const { variants } = await ctx.catalog.product('chengbu-honey');
  const gtins = new Map(variants.map(({ sku, gtin, netGrams }) => [sku, { gtin, netGrams }]));
  const lots = (await ctx.stock.allLots()).filter(({ sku }) => gtins.has(sku));
  for (const lot of lots) {
    const { gtin, netGrams } = gtins.get(lot.sku)!;
    const kilograms = Math.ceil((lot.received * netGrams * 1.04) / 1000);
    await ctx.events.recordByHand(lot._id, 'demo-transformed', {
      step: 'transformed',
      at: new Date(`${lot.madeOn}T06:00:00+08:00`),
      by: memberId,
      place: placeUri('huifeng'),
      inputs: [{ epcClass: `urn:x-shanxiang:raw:honey-${lot.madeOn}`, qty: kilograms, uom: 'KGM' }],
      pieces: [{ gtin, lot: lot.code, qty: lot.received }],
      note: { 'zh-CN': '原蜜过滤后装瓶。', en: 'Raw honey, strained and jarred.' },
    });
  }
}

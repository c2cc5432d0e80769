import type { Dispatch, Offers, ShipPromise } from '../orders/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { piecesOn, type Stock } from '../stock/index.ts';
import type { RailItem } from './live.events.ts';
import type { Live } from './live.service.ts';
import { presentRail } from './live.view.ts';

export type Rails = ReturnType<typeof createRails>;

/** How what is on a rail stands at one instant, by SKU. */
export interface Standing {
  available: ReadonlyMap<string, number>;
  ships: ReadonlyMap<string, ShipPromise>;
}

/** What a live's rail looks like at this instant: names and prices of the catalog, pieces of the stock. */
export function createRails(deps: {
  catalog: Catalog;
  stock: Stock;
  offers: Offers;
  dispatch: Dispatch;
  media: Media;
}) {
  /** Pieces, and by when one of them is sent: both of one look at the shelf. */
  async function standing(skus: readonly string[]): Promise<Standing> {
    const shelf = await deps.stock.shelf(skus);
    const ships = await deps.dispatch.on(
      shelf,
      skus.map((sku) => ({ sku, qty: 1 })),
    );
    return { available: piecesOn(shelf, skus), ships };
  }

  return {
    standing,
    async of(live: Pick<Live, 'rail'>, lang: Lang): Promise<RailItem[]> {
      const [sellables, now] = await Promise.all([deps.catalog.sellables(live.rail), standing(live.rail)]);
      return presentRail(live, sellables, now, { lang, media: deps.media });
    },
    /** Offers that run, or whose countdown does. */
    offers: (live: string) => deps.offers.openIn(live),
  };
}

import type { Offers } from '../orders/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Stock } from '../stock/index.ts';
import type { RailItem } from './live.events.ts';
import type { Live } from './live.service.ts';
import { presentRail } from './live.view.ts';

export type Rails = ReturnType<typeof createRails>;

/** What a live's rail looks like at this instant: names and prices of the catalog, pieces of the stock. */
export function createRails(deps: { catalog: Catalog; stock: Stock; offers: Offers; media: Media }) {
  return {
    async of(live: Pick<Live, 'rail'>, lang: Lang): Promise<RailItem[]> {
      const [sellables, available] = await Promise.all([
        deps.catalog.sellables(live.rail),
        deps.stock.availability(live.rail),
      ]);
      return presentRail(live, sellables, available, { lang, media: deps.media });
    },
    /** Offers that run, or whose countdown does. */
    offers: (live: string) => deps.offers.openIn(live),
    available: (skus: readonly string[]) => deps.stock.availability(skus),
  };
}

import type { Cooperatives } from '../cooperatives/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { localDay } from '../platform/views/index.ts';
import type { ProductDoc, VariantDoc } from './catalog.model.ts';
import { isGtin, type ShelfItem } from './catalog.rules.ts';
import type { AddProductCommand, ListQuery } from './catalog.schema.ts';
import type { CatalogStore } from './catalog.store.ts';
import { createShelf } from './shelf.rules.ts';
import { createShelfKeeper } from './shelf.service.ts';

export type Product = ProductDoc;
export type Variant = VariantDoc;

/** A variant with the product it belongs to. */
export interface Sellable {
  product: Product;
  variant: Variant;
}

export type Catalog = ReturnType<typeof createCatalog>;

export function createCatalog(deps: {
  store: CatalogStore;
  cooperatives: Cooperatives;
  bus: Bus;
  clock: Clock;
}) {
  const { store, cooperatives, clock } = deps;
  const shelf = createShelf();
  const keeper = createShelfKeeper({ ...deps, shelf });

  return {
    /**
     * Brings the shelf (what lists and search read) up to date with the database, whichever process wrote it, and
     * leaves the event loop to others every few ms: a start on a big catalog takes seconds.
     */
    refresh: (): Promise<void> => keeper.refresh(),

    /** A page of the list: filtered, found by words, sorted. @throws AppError `invalid` for a stale cursor */
    list(query: ListQuery) {
      return shelf.list(query, localDay(clock.now()));
    },

    /** Cards for exactly these products, in this order; unknown ones are left out. */
    cards(slugs: readonly string[]): ShelfItem[] {
      return shelf.bySlugs(slugs);
    },

    /** @throws AppError `not_found` */
    async product(slug: string): Promise<Product> {
      const found = await store.bySlug(slug);
      if (!found) throw new AppError('not_found');
      return found;
    },

    ofCooperative: (cooperativeId: string) => store.ofCooperative(cooperativeId),

    /** What these SKUs are at this instant, straight from the database: prices for an order come from here. */
    async sellables(skus: readonly string[]): Promise<Map<string, Sellable>> {
      const wanted = new Set(skus);
      const found = new Map<string, Sellable>();
      for (const product of await store.bySkus([...wanted])) {
        for (const variant of product.variants) {
          if (wanted.has(variant.sku)) found.set(variant.sku, { product, variant });
        }
      }
      return found;
    },

    /** @throws AppError `conflict` when a slug, SKU or GTIN is taken, `invalid` for a wrong check digit */
    async add(commands: AddProductCommand[]): Promise<void> {
      const now = clock.now();
      const coops = new Map((await cooperatives.list()).map((coop) => [coop.slug, coop._id]));
      const first = await store.nextPosition();
      const docs = commands.map((command, index) => newProduct(command, coops, first + index, now));
      try {
        await store.insertMany(docs);
      } catch (error) {
        if (isDuplicateKey(error)) throw new AppError('conflict', { cause: error });
        throw error;
      }
      await keeper.refresh();
    },

    /** @throws AppError `not_found`, also for a product of a cooperative that is not among these */
    async changeImage(slug: string, cooperativeIds: readonly string[], image: string): Promise<Product> {
      const changed = await store.setImage(slug, cooperativeIds, image, clock.now());
      if (!changed) throw new AppError('not_found');
      await keeper.refresh();
      return changed;
    },
  };
}

function newProduct(
  command: AddProductCommand,
  coops: Map<string, string>,
  position: number,
  now: Date,
): ProductDoc {
  const cooperative = coops.get(command.cooperative);
  if (!cooperative) throw new AppError('invalid', { fields: { cooperative: 'unknown' } });
  if (!command.variants.every(({ gtin }) => isGtin(gtin))) {
    throw new AppError('invalid', { fields: { gtin: 'check_digit' } });
  }
  return { _id: newId(), ...command, cooperative, position, createdAt: now, updatedAt: now };
}

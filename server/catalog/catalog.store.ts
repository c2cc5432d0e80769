import type { Database } from '../platform/db/index.ts';
import { catalogModels, type ProductDoc } from './catalog.model.ts';

export type CatalogStore = ReturnType<typeof createCatalogStore>;

export function createCatalogStore(db: Database) {
  const { products } = catalogModels(db);
  return {
    bySlug: (slug: string) => products.findOne({ slug }).lean<ProductDoc>().exec(),
    bySkus: (skus: readonly string[]) =>
      products
        .find({ 'variants.sku': { $in: [...skus] } })
        .lean<ProductDoc[]>()
        .exec(),
    ofCooperative: (cooperative: string) =>
      products.find({ cooperative }).sort({ position: 1 }).lean<ProductDoc[]>().exec(),
    /** Everything that changed at or after that time, oldest first; everything when it is undefined. */
    changedSince: (since: Date | undefined) =>
      products
        .find(since ? { updatedAt: { $gte: since } } : {})
        .sort({ updatedAt: 1 })
        .lean<ProductDoc[]>()
        .exec(),
    async nextPosition(): Promise<number> {
      const last = await products.findOne().sort({ position: -1 }).lean<ProductDoc>().exec();
      return (last?.position ?? 0) + 1;
    },
    async insert(doc: ProductDoc) {
      await products.collection.insertOne(doc as never);
    },
    async insertMany(docs: ProductDoc[]) {
      await products.collection.insertMany(docs as never[]);
    },
    async setImage(slug: string, cooperatives: readonly string[], image: string, updatedAt: Date) {
      return products
        .findOneAndUpdate(
          { slug, cooperative: { $in: [...cooperatives] } },
          { $set: { image, updatedAt } },
          { returnDocument: 'after' },
        )
        .lean<ProductDoc>()
        .exec();
    },
  };
}

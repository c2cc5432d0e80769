import type { Database } from '../platform/db/index.ts';
import { catalogModels, type ProductDoc } from './catalog.model.ts';

export type CatalogStore = ReturnType<typeof createCatalogStore>;

/** A version of a product. */
export type ProductStamp = Pick<ProductDoc, '_id' | 'updatedAt'>;

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
    /** Which products changed at or after that time, oldest first; all when it is undefined. */
    stampsSince(since: Date | undefined): Promise<ProductStamp[]> {
      return (
        products.collection
          .find(since ? { updatedAt: { $gte: since } } : {})
          .project<ProductStamp>({ updatedAt: 1 })
          .sort({ updatedAt: 1 })
          // Between two batches other requests have their turn.
          .batchSize(1_000)
          .toArray()
      );
    },
    byIds: (ids: readonly string[]) =>
      products
        .find({ _id: { $in: [...ids] } })
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

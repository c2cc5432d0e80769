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
    /** Which products these SKUs belong to. */
    stampsOfSkus: (skus: readonly string[]): Promise<ProductStamp[]> =>
      products.collection
        .find({ 'variants.sku': { $in: [...skus] } })
        .project<ProductStamp>({ updatedAt: 1 })
        .toArray(),
    /** Makes every process look at the products of these SKUs again. */
    async touch(skus: readonly string[], updatedAt: Date) {
      await products.collection.updateMany({ 'variants.sku': { $in: [...skus] } }, [
        { $set: { updatedAt: later(updatedAt) } },
      ]);
    },
    /** Products whose certificates have not been moved to their own collection. */
    withCertificates: (limit: number) =>
      products
        .find({ 'certificates.0': { $exists: true } })
        .limit(limit)
        .lean<ProductDoc[]>()
        .exec(),
    async forgetCertificates(ids: readonly string[], updatedAt: Date) {
      await products.collection.updateMany({ _id: { $in: [...ids] as never[] } }, [
        { $set: { updatedAt: later(updatedAt) } },
        { $unset: 'certificates' },
      ]);
    },
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

/** Another time than before in any case: it is how processes see that a product is another one. */
const later = (now: Date) => ({ $max: [now, { $add: ['$updatedAt', 1] }] });

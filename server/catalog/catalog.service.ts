import type { Cooperatives } from '../cooperatives/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { localDay } from '../platform/views/index.ts';
import type { Localized } from '../platform/lang.ts';
import type { ProductDoc, VariantDoc } from './catalog.model.ts';
import { isGtin, type ShelfItem } from './catalog.rules.ts';
import type { AddProductCommand, ListQuery } from './catalog.schema.ts';
import type { CatalogStore } from './catalog.store.ts';
import type { CertificateDoc } from './certificates.model.ts';
import type { CertificateStore } from './certificates.store.ts';
import { unproven } from './claims.rules.ts';
import { refusal, type Claims } from './claims.service.ts';
import { createShelf } from './shelf.rules.ts';
import { createShelfKeeper } from './shelf.service.ts';
import { allowedBy, claimableTexts, type ShownProduct } from './showing.rules.ts';
import { createShowing, toProof } from './showing.service.ts';

/** As it may be shown today: with its certificates, without claims that they do not cover. */
export type Product = ShownProduct;
export type Variant = VariantDoc;

/** A variant with the product it belongs to. */
export interface Sellable {
  product: Product;
  variant: Variant;
}

export type Catalog = ReturnType<typeof createCatalog>;

export function createCatalog(deps: {
  store: CatalogStore;
  certificates: CertificateStore;
  claims: Claims;
  cooperatives: Cooperatives;
  bus: Bus;
  clock: Clock;
}) {
  const { store, certificates, claims, cooperatives, clock } = deps;
  const shelf = createShelf();
  const showing = createShowing({ claims });
  const keeper = createShelfKeeper({ ...deps, shelf, showing });
  const show = (product: ProductDoc) => showing.show(product, localDay(clock.now()));

  /** Certificates that came in with products become documents of their own; doing it twice is doing it once. */
  async function moveCertificates(products: readonly ProductDoc[]): Promise<void> {
    const docs = products.flatMap((product) =>
      (product.certificates ?? []).map((_one, index) => certificateOf(product, index, clock.now())),
    );
    if (docs.length === 0) return;
    await certificates.add(docs);
    await store.forgetCertificates(
      products.map(({ _id }) => _id),
      clock.now(),
    );
  }

  /** @throws AppError `claim_not_covered` */
  function mustBeProven(product: ProductDoc) {
    const skus = product.variants.map(({ sku }) => sku);
    const own = (product.certificates ?? []).map((_one, index) =>
      toProof(certificateOf(product, index, clock.now())),
    );
    const isAllowed = allowedBy({ certificates: own, skus, day: localDay(clock.now()) });
    const texts = Object.entries(claimableTexts(product));
    const wrong = texts
      .map(([field, text]) => [field, unproven(claims.rules(), text, isAllowed)] as const)
      .filter(([, found]) => found.length > 0);
    if (wrong.length > 0) throw refusal(new Map(wrong));
  }

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
      return show(found);
    },

    /** For its own members: with every word that was written, also those that nobody else is shown. */
    async ofCooperative(cooperativeId: string): Promise<Product[]> {
      const found = await store.ofCooperative(cooperativeId);
      return found.map((product) => ({ ...product, certificates: show(product).certificates }));
    },

    /**
     * Refuses to put a product forward whose own words are not covered today, of these lots where there are any.
     *
     * @throws AppError `claim_not_covered`
     */
    async mustBeCovered(sku: string, lots: readonly string[] = []): Promise<void> {
      const [product] = await store.bySkus([sku]);
      if (!product) return;
      const { name, tagline } = claimableTexts(product);
      await claims.refuse({ fields: { name: name!, tagline: tagline! }, skus: [sku], lots });
    },

    /** A text about several products: it may say what is proven of one of them. */
    mask: (text: Localized, skus: readonly string[], style: 'title' | 'prose'): Localized =>
      showing.mask(text, { skus, day: localDay(clock.now()), cover: 'any', prose: style === 'prose' }),

    /** The same of a text about one lot, as it was true on a day: today when left out. */
    maskOfLot: (text: Localized, { sku, lot, day }: { sku: string; lot: string; day?: string }): Localized =>
      showing.mask(text, {
        ...{ skus: [sku], lots: [lot], day: day ?? localDay(clock.now()), cover: 'all', prose: true },
      }),

    /** What these SKUs are at this instant, straight from the database: prices for an order come from here. */
    async sellables(skus: readonly string[]): Promise<Map<string, Sellable>> {
      const wanted = new Set(skus);
      const found = new Map<string, Sellable>();
      for (const product of (await store.bySkus([...wanted])).map(show)) {
        for (const variant of product.variants) {
          if (wanted.has(variant.sku)) found.set(variant.sku, { product, variant });
        }
      }
      return found;
    },

    /** Finishes what an earlier version, or a process that died, left with the products themselves. */
    async adoptCertificates(): Promise<void> {
      for (;;) {
        const left = await store.withCertificates(200);
        if (left.length === 0) return;
        await moveCertificates(left);
      }
    },

    /**
     * @throws AppError `conflict` when a slug, SKU or GTIN is taken, `invalid` for a wrong check digit,
     *   `claim_not_covered` for words that its certificates do not cover
     */
    async add(commands: AddProductCommand[]): Promise<void> {
      const now = clock.now();
      const coops = new Map((await cooperatives.list()).map((coop) => [coop.slug, coop._id]));
      const first = await store.nextPosition();
      const docs = commands.map((command, index) => newProduct(command, coops, first + index, now));
      for (const doc of docs) mustBeProven(doc);
      try {
        await store.insertMany(docs);
      } catch (error) {
        if (isDuplicateKey(error)) throw new AppError('conflict', { cause: error });
        throw error;
      }
      await moveCertificates(docs);
      await keeper.refresh();
    },

    /** @throws AppError `not_found`, also for a product of a cooperative that is not among these */
    async changeImage(slug: string, cooperativeIds: readonly string[], image: string): Promise<Product> {
      const changed = await store.setImage(slug, cooperativeIds, image, clock.now());
      if (!changed) throw new AppError('not_found');
      await keeper.refresh();
      return show(changed);
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

/** The same certificate of the same product has the same id, however often it is moved. */
function certificateOf(product: ProductDoc, index: number, now: Date): CertificateDoc {
  return {
    _id: `${product._id}-${index}`,
    cooperative: product.cooperative,
    ...product.certificates![index]!,
    skus: product.variants.map(({ sku }) => sku),
    lots: [],
    state: 'issued',
    file: null,
    renews: null,
    history: [],
    dirty: false,
    createdAt: now,
  };
}

import { paragraphs, type Cooperative } from '../cooperatives/index.ts';
import { LANGS, type Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money, toDecimalString, type Money } from '../platform/money.ts';
import type { Picture, Translate } from '../platform/views/index.ts';
import { lowestPrice, validCertificates, type Certificate, type ShelfItem } from './catalog.rules.ts';
import { forEveryLot, isInForce, type ProvenCertificate } from './certificates.rules.ts';
import { presentCertificate } from './certificates.view.ts';
import type { Product } from './catalog.service.ts';

/** Pieces that can be ordered now, by SKU. */
export type Availability = ReadonlyMap<string, number>;

export interface Reader {
  lang: Lang;
  t: Translate;
  media: Media;
  /** Today in China, ISO 8601. */
  today: string;
}

export interface ProductCard {
  slug: string;
  name: string;
  tagline: string;
  cooperative: { slug: string; name: string };
  price: Money;
  /** The price is the lowest of several variants. */
  from: boolean;
  available: number;
  soldOut: boolean;
  picture: Picture;
  imageAlt: string;
  certificates: { kind: string; label: string }[];
}

export function presentCard(item: ShelfItem, available: Availability, reader: Reader): ProductCard {
  let pieces = 0;
  for (const { sku } of item.variants) pieces += available.get(sku) ?? 0;
  return { ...lastingPart(item, reader), available: pieces, soldOut: pieces === 0 };
}

type LastingPart = Omit<ProductCard, 'available' | 'soldOut'>;

/** What a card says until its product changes or the day ends: put together once for each language. */
const lastingParts = new WeakMap<ShelfItem, Map<string, LastingPart>>();

function lastingPart(item: ShelfItem, reader: Reader): LastingPart {
  let parts = lastingParts.get(item);
  if (!parts) lastingParts.set(item, (parts = new Map()));
  const key = `${reader.lang} ${reader.today}`;
  const known = parts.get(key);
  if (known) return known;
  // A new day: yesterday's are of no use any more.
  if (parts.size >= LANGS.length) parts.clear();
  const made = presentLastingPart(item, reader);
  parts.set(key, made);
  return made;
}

function presentLastingPart(item: ShelfItem, reader: Reader): LastingPart {
  return {
    slug: item.slug,
    name: item.name[reader.lang],
    tagline: item.tagline[reader.lang],
    cooperative: { slug: item.cooperative.slug, name: item.cooperative.name[reader.lang] },
    price: money(lowestPrice(item)),
    from: item.variants.length > 1,
    picture: reader.media.picture(item.image),
    imageAlt: item.imageAlt[reader.lang],
    certificates: badges(item.certificates, reader),
  };
}

function badges(certificates: readonly Certificate[], reader: Reader) {
  const kinds = new Set(validCertificates(certificates, reader.today).map(({ kind }) => kind));
  return [...kinds].map((kind) => ({
    kind,
    label: reader.t(`catalog.certificate.${kind}`),
  }));
}

/** JSON of a card: the contract's fields and nothing else. */
export function presentCardJson(card: ProductCard) {
  const { slug, name, tagline, cooperative, price, available, picture, certificates } = card;
  return { slug, name, tagline, cooperative, price, available, image: picture.src, certificates };
}

/** How the variants of a product stand at this instant, by SKU. */
export interface ProductStanding {
  available: Availability;
  promises: ReadonlyMap<string, { by: string; presale: boolean }>;
}

export function presentProduct(
  product: Product,
  coop: Cooperative,
  { available, promises }: ProductStanding,
  reader: Reader,
) {
  const { lang, t } = reader;
  const variants = product.variants.map((variant) => {
    const pieces = available.get(variant.sku) ?? 0;
    return {
      sku: variant.sku,
      name: variant.name[lang],
      netGrams: variant.netGrams,
      gtin: variant.gtin,
      price: money(variant.priceFen),
      available: pieces,
      soldOut: pieces === 0,
      few: pieces > 0 && pieces <= 20,
      ships: promises.get(variant.sku),
    };
  });
  const first = variants.find(({ soldOut }) => !soldOut) ?? variants[0];
  return {
    slug: product.slug,
    category: { key: product.category, label: t(`catalog.category.${product.category}`) },
    name: product.name[lang],
    tagline: product.tagline[lang],
    story: paragraphs(product.story[lang]),
    origin: product.origin[lang],
    season: { months: product.season, allYear: product.season.length === 12 },
    shelfLifeDays: product.shelfLifeDays,
    storage: product.storage[lang],
    picture: reader.media.picture(product.image),
    imageAlt: product.imageAlt[lang],
    cooperative: { slug: coop.slug, name: coop.name[lang], place: coop.place.label[lang] },
    badges: badges(forEveryLot(product.certificates), reader),
    certificates: product.certificates
      .filter((certificate) => isInForce(certificate, reader.today))
      .map((certificate) => presentCertificate(certificate, reader, someOf(product, certificate, lang))),
    variants: variants.map((variant) => ({ ...variant, chosen: variant === first })),
    soldOut: variants.every(({ soldOut }) => soldOut),
    ...sending(variants),
    someSoldOut: variants.some(({ soldOut }) => soldOut),
    onlyOne: variants.length === 1,
    price: first?.price ?? money(0),
  };
}

interface SentVariant {
  name: string;
  ships: { by: string; presale: boolean } | undefined;
}

/** One promise for the whole product where all of its variants keep the same; else one for each. */
function sending(variants: readonly SentVariant[]) {
  const promised = variants.flatMap(({ name, ships }) => (ships ? [{ name, ships }] : []));
  const [first] = promised;
  const same = promised.every(
    ({ ships }) => ships.by === first?.ships.by && ships.presale === first.ships.presale,
  );
  return { ships: same ? first?.ships : undefined, shipsEach: same ? [] : promised };
}

/** Names of the variants that a certificate is about, where it is not about all of them. */
function someOf(product: Product, { skus }: ProvenCertificate, lang: Lang): string[] {
  const named = product.variants.filter(({ sku }) => skus.includes(sku));
  return named.length === product.variants.length ? [] : named.map(({ name }) => name[lang]);
}

export type ProductPage = ReturnType<typeof presentProduct>;

/** schema.org Product with an Offer for each variant (schema.org 28, price as a decimal string). */
/** What is known of a parcel's price before it is known where it goes; in orders' words, further up the ladder. */
export interface Postage {
  fromFen: number;
  free: boolean;
  freeOverFen: number | null;
}

export function presentPostage({ fromFen, free, freeOverFen }: Postage) {
  return {
    from: free ? undefined : money(fromFen),
    freeOver: freeOverFen === null ? undefined : money(freeOverFen),
  };
}

export function structuredProduct(page: ProductPage, site: string) {
  const address = `${site}/products/${page.slug}`;
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: page.name,
    description: page.tagline,
    image: site + page.picture.src,
    url: address,
    brand: { '@type': 'Organization', name: page.cooperative.name },
    countryOfOrigin: { '@type': 'Country', name: 'CN' },
    offers: page.variants.map((variant) => ({
      '@type': 'Offer',
      sku: variant.sku,
      gtin: variant.gtin,
      name: variant.name,
      price: toDecimalString(variant.price),
      priceCurrency: variant.price.currency,
      availability: variant.soldOut ? 'https://schema.org/OutOfStock' : 'https://schema.org/InStock',
      url: address,
    })),
  };
}

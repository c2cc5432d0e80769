import { paragraphs, type Cooperative } from '../cooperatives/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money, toDecimalString, type Money } from '../platform/money.ts';
import type { Picture, Translate } from '../platform/views/index.ts';
import { lowestPrice, validCertificates, type Certificate, type ShelfItem } from './catalog.rules.ts';
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
  const pieces = item.variants.reduce((sum, { sku }) => sum + (available.get(sku) ?? 0), 0);
  return {
    slug: item.slug,
    name: item.name[reader.lang],
    tagline: item.tagline[reader.lang],
    cooperative: { slug: item.cooperative.slug, name: item.cooperative.name[reader.lang] },
    price: money(lowestPrice(item)),
    from: item.variants.length > 1,
    available: pieces,
    soldOut: pieces === 0,
    picture: reader.media.picture(item.image),
    imageAlt: item.imageAlt[reader.lang],
    certificates: badges(item.certificates, reader),
  };
}

function badges(certificates: readonly Certificate[], reader: Reader) {
  return validCertificates(certificates, reader.today).map(({ kind }) => ({
    kind,
    label: reader.t(`catalog.certificate.${kind}`),
  }));
}

/** JSON of a card: the contract's fields and nothing else. */
export function presentCardJson(card: ProductCard) {
  const { slug, name, tagline, cooperative, price, available, picture, certificates } = card;
  return { slug, name, tagline, cooperative, price, available, image: picture.src, certificates };
}

export function presentProduct(product: Product, coop: Cooperative, available: Availability, reader: Reader) {
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
    certificates: validCertificates(product.certificates, reader.today).map((certificate) => ({
      kind: certificate.kind,
      label: t(`catalog.certificate.${certificate.kind}`),
      number: certificate.number,
      issuer: certificate.issuer[lang],
      validFrom: certificate.validFrom,
      validTo: certificate.validTo,
    })),
    variants: variants.map((variant) => ({ ...variant, chosen: variant === first })),
    soldOut: variants.every(({ soldOut }) => soldOut),
    price: first?.price ?? money(0),
  };
}

export type ProductPage = ReturnType<typeof presentProduct>;

/** schema.org Product with an Offer for each variant (schema.org 28, price as a decimal string). */
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

/** The words of the demonstration shop. Everything in seeds/content is data; seeds/load.ts puts it in through the services. */

/** A sentence in both languages of the shop. */
export interface Localized {
  'zh-CN': string;
  en: string;
}

export interface CooperativeContent {
  slug: string;
  name: Localized;
  /** One line for cards. */
  tagline: Localized;
  /** Two to four paragraphs parted by a blank line. */
  story: Localized;
  place: { province: string; city: string; county: string; township?: string; label: Localized };
  /** Decimal degrees, WGS 84, of the township or county seat. */
  location: { lat: number; lng: number };
  /** Path below public/img. */
  image: string;
  imageAlt: Localized;
}

export type CertificateKind =
  'organic' | 'green_food' | 'pollution_free' | 'geographical_indication' | 'test_report';

export interface CertificateContent {
  kind: CertificateKind;
  number: string;
  issuer: Localized;
  /** ISO 8601 calendar dates, both inclusive. */
  validFrom: string;
  validTo: string;
}

export interface VariantContent {
  /** Stock keeping unit, upper case, e.g. HNY-500. */
  sku: string;
  name: Localized;
  /** Grams of food in the pack, and of the parcel with its packing. */
  netGrams: number;
  grossGrams: number;
  /** Fen (1/100 yuan), tax included. */
  priceFen: number;
  /** GTIN-13 with a restricted-circulation prefix (20-29) and a correct check digit. */
  gtin: string;
}

export type Category =
  'honey' | 'tea' | 'fruit' | 'staple' | 'rice' | 'dairy' | 'vegetable' | 'mushroom' | 'starch' | 'poultry';

export interface ProductContent {
  slug: string;
  cooperative: string;
  category: Category;
  name: Localized;
  /** One line for cards: what it tastes like or what it is for. */
  tagline: Localized;
  /** Two to four paragraphs parted by a blank line. */
  story: Localized;
  /** Where it grew or was made, as printed under the name. */
  origin: Localized;
  /** Months (1-12) in which it is harvested or made fresh; all twelve for what is made all year. */
  season: number[];
  shelfLifeDays: number;
  storage: Localized;
  /** Other names that a search must find, in any language. */
  aliases: string[];
  certificates: CertificateContent[];
  variants: VariantContent[];
  /** Path below public/img. */
  image: string;
  imageAlt: Localized;
}

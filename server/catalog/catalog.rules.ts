import type { Lang, Localized } from '../platform/lang.ts';

export const CATEGORIES = [
  'honey',
  'tea',
  'fruit',
  'staple',
  'rice',
  'dairy',
  'vegetable',
  'mushroom',
  'starch',
  'poultry',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const CERTIFICATE_KINDS = [
  'organic',
  'green_food',
  'pollution_free',
  'geographical_indication',
  'test_report',
] as const;
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

export const SORTS = ['recommended', 'price_asc', 'price_desc', 'newest'] as const;
export type Sort = (typeof SORTS)[number];

export interface Certificate {
  kind: CertificateKind;
  number: string;
  issuer: Localized;
  /** Calendar days in China, ISO 8601, both inclusive. */
  validFrom: string;
  validTo: string;
}

/** Only a certificate that is valid on that day may be shown as one. */
export function validCertificates(certificates: readonly Certificate[], today: string): Certificate[] {
  return certificates.filter(({ validFrom, validTo }) => validFrom <= today && today <= validTo);
}

/** What a list shows of a product, and sorts and filters by. */
export interface ShelfItem {
  id: string;
  slug: string;
  cooperative: { slug: string; name: Localized };
  category: Category;
  name: Localized;
  tagline: Localized;
  image: string;
  imageAlt: Localized;
  certificates: Certificate[];
  variants: { sku: string; priceFen: number }[];
  /** Place in the recommended order, low first. */
  position: number;
  createdAt: Date;
}

export interface ShelfFilter {
  cooperative?: string | undefined;
  category?: Category | undefined;
  certificate?: CertificateKind | undefined;
}

export function lowestPrice(item: Pick<ShelfItem, 'variants'>): number {
  return Math.min(...item.variants.map(({ priceFen }) => priceFen));
}

export function matchesFilter(item: ShelfItem, filter: ShelfFilter, today: string): boolean {
  if (filter.cooperative !== undefined && item.cooperative.slug !== filter.cooperative) return false;
  if (filter.category !== undefined && item.category !== filter.category) return false;
  if (filter.certificate === undefined) return true;
  return validCertificates(item.certificates, today).some(({ kind }) => kind === filter.certificate);
}

/** How lists are ordered; the slug decides ties, so that a cursor always means the same place. */
export function compareItems(sort: Sort): (a: ShelfItem, b: ShelfItem) => number {
  const by: Record<Sort, (a: ShelfItem, b: ShelfItem) => number> = {
    recommended: (a, b) => a.position - b.position,
    price_asc: (a, b) => lowestPrice(a) - lowestPrice(b),
    price_desc: (a, b) => lowestPrice(b) - lowestPrice(a),
    newest: (a, b) => b.createdAt.getTime() - a.createdAt.getTime(),
  };
  return (a, b) => by[sort](a, b) || (a.slug < b.slug ? -1 : 1);
}

/** The GS1 mod-10 check digit over all but the last digit (GS1 General Specifications, 7.9). */
export function isGtin(gtin: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(gtin)) return false;
  const digits = [...gtin].map(Number);
  const check = digits.pop();
  const sum = digits.reverse().reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 === check;
}

export const CATEGORY_WORDS: Record<Category, Record<Lang, string>> = {
  honey: { 'zh-CN': '蜂蜜', en: 'honey' },
  tea: { 'zh-CN': '茶叶', en: 'tea' },
  fruit: { 'zh-CN': '水果', en: 'fruit' },
  staple: { 'zh-CN': '面点 主食', en: 'bakery staple' },
  rice: { 'zh-CN': '大米 粮食', en: 'rice grain' },
  dairy: { 'zh-CN': '奶制品 牛奶', en: 'dairy milk' },
  vegetable: { 'zh-CN': '蔬菜', en: 'vegetable' },
  mushroom: { 'zh-CN': '菌菇 蘑菇', en: 'mushroom' },
  starch: { 'zh-CN': '淀粉 冲调', en: 'starch powder' },
  poultry: { 'zh-CN': '禽蛋 鸡', en: 'poultry eggs chicken' },
};

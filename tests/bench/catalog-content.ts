import type { Category } from '../../server/catalog/catalog.rules.ts';
import type { AddProductCommand } from '../../server/catalog/catalog.schema.ts';
import type { Context } from '../../server/context.ts';
import { makeSearchDocuments } from './search-corpus.ts';

type Cooperative = Parameters<Context['cooperatives']['add']>[0];
type Document = ReturnType<typeof makeSearchDocuments>[number];

/** What a catalog of `count` products is put in as: its cooperatives, and its products in the recommended order. */
export function makeCatalog(count: number, seed: number) {
  const slugs = new Map<string, string>();
  const cooperatives: Cooperative[] = [];
  const documents = makeSearchDocuments(count, seed).toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
  const products = documents.map((document, at) => {
    const name = document.cooperative['zh-CN'];
    let slug = slugs.get(name);
    if (slug === undefined) {
      slug = `cooperative-${slugs.size + 1}`;
      slugs.set(name, slug);
      cooperatives.push(cooperativeOf(document, slug));
    }
    return productOf(document, slug, at);
  });
  return { cooperatives, products };
}

function cooperativeOf({ cooperative, origin }: Document, slug: string): Cooperative {
  return {
    slug,
    name: cooperative,
    tagline: origin,
    story: origin,
    place: { province: '湖南省', city: '', county: '', label: origin },
    location: { lat: 26.4, lng: 110.3 },
    image: 'brand/hero.svg',
    imageAlt: cooperative,
  };
}

function productOf(document: Document, cooperative: string, at: number): AddProductCommand {
  const lines = document.text.split('\n');
  const [zh, en] = [lines.filter((_, line) => line % 2 === 0), lines.filter((_, line) => line % 2 === 1)];
  return {
    slug: `${document.id}-${slugOf(document.name.en)}`,
    cooperative,
    category: document.category.at(-1) as Category,
    name: document.name,
    tagline: { 'zh-CN': zh[0]!.slice(0, 200), en: en[0]!.slice(0, 200) },
    story: { 'zh-CN': zh.slice(1).join('\n\n'), en: en.slice(1).join('\n\n') },
    origin: document.origin,
    season: [1 + (at % 12)],
    shelfLifeDays: 30 + (at % 700),
    storage: { 'zh-CN': '阴凉干燥处', en: 'Cool and dry' },
    aliases: document.aliases,
    certificates: at % 3 === 0 ? [certificate(at)] : [],
    variants: Array.from({ length: 1 + (at % 2) }, (_, size) => variant(at, size)),
    image: 'brand/hero.svg',
    imageAlt: document.name,
  };
}

function certificate(at: number): AddProductCommand['certificates'][number] {
  return {
    kind: at % 2 === 0 ? 'organic' : 'green_food',
    number: `CN-${at}`,
    issuer: { 'zh-CN': '认证中心', en: 'Certification centre' },
    validFrom: '2020-01-01',
    validTo: at % 5 === 0 ? '2021-01-01' : '2099-12-31',
  };
}

function variant(at: number, size: number): AddProductCommand['variants'][number] {
  const grams = size === 0 ? 500 : 2500;
  return {
    sku: `P${String(at).padStart(6, '0')}-${grams}`,
    name: { 'zh-CN': `${grams}克`, en: `${grams} g` },
    netGrams: grams,
    grossGrams: grams + 100,
    // Few prices and many products, as in a shop: most of a sort by price are ties.
    priceFen: 990 + ((at * 7919) % 180) * 100 + size * 5000,
    gtin: gtin13(at * 2 + size),
  };
}

/** A GTIN-13 below the prefix 690 with its check digit (GS1 General Specifications, 7.9). */
function gtin13(number: number): string {
  const digits = `690${String(number).padStart(9, '0')}`;
  const sum = Array.from(digits).reduce(
    (total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return digits + ((10 - (sum % 10)) % 10);
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}

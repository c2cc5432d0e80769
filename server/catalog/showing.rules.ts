import { LANGS, type Localized } from '../platform/lang.ts';
import type { ProductDoc } from './catalog.model.ts';
import { covers, type ProvenCertificate } from './certificates.rules.ts';
import { unproven, withoutClaims, type CompiledRules, type IsAllowed } from './claims.rules.ts';

/** A product as it may be shown on a day: with its certificates, and without claims that none of them covers. */
export type ShownProduct = Omit<ProductDoc, 'certificates'> & { certificates: ProvenCertificate[] };

/** Whether a claim must hold for each of several SKUs, or for one of them. */
export type CoverOf = 'all' | 'any';

export interface Proof {
  certificates: readonly ProvenCertificate[];
  skus: readonly string[];
  /** Codes of lots; none means whatever the lot. */
  lots?: readonly string[] | undefined;
  day: string;
  cover?: CoverOf | undefined;
}

/** What certificates allow to be said of these SKUs on that day. */
export function allowedBy({ certificates, skus, lots = [], day, cover = 'all' }: Proof): IsAllowed {
  const holdsFor = (kinds: readonly string[], sku: string, lot: string | undefined) =>
    certificates.some((one) => kinds.includes(one.kind) && covers(one, { sku, lot, day }));
  return (kinds) => {
    if (skus.length === 0) return false;
    const holds = (sku: string) =>
      lots.length === 0 ? holdsFor(kinds, sku, undefined) : lots.every((lot) => holdsFor(kinds, sku, lot));
    return cover === 'all' ? skus.every(holds) : skus.some(holds);
  };
}

/** The texts of a product, by the field that a refusal names. */
export function claimableTexts(
  product: Pick<ProductDoc, 'name' | 'tagline' | 'story' | 'origin' | 'storage' | 'imageAlt' | 'aliases'>,
): Record<string, string> {
  const both = (text: Localized) => LANGS.map((lang) => text[lang]).join('\n');
  return {
    name: both(product.name),
    tagline: both(product.tagline),
    story: both(product.story),
    origin: both(product.origin),
    storage: both(product.storage),
    imageAlt: both(product.imageAlt),
    aliases: product.aliases.join('\n'),
  };
}

export function maskText(
  text: Localized,
  { rules, isAllowed, style }: { rules: CompiledRules; isAllowed: IsAllowed; style: 'title' | 'prose' },
): Localized {
  const masked = { ...text };
  for (const lang of LANGS) {
    const claims = unproven(rules, text[lang], isAllowed);
    if (claims.length > 0) masked[lang] = withoutClaims(text[lang], claims, style);
  }
  return masked;
}

/** A product's texts, without claims that are not covered; names of its variants by SKU. */
export type ShownTexts = Pick<
  ProductDoc,
  'name' | 'tagline' | 'story' | 'origin' | 'storage' | 'imageAlt' | 'aliases'
> & { variants: ReadonlyMap<string, Localized> };

/** What the product may say on that day. */
export function shownTexts(
  product: ProductDoc,
  certificates: readonly ProvenCertificate[],
  { rules, day }: { rules: CompiledRules; day: string },
): ShownTexts {
  const skus = product.variants.map(({ sku }) => sku);
  const isAllowed = allowedBy({ certificates, skus, day });
  const mask = (text: Localized, style: 'title' | 'prose') => maskText(text, { rules, isAllowed, style });
  const nameOf = ({ sku, name }: { sku: string; name: Localized }) =>
    maskText(name, { rules, isAllowed: allowedBy({ certificates, skus: [sku], day }), style: 'title' });
  return {
    name: mask(product.name, 'title'),
    tagline: mask(product.tagline, 'prose'),
    story: mask(product.story, 'prose'),
    origin: mask(product.origin, 'title'),
    storage: mask(product.storage, 'prose'),
    imageAlt: mask(product.imageAlt, 'title'),
    aliases: product.aliases.filter((alias) => unproven(rules, alias, isAllowed).length === 0),
    variants: new Map(product.variants.map((variant) => [variant.sku, nameOf(variant)])),
  };
}

/** The product as it was read just now, saying only these texts of its own: prices and all else are as they were read. */
export function shownProduct(
  product: ProductDoc,
  { certificates, texts }: { certificates: readonly ProvenCertificate[]; texts: ShownTexts },
): ShownProduct {
  const { variants: names, ...words } = texts;
  return {
    ...product,
    ...words,
    certificates: certificates.filter(({ state }) => state === 'issued'),
    variants: product.variants.map((variant) => ({ ...variant, name: names.get(variant.sku)! })),
  };
}

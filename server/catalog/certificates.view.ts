import type { Lang } from '../platform/lang.ts';
import type { Translate } from '../platform/views/index.ts';
import { CERTIFICATE_KINDS, type CertificateKind } from './catalog.rules.ts';
import { conditionOf, type ProvenCertificate } from './certificates.rules.ts';
import type { Product } from './catalog.service.ts';
import type { CertificateRecord } from './certificates.service.ts';

export interface CertificateReader {
  lang: Lang;
  t: Translate;
  /** Today in China, and the day up to which one that ends is worth renewing. */
  today: string;
  soon: string;
}

/** What anybody may see of a certificate. `variants`: names of SKUs, where it is about some of a product's only. */
export function presentCertificate(
  certificate: ProvenCertificate,
  { lang, t }: Pick<CertificateReader, 'lang' | 't'>,
  variants: readonly string[] = [],
) {
  return {
    kind: certificate.kind,
    label: t(`catalog.certificate.${certificate.kind}`),
    number: certificate.number,
    issuer: certificate.issuer[lang],
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
    variants,
    lots: certificate.lots,
    limited: variants.length > 0 || certificate.lots.length > 0,
    file: certificate.file,
    isPdf: certificate.file?.endsWith('.pdf') ?? false,
  };
}

export function presentRow(
  doc: CertificateRecord,
  { names, cooperative }: { names: ReadonlyMap<string, string>; cooperative?: string | undefined },
  reader: CertificateReader,
) {
  const condition = conditionOf(doc, reader.today, reader.soon);
  const products = [...new Set(doc.skus.map((sku) => names.get(sku) ?? sku))];
  return {
    href: `/coop/certificates/${doc._id}`,
    label: reader.t(`catalog.certificate.${doc.kind}`),
    number: doc.number,
    issuer: doc.issuer[reader.lang],
    validFrom: doc.validFrom,
    validTo: doc.validTo,
    products,
    lots: doc.lots,
    hasFile: doc.file !== null,
    cooperative,
    condition,
    conditionLabel: reader.t(`certificates.condition.${condition}`),
    worthRenewing: condition === 'expiring' || condition === 'expired',
  };
}

export function presentRecord(
  doc: CertificateRecord,
  { names, people }: { names: ReadonlyMap<string, string>; people: ReadonlyMap<string, string> },
  reader: CertificateReader,
) {
  return {
    ...presentRow(doc, { names }, reader),
    id: doc._id,
    file: doc.file,
    isPdf: doc.file?.endsWith('.pdf') ?? false,
    isIssued: doc.state === 'issued',
    skus: doc.skus.map((sku) => ({ sku, name: names.get(sku) ?? sku })),
    renews: doc.renews ? `/coop/certificates/${doc.renews}` : undefined,
    history: doc.history.map(({ at, by, act, why }) => ({
      at,
      who: people.get(by) ?? reader.t('certificates.system'),
      label: reader.t(`certificates.act.${act}`),
      why,
    })),
  };
}

export function presentKinds(chosen: string | undefined, t: Translate) {
  return CERTIFICATE_KINDS.map((key: CertificateKind) => ({
    key,
    label: t(`catalog.certificate.${key}`),
    chosen: key === chosen,
  }));
}

/** What a certificate can be about: the cooperative's variants by product. */
export function presentScope(products: readonly Product[], chosen: ReadonlySet<string>, lang: Lang) {
  return products.map((product) => ({
    slug: product.slug,
    name: product.name[lang],
    variants: product.variants.map(({ sku, name }) => ({ sku, name: name[lang], chosen: chosen.has(sku) })),
  }));
}

import type { Localized } from '../platform/lang.ts';
import type { ProductDoc } from './catalog.model.ts';
import type { CertificateDoc } from './certificates.model.ts';
import type { ProvenCertificate } from './certificates.rules.ts';
import type { Claims } from './claims.service.ts';
import {
  allowedBy,
  maskText,
  shownProduct,
  shownTexts,
  type CoverOf,
  type ShownProduct,
  type ShownTexts,
} from './showing.rules.ts';

export type Showing = ReturnType<typeof createShowing>;

/** More products than these have their texts looked through again. */
const REMEMBERED = 5_000;

/** What was made of a product's texts, and of what. Nothing that can be counted or paid is remembered. */
interface Remembered {
  updatedAt: number;
  proofs: unknown;
  stamp: string;
  day: string;
  certificates: ProvenCertificate[];
  texts: ShownTexts;
}

/**
 * What may be shown today, from what this process knows of certificates and rules: as old as the shelf is at most.
 * What is not known yet covers nothing, so that nothing is claimed by mistake.
 */
export function createShowing({ claims }: { claims: Claims }) {
  /** By SKU. The lists of one product are made together, so one of them stands for all. */
  const proofs = new Map<string, readonly ProvenCertificate[]>();
  const remembered = new Map<string, Remembered>();

  function proofsOf(skus: readonly string[]): ProvenCertificate[] {
    const found = new Map(skus.flatMap((sku) => proofs.get(sku) ?? []).map((one) => [one.id, one]));
    return [...found.values()];
  }

  return {
    /** All certificates of these SKUs, as they are now. */
    learn(skus: readonly string[], docs: readonly CertificateDoc[]) {
      for (const sku of skus) {
        proofs.set(sku, docs.filter((doc) => doc.skus.includes(sku)).map(toProof));
      }
    },

    proofsOf,

    show(product: ProductDoc, day: string): ShownProduct {
      const known = proofs.get(product.variants[0]?.sku ?? '');
      const stamp = claims.stamp();
      const updatedAt = product.updatedAt.getTime();
      const kept = remembered.get(product._id);
      if (
        kept?.updatedAt === updatedAt &&
        kept.proofs === known &&
        kept.stamp === stamp &&
        kept.day === day &&
        product.variants.every(({ sku }) => kept.texts.variants.has(sku))
      ) {
        return shownProduct(product, kept);
      }
      const certificates = proofsOf(product.variants.map(({ sku }) => sku));
      const texts = shownTexts(product, certificates, { rules: claims.rules(), day });
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(product._id, { updatedAt, proofs: known, stamp, day, certificates, texts });
      return shownProduct(product, { certificates, texts });
    },

    /** A text about these SKUs, without what it may not say. */
    mask(
      text: Localized,
      about: {
        skus: readonly string[];
        lots?: readonly string[];
        day: string;
        cover: CoverOf;
        prose?: boolean;
      },
    ): Localized {
      const isAllowed = allowedBy({ certificates: proofsOf(about.skus), ...about });
      return maskText(text, { rules: claims.rules(), isAllowed, style: about.prose ? 'prose' : 'title' });
    },
  };
}

export function toProof(doc: CertificateDoc): ProvenCertificate {
  return {
    id: doc._id,
    kind: doc.kind,
    number: doc.number,
    issuer: doc.issuer,
    validFrom: doc.validFrom,
    validTo: doc.validTo,
    skus: doc.skus,
    lots: doc.lots,
    state: doc.state,
    file: doc.file,
  };
}

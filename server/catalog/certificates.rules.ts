import type { Localized } from '../platform/lang.ts';
import type { Certificate, CertificateKind } from './catalog.rules.ts';

/** One that counts, or one whose word was taken back. Running out is no state: the days say it. */
export const CERTIFICATE_STATES = ['issued', 'revoked'] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];

/** A certificate with what it is for. */
export interface ProvenCertificate extends Certificate {
  id: string;
  /** The SKUs that it is about; never none. */
  skus: string[];
  /** Codes of the lots that it is about; none means every lot. */
  lots: string[];
  state: CertificateState;
  /** The address of the scanned paper. */
  file: string | null;
}

export interface Cover {
  sku: string;
  /** A lot's code. Without it, only what holds for every lot counts. */
  lot?: string | undefined;
  /** Calendar day in China, ISO 8601. */
  day: string;
}

export function isInForce(
  { state, validFrom, validTo }: Pick<ProvenCertificate, 'state' | 'validFrom' | 'validTo'>,
  day: string,
): boolean {
  return state === 'issued' && validFrom <= day && day <= validTo;
}

/** Whether a certificate says something about a piece of that SKU and lot on that day. */
export function covers(certificate: ProvenCertificate, { sku, lot, day }: Cover): boolean {
  if (!isInForce(certificate, day) || !certificate.skus.includes(sku)) return false;
  return certificate.lots.length === 0 || (lot !== undefined && certificate.lots.includes(lot));
}

/** What holds for a product as a whole: what filters and badges go by. */
export function forEveryLot(certificates: readonly ProvenCertificate[]): ProvenCertificate[] {
  return certificates.filter(({ state, lots }) => state === 'issued' && lots.length === 0);
}

/** Where a certificate stands today, as one word for whoever keeps it. */
export type CertificateCondition = 'revoked' | 'ahead' | 'expired' | 'expiring' | 'valid';

/** Days before the end from which a certificate is worth renewing. */
export const EXPIRING_DAYS = 60;

export function conditionOf(
  certificate: Pick<ProvenCertificate, 'state' | 'validFrom' | 'validTo'>,
  today: string,
  soon: string,
): CertificateCondition {
  if (certificate.state === 'revoked') return 'revoked';
  if (today < certificate.validFrom) return 'ahead';
  if (certificate.validTo < today) return 'expired';
  return certificate.validTo <= soon ? 'expiring' : 'valid';
}

/** Which kinds cover a SKU on that day, whatever the lot. */
export function kindsOf(
  certificates: readonly ProvenCertificate[],
  cover: Cover,
): ReadonlySet<CertificateKind> {
  return new Set(certificates.filter((one) => covers(one, cover)).map(({ kind }) => kind));
}

/** Issuers sign in Chinese; a reader of English is shown that when there is nothing better. */
export function issuerName(zh: string, en: string): Localized {
  return { 'zh-CN': zh, en: en === '' ? zh : en };
}

/** Where a parcel goes. */
export interface PostalAddress {
  name: string;
  phone: string;
  province: string;
  city: string;
  county: string;
  street: string;
}

const MOBILE = /^1[3-9]\d{9}$/;
/** Area codes: 010 and 02x with eight digits, all others of four digits with seven or eight. */
const LANDLINE = /^(010|02\d)([2-9]\d{7})$|^(0[3-9]\d{2})([2-9]\d{6,7})$/;

/**
 * A mainland number in one form: `13812345678`, or `0731-82345678` with the area code set off.
 *
 * Spaces, dashes, brackets, full-width digits and `+86`, `0086` or `86` in front are accepted; abroad, the area code
 * is written without its zero, and it is put back.
 *
 * @returns undefined when it is no such number
 */
export function normalisePhone(text: string): string | undefined {
  const digits = text.normalize('NFKC').replaceAll(/[\s\-‐-―()·.]/g, '');
  const abroad = /^(?:\+|00)86(\d+)$/.exec(digits)?.[1] ?? /^86(1[3-9]\d{9})$/.exec(digits)?.[1];
  const national = abroad ?? digits;
  if (MOBILE.test(national)) return national;
  const withZero = abroad !== undefined && !national.startsWith('0') ? `0${national}` : national;
  const landline = LANDLINE.exec(withZero);
  if (!landline) return undefined;
  return `${landline[1] ?? landline[3]}-${landline[2] ?? landline[4]}`;
}

interface Chosen {
  /** When it was made the default; the latest one is it. */
  defaultAt: Date | null;
  createdAt: Date;
}

/** The default comes first: the one that was chosen last, else the oldest. */
export function inBookOrder<T extends Chosen>(addresses: readonly T[]): T[] {
  return [...addresses].sort(
    (a, b) =>
      (b.defaultAt?.getTime() ?? 0) - (a.defaultAt?.getTime() ?? 0) ||
      a.createdAt.getTime() - b.createdAt.getTime(),
  );
}

/** Written the same way; who takes the parcel and where are all that counts. */
export function isSameAddress(a: PostalAddress, b: PostalAddress): boolean {
  return (['name', 'phone', 'province', 'city', 'county', 'street'] as const).every(
    (field) => a[field] === b[field],
  );
}

/** A phone as it may be shown where not the whole of it is needed: 138****5678. */
export function maskPhone(phone: string): string {
  return phone.length < 8 ? phone : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

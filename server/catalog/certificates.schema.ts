import { z } from 'zod';
import { localizedText, slug } from '../cooperatives/index.ts';
import { CERTIFICATE_KINDS } from './catalog.rules.ts';
import { sku } from './catalog.schema.ts';
import { issuerName } from './certificates.rules.ts';

const day = z.iso.date('date_shape');
const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');
export const certificateId = z.string().regex(/^[A-Za-z0-9:_-]{6,80}$/);

const several = <T extends z.ZodType>(schema: T, max: number) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]),
    z.array(schema).max(max, 'too_long'),
  );

/** Lot codes as somebody types them: parted by spaces, commas or lines. */
const lotCodes = z
  .string()
  .max(2000, 'too_long')
  .default('')
  .transform((text) => [
    ...new Set(
      text
        .toUpperCase()
        .split(/[\s,，、;；]+/)
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(z.string().regex(/^[A-Z0-9-]{3,20}$/, 'lot_code_shape')).max(60, 'too_long'));

export const certificateForm = z
  .strictObject({
    coop: slug,
    commandId,
    renews: z.preprocess((value) => (value === '' ? undefined : value), certificateId.optional()),
    kind: z.enum(CERTIFICATE_KINDS),
    number: z.string().trim().min(1, 'required').max(80, 'too_long'),
    issuerZh: z.string().trim().min(2, 'required').max(160, 'too_long'),
    issuerEn: z.string().trim().max(160, 'too_long').default(''),
    skus: several(sku, 200).pipe(z.array(sku).min(1, 'nothing_chosen')),
    lots: lotCodes,
    validFrom: day,
    validTo: day,
  })
  .refine(({ validFrom, validTo }) => validFrom <= validTo, { path: ['validTo'], error: 'dates_swapped' })
  .transform(({ issuerZh, issuerEn, ...rest }) => ({ ...rest, issuer: issuerName(issuerZh, issuerEn) }));

/** The same from a program: seeds and imports. */
export const addCertificateCommand = z.strictObject({
  commandId,
  renews: certificateId.optional(),
  kind: z.enum(CERTIFICATE_KINDS),
  number: z.string().trim().min(1).max(80),
  issuer: localizedText(160),
  skus: z.array(sku).min(1).max(200),
  lots: z.array(z.string().regex(/^[A-Z0-9-]{3,20}$/)).max(60),
  validFrom: day,
  validTo: day,
});
export type AddCertificateCommand = z.infer<typeof addCertificateCommand>;

export const revokeCommand = z.strictObject({
  coop: slug,
  commandId,
  why: z.string().trim().min(1, 'reason_missing').max(200, 'too_long'),
});

export const fileCommand = z.strictObject({ coop: slug, commandId });

export const certificatesQuery = z.object({
  coop: slug.optional(),
  renews: certificateId.optional(),
});

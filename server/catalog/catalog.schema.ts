import { z } from 'zod';
import { localizedText, slug } from '../cooperatives/index.ts';
import { CATEGORIES, CERTIFICATE_KINDS, SORTS } from './catalog.rules.ts';

const day = z.iso.date('date_shape');
export const sku = z
  .string()
  .regex(/^[A-Z0-9]+(-[A-Z0-9]+)*$/, 'sku_shape')
  .max(40);

const certificate = z
  .strictObject({
    kind: z.enum(CERTIFICATE_KINDS),
    number: z.string().trim().min(1).max(80),
    issuer: localizedText(160),
    validFrom: day,
    validTo: day,
  })
  .refine((value) => value.validFrom <= value.validTo, 'dates_swapped');

const variant = z.strictObject({
  sku,
  name: localizedText(80),
  netGrams: z.int().min(1).max(1_000_000),
  grossGrams: z.int().min(1).max(1_000_000),
  priceFen: z.int().min(1).max(100_000_000),
  gtin: z.string().regex(/^\d{8}$|^\d{12,14}$/, 'gtin_shape'),
});

export const addProductCommand = z.strictObject({
  slug,
  cooperative: slug,
  category: z.enum(CATEGORIES),
  name: localizedText(120),
  tagline: localizedText(200),
  story: localizedText(8000),
  origin: localizedText(120),
  season: z.array(z.int().min(1).max(12)).min(1).max(12),
  shelfLifeDays: z.int().min(1).max(36_500),
  storage: localizedText(300),
  aliases: z.array(z.string().trim().min(1).max(80)).max(40),
  certificates: z.array(certificate).max(20),
  variants: z.array(variant).min(1).max(20),
  image: z.string().max(200),
  imageAlt: localizedText(200),
});
export type AddProductCommand = z.infer<typeof addProductCommand>;

/** An empty field of a filter form means "any". */
const optionalChoice = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

export const listQuery = z.object({
  q: z.string().max(200).default(''),
  cooperative: optionalChoice(slug),
  category: optionalChoice(z.enum(CATEGORIES)),
  certificate: optionalChoice(z.enum(CERTIFICATE_KINDS)),
  sort: z.enum(SORTS).catch('recommended').default('recommended'),
  limit: z.coerce.number().int().min(1).max(60).default(24),
  cursor: z.string().max(200).optional(),
});
export type ListQuery = z.infer<typeof listQuery>;

import { z } from 'zod';
import { province } from '../accounts/index.ts';
import { slug } from '../cooperatives/index.ts';
import { provincesTwice } from './shipping.rules.ts';

/** "12.5" -> 1250 fen, by its digits: a float would lose one now and then. */
export function fenOf(text: string): number {
  const [whole = '0', part = ''] = text.split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

export const yuan = z
  .string('required')
  .trim()
  .regex(/^\d{1,6}(\.\d{1,2})?$/, 'yuan_shape')
  .transform(fenOf);

/** An empty field is nothing. */
export const optionalYuan = z.preprocess((value) => (value === '' ? undefined : value), yuan.optional());

const grams = z.coerce
  .number('grams_range')
  .pipe(z.int('grams_range').min(1, 'grams_range').max(1_000_000, 'grams_range'));

const rate = {
  firstGrams: grams,
  firstFen: yuan,
  stepGrams: grams,
  stepFen: yuan,
  surchargeFen: yuan,
};

const provinces = z.array(province).max(34).default([]);

export const MAX_ZONES = 6;

export const shippingTable = z
  .object({
    zones: z
      .array(z.object({ provinces: provinces.pipe(z.array(province).min(1, 'zone_empty')), ...rate }))
      .max(MAX_ZONES),
    rest: z.object(rate),
    refused: provinces,
    freeOverFen: optionalYuan.transform((fen) => fen ?? null),
  })
  .refine((table) => provincesTwice(table).length === 0, { path: ['zones'], error: 'province_twice' });

export const shippingHead = z.object({
  coop: slug,
  version: z.coerce.number().int().min(0),
});

import { z } from 'zod';
import { slug } from '../cooperatives/index.ts';
import { CARRIER_NAMES, isOfOther, isTracking, tidyTracking } from './packing.rules.ts';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');

/** A form repeats a field for each line; once is no list to a parser of forms. */
const list = z.preprocess(
  (value) => (value === undefined || Array.isArray(value) ? value : [value]),
  z.array(z.string()).max(50),
);
const lineNumber = z.coerce.number().pipe(z.int().min(0).max(49));
const pieces = z.coerce.number().pipe(z.int('pieces_range').min(0, 'pieces_range').max(99, 'pieces_range'));

/** Lines and pieces for one box; lines with none stay out of it. */
export const packCommand = z
  .strictObject({ coop: slug, commandId, line: list.default([]), qty: list.default([]) })
  .refine(({ line, qty }) => line.length === qty.length && new Set(line).size === line.length)
  .transform(({ line, qty, ...rest }, context) => {
    const items = line.flatMap((place, index) => {
      const item = z.object({ line: lineNumber, qty: pieces }).safeParse({ line: place, qty: qty[index] });
      if (item.success) return item.data.qty > 0 ? [item.data] : [];
      context.addIssue({ code: 'custom', path: [`line${index}`], message: 'pieces_range' });
      return [];
    });
    return { ...rest, items };
  })
  .refine(({ items }) => items.length > 0, { path: ['items'], error: 'nothing_chosen' });
export type PackCommand = z.infer<typeof packCommand>;

export const shipCommand = z
  .strictObject({
    coop: slug,
    carrier: z.enum(CARRIER_NAMES, 'carrier_unknown'),
    tracking: z.string().max(60, 'too_long').transform(tidyTracking).refine(isTracking, 'tracking_shape'),
    was: z.string().max(60).default(''),
  })
  .refine(({ carrier, tracking }) => !isOfOther(carrier, tracking), {
    path: ['tracking'],
    error: 'tracking_of_other',
  });

export const parcelCommand = z.strictObject({ coop: slug });

export const receivedCommand = z.strictObject({});

export const orderQuery = z.object({ coop: slug.optional() });

export const TO_SEND = ['pack', 'way'] as const;

/** `after`: the time and the code of the last order on the page before. */
export const ordersQuery = z.object({
  coop: slug.optional(),
  show: z.enum(TO_SEND).default('pack'),
  after: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z~[0-9A-Z]{12}$/)
    .transform((text) => ({ at: new Date(text.slice(0, -13)), code: text.slice(-12) }))
    .refine(({ at }) => !Number.isNaN(at.getTime()))
    .optional(),
});

export const PICK_SIZES = [20, 50, 100, 200] as const;

export const pickQuery = z.object({
  coop: slug.optional(),
  first: z.coerce
    .number()
    .refine((n) => (PICK_SIZES as readonly number[]).includes(n))
    .default(50),
});

import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { chatRulesFields } from './moderation.schema.ts';

const line = (most: number) => z.string().trim().max(most, 'too_long').default('');

const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'time_shape')
  .transform((text) => new Date(`${text}:00+08:00`))
  .refine((date) => !Number.isNaN(date.getTime()), 'time_shape');

const minutes = z
  .string()
  .trim()
  .regex(/^\d{0,4}$/, 'minutes_range')
  .transform((text) => (text === '' ? null : Number(text)))
  .refine((count) => count === null || (count >= 1 && count <= 1_440), 'minutes_range')
  .default(null);

const several = (value: unknown) => (value === undefined ? [] : typeof value === 'string' ? [value] : value);

/** The form of a live. The rail comes in the order of the page; `move` is a tap on up or down, without a script. */
export const detailsForm = z.strictObject({
  titleZh: z.string().trim().min(2, 'required').max(60, 'too_long'),
  titleEn: line(100),
  introZh: line(500),
  introEn: line(800),
  startsAt: localTime.optional(),
  skus: z.preprocess(several, z.array(sku).max(100)).transform((skus) => [...new Set(skus)]),
  holdMinutes: minutes,
  edits: z.coerce.number().int().min(0).max(1_000_000),
  ...chatRulesFields,
});
export type DetailsCommand = z.infer<typeof detailsForm>;

/** `HNY-500:up` */
export const railMove = z
  .string()
  .regex(/^[0-9A-Z-]{2,40}:(up|down)$/)
  .transform((text) => {
    const [moved = '', way = ''] = text.split(':');
    return { sku: moved, by: way === 'up' ? -1 : 1 };
  });

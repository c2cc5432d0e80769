import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { cleanChatText } from './live.rules.ts';

export const liveId = z.string().regex(/^[0-9A-Za-z-]{3,64}$/);

export const liveRef = z.strictObject({ liveId });

export const sayCommand = z.strictObject({
  liveId,
  text: z
    .string()
    .max(2000)
    .transform(cleanChatText)
    .pipe(z.string().min(1, 'required').max(200, 'too_long')),
  /** Its sender wants an answer. */
  question: z.boolean().optional(),
});

export const likeCommand = z.strictObject({ liveId, count: z.int().min(1).max(50) });

/** The number of the last pin that the tap was made on: with it, two who tap at once do not undo each other. */
const version = z.int().min(0).max(1_000_000).optional();

export const pinCommand = z.strictObject({ liveId, sku, lotId: z.string().max(40).optional(), version });
export const unpinCommand = z.strictObject({ liveId, version });

const checkedSkus = z
  .preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(sku).min(1, 'rail_empty').max(100),
  )
  .transform((skus) => [...new Set(skus)]);

const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'time_shape')
  .transform((text) => new Date(`${text}:00+08:00`))
  .refine((date) => !Number.isNaN(date.getTime()), 'time_shape');

/** From the host's form: the time is local time in China. */
export const scheduleForm = z.object({
  titleZh: z.string().trim().min(2, 'required').max(60, 'too_long'),
  titleEn: z.string().trim().max(100, 'too_long').default(''),
  startsAt: localTime,
  skus: checkedSkus,
});

const localized = z.strictObject({ 'zh-CN': z.string().max(2000), en: z.string().max(2000) });

export const scheduleCommand = z.strictObject({
  id: liveId.optional(),
  title: localized,
  intro: localized,
  poster: z.string().max(200),
  startsAt: z.date(),
  rail: z.array(sku).min(1).max(100),
  holdSeconds: z.int().min(30).max(86_400).optional(),
});
export type ScheduleCommand = z.infer<typeof scheduleCommand>;

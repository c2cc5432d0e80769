import { z } from 'zod';
import { slug } from '../cooperatives/index.ts';

const days = z
  .string('required')
  .trim()
  .regex(/^\d{1,2}$/, 'dispatch_days')
  .transform(Number)
  .pipe(z.int('dispatch_days').max(30, 'dispatch_days'));

const hour = z
  .string('required')
  .trim()
  .regex(/^\d{1,2}$/, 'dispatch_hour')
  .transform(Number)
  .pipe(z.int('dispatch_hour').min(1, 'dispatch_hour').max(24, 'dispatch_hour'));

/** What a cooperative promises, as its form sends it. An empty day is none. */
export const dispatchForm = z.strictObject({
  coop: slug,
  version: z.coerce.number().int().min(0),
  days,
  cutOffHour: hour,
  resumesOn: z
    .preprocess((value) => (value === '' ? undefined : value), z.iso.date('date_shape').optional())
    .transform((day) => day ?? null),
});

import { z } from 'zod';
import { slug } from '../cooperatives/index.ts';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');
export const recallId = commandId;
export const lotParam = z.string().regex(/^[A-Z0-9-]{3,20}$/);

const said = (max: number) => z.string().trim().min(4, 'reason_missing').max(max, 'too_long');

export const startRecall = z.strictObject({
  commandId,
  why: said(300),
  advice: z.string().trim().max(300, 'too_long').default(''),
  offersRefund: z.preprocess((value) => value === 'yes', z.boolean()),
  /** So that nobody does it by a slip of the thumb. */
  confirm: z
    .string()
    .default('')
    .refine((value) => value === 'yes', 'confirm_missing'),
});
export type StartRecall = z.infer<typeof startRecall>;

export const endRecall = z.strictObject({
  to: z.enum(['ended', 'false_alarm']),
  why: said(300),
});

export const recallRefund = z.strictObject({ order: z.string().regex(/^[0-9A-Z]{12}$/) });
export const nothing = z.strictObject({});

export const recallsQuery = z.object({ coop: slug.optional() });
export const recallQuery = z.object({
  after: z
    .string()
    .regex(/^[0-9A-Z]{12}$/)
    .optional(),
});

import { z } from 'zod';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');

/** More than a day's work; a bigger lot gets its codes in several runs. */
const MOST = 50_000;

export const commissionCommand = z.strictObject({
  commandId,
  qty: z.coerce.number().pipe(z.int('pieces_range').min(1, 'pieces_range').max(MOST, 'pieces_range')),
});
export const withdrawCommand = z.strictObject({
  act: z.enum(['void', 'back']),
  code: z.string().trim().min(1, 'required').max(600, 'too_long'),
  why: z.string().trim().min(2, 'reason_missing').max(200, 'too_long'),
});
export type WithdrawCommand = z.infer<typeof withdrawCommand>;
export type CommissionCommand = z.infer<typeof commissionCommand>;
